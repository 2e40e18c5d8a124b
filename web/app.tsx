import type { ComponentType } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { HEADING_ID } from './components/page-head.tsx';
import { Shell } from './components/shell.tsx';
import { countOf, formatCount } from './lib/numbers.ts';
import type { Arrival } from './navigation.ts';
import { takeArrival, view } from './navigation.ts';
import { pageCode } from './page-code.ts';
import { FailedPage, StoppedPage } from './pages/failed.tsx';
import { Skeleton } from './pages/skeleton.tsx';
import type { Ready, Screen } from './screen.ts';
import { screen } from './screen.ts';

/** The answer is of its page: which of them both are, no type can follow from here on. */
function ReadyPage({ shown }: { readonly shown: Ready }) {
  const PageOf = pageCode(shown.page) as ComponentType<Pick<Ready, 'view' | 'answer'>> | null;
  return PageOf && <PageOf view={shown.view} answer={shown.answer} />;
}

function Page({ shown }: { readonly shown: Screen }) {
  if (shown.state === 'loading') return <Skeleton view={shown.view} />;
  if (shown.state === 'stopped') return <StoppedPage view={shown.view} />;
  if (shown.state === 'failed') return <FailedPage view={shown.view} failure={shown.failure} />;
  return <ReadyPage shown={shown} />;
}

/** What a screen reader hears after a navigation: the page, or how many rows are left of it. */
function spokenResult(shown: Screen, isNewPlace: boolean): string {
  if (isNewPlace || shown.state !== 'ready') return document.title;
  if (!('hidden' in shown.answer)) return document.title;
  const { shown: rows, hidden } = shown.answer;
  return `${formatCount(rows)} of ${countOf(rows + hidden.processes, 'process', 'processes')} shown`;
}

/** Scroll, focus and announcement. */
function arrive(arrival: Arrival, shown: Screen, voice: HTMLElement | null): void {
  if (arrival.kind === 'move') document.getElementById(HEADING_ID)?.focus({ preventScroll: true });
  if (arrival.scrollTo !== null) scrollTo(0, arrival.scrollTo);
  // A page that is loaded is announced by the browser itself.
  if (voice && arrival.kind !== 'load') voice.textContent = spokenResult(shown, arrival.kind === 'move');
}

/** After the screen has changed, once for each navigation. */
function useArrival(shown: Screen) {
  const voice = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (shown.state === 'loading' || shown.view !== view.peek()) return;
    const arrival = takeArrival();
    if (arrival) arrive(arrival, shown, voice.current);
  }, [shown]);
  return voice;
}

export function App() {
  const shown = screen.value;
  const voice = useArrival(shown);
  return (
    <>
      <Shell>
        <Page shown={shown} />
      </Shell>
      <div ref={voice} class="sr-only" role="status" />
    </>
  );
}
