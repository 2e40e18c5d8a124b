import { signal } from '@preact/signals';
import { recall, remember } from './lib/storage.ts';
import { navigate, view } from './navigation.ts';
import { screen } from './screen.ts';
import type { PageId, View } from './state.ts';
import { changeView, hrefOf, linkTo, viewOf } from './state.ts';
import { nextTheme } from './theme.ts';

/** Single keys, which a reader can switch off (WCAG 2.1.4). */

const STORED = 'pmi-single-keys';
const SEQUENCE_MS = 1200;

export const areShortcutsOn = signal(recall(STORED) !== 'off');
export const isHelpOpen = signal(false);

export function setShortcuts(on: boolean): void {
  areShortcutsOn.value = on;
  remember(STORED, on ? 'on' : 'off');
}

/** The snapshot page from here: the instant and the filters come along where the page has them. */
export function snapshotHref(from: View): string {
  return linkTo('level', from, { lvl: 0 });
}

export function overviewHref(from: View): string {
  return hrefOf(viewOf('overview', from));
}

/** The same view one sample earlier or later; `null` where there is none. */
export function neighbourHref(direction: 'previous' | 'next'): string | null {
  const shown = screen.value;
  if (shown.state !== 'ready' || shown.page === 'overview' || shown.page === 'plot') return null;
  const ts = shown.answer[direction];
  return ts ? hrefOf(changeView(shown.view, { ts })) : null;
}

function goTo(href: string | null): void {
  if (href) navigate(href);
}

const KEYS: Readonly<Record<string, () => void>> = {
  '[': () => goTo(neighbourHref('previous')),
  ']': () => goTo(neighbourHref('next')),
  t: nextTheme,
  '?': () => {
    isHelpOpen.value = true;
  },
};

const GO: Readonly<Record<string, PageId>> = { o: 'overview', s: 'level' };

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type=checkbox]), select, textarea') !== null;
}

let goPressedAt = Number.NEGATIVE_INFINITY;

function onKeyDown(event: KeyboardEvent): void {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (modified || event.defaultPrevented || !areShortcutsOn.value || isTyping(event.target)) return;
  const isAfterGo = event.timeStamp - goPressedAt < SEQUENCE_MS;
  goPressedAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
  const page = isAfterGo ? GO[event.key] : undefined;
  if (page) goTo(page === 'level' ? snapshotHref(view.value) : overviewHref(view.value));
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
  else return;
  event.preventDefault();
}

export function startShortcuts(): void {
  document.addEventListener('keydown', onKeyDown);
}
