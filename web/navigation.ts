import { signal } from '@preact/signals';
import { isSamePlace } from './about-view.ts';
import type { View } from './state.ts';
import { hrefOf, parseView } from './state.ts';

/** The browser's history as a signal. Links and forms are ordinary HTML; here they are only made quick. */

export const view = signal<View>(parseView(new URL(location.href)));

/** What happens when the next screen is drawn. */
export interface Arrival {
  /** First page of a visit; another page; the same place, shown otherwise. */
  readonly kind: 'load' | 'move' | 'adjust';
  /** Where the page then stands; `null`: where it stood. */
  readonly scrollTo: number | null;
}

let arrival: Arrival | null = null;

/** Once for each navigation. */
export function takeArrival(): Arrival | null {
  const taken = arrival;
  arrival = null;
  return taken;
}

const SCROLLS = 'pmi-scroll';
/** Where the page stood, by history entry. */
let scrolls: Record<string, number> = {};
let entry = 0;

function readEntry(): number {
  const state: unknown = history.state;
  if (typeof state === 'object' && state !== null && 'entry' in state) return Number(state.entry);
  return 0;
}

function keepScroll(): void {
  scrolls[entry] = scrollY;
}

function restoreScrolls(): void {
  try {
    scrolls = JSON.parse(sessionStorage.getItem(SCROLLS) ?? '{}');
  } catch {
    scrolls = {};
  }
  addEventListener('pagehide', () => {
    keepScroll();
    try {
      sessionStorage.setItem(SCROLLS, JSON.stringify(scrolls));
    } catch {
      // Then a reload starts at the top.
    }
  });
}

function show(next: View, arriving: Arrival): void {
  arrival = arriving;
  view.value = next;
}

/** Goes to a page of ours; anything else is left to the browser. */
export function navigate(href: string): void {
  const url = new URL(href, location.href);
  const next = parseView(url);
  if (url.origin !== location.origin || next.page === 'unknown') {
    location.assign(url);
    return;
  }
  keepScroll();
  const stays = isSamePlace(view.value, next);
  const target = hrefOf(next);
  entry = Date.now();
  if (target === hrefOf(view.value)) history.replaceState({ entry }, '', target);
  else history.pushState({ entry }, '', target);
  show(next, stays ? { kind: 'adjust', scrollTo: null } : { kind: 'move', scrollTo: 0 });
}

/** The same page seen a little differently (zoom, folded rows): no new entry in the history. */
export function adjustView(next: View): void {
  history.replaceState({ entry }, '', hrefOf(next));
  view.value = next;
}

function isPlainClick(event: MouseEvent): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button === 0 && !modified && !event.defaultPrevented;
}

function isOurs(link: HTMLAnchorElement): boolean {
  const opensHere = !link.target && !link.hasAttribute('download');
  const url = new URL(link.href);
  const isFragment = url.hash !== '' && url.pathname === location.pathname && url.search === location.search;
  return opensHere && !isFragment && url.origin === location.origin && parseView(url).page !== 'unknown';
}

function onClick(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link?.href || !isPlainClick(event) || !isOurs(link)) return;
  event.preventDefault();
  navigate(link.href);
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== 'get') return;
  event.preventDefault();
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value.trim()) url.searchParams.append(name, value.trim());
  }
  navigate(url.href);
}

function onPopState(): void {
  keepScroll();
  entry = readEntry();
  const next = parseView(new URL(location.href));
  const stays = isSamePlace(view.value, next);
  show(next, { kind: stays ? 'adjust' : 'move', scrollTo: scrolls[entry] ?? 0 });
}

export function startNavigation(): void {
  history.scrollRestoration = 'manual';
  restoreScrolls();
  entry = readEntry();
  history.replaceState({ entry }, '');
  arrival = { kind: 'load', scrollTo: scrolls[entry] ?? null };
  addEventListener('popstate', onPopState);
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
}
