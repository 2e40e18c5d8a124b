import { effect, signal } from '@preact/signals';
import { renewsItself } from './about-view.ts';
import type { Failure, Outcome, PageAnswers } from './api.ts';
import { fetchAnswer } from './api.ts';
import { adjustView, view } from './navigation.ts';
import type { PageId, View } from './state.ts';
import { dataHrefOf } from './state.ts';

/** What is on the screen: an answer and the view that it answers. It changes when the next answer is there. */
export type Ready = {
  [Page in PageId]: {
    readonly state: 'ready';
    readonly page: Page;
    readonly view: View;
    readonly answer: PageAnswers[Page];
  };
}[PageId];

export type Screen =
  | Ready
  | { readonly state: 'loading'; readonly view: View }
  | { readonly state: 'failed'; readonly view: View; readonly failure: Failure }
  /** The reader did not want to wait for it. */
  | { readonly state: 'stopped'; readonly view: View };

export const screen = signal<Screen>({ state: 'loading', view: view.peek() });
/** The view of the URL is not on the screen yet. */
export const isLoading = signal(false);
/** It has taken long enough that the reader should see it. */
export const isBusy = signal(false);
/** So long that the reader may want something else. */
export const isSlow = signal(false);
/** Since when (epoch ms) what is shown could not be renewed. */
export const staleSince = signal<number | null>(null);

const SKELETON_AFTER_MS = 150;
const BUSY_AFTER_MS = 300;
const SLOW_AFTER_MS = 2000;
const MOST_PX = 2000;
/**
 * Its charts are narrower than the page, and each column keeps the extremes of many series: some points a pixel, which
 * cost as much to draw as all the rest of a zoom, and show nothing that fewer do not.
 */
const OVERVIEW_SHARE = 0.2;

/** Brings the code of a page; whoever starts the screen knows how. */
type RequirePage = (page: View['page']) => Promise<boolean>;
let requirePage: RequirePage = () => Promise.resolve(true);
let request = new AbortController();
let waiting: ReturnType<typeof setTimeout>[] = [];
/** The URL of the answer that is on the screen. */
let shownHref = '';
let answeredAt = 0;

function dataHref(target: View): string {
  const share = target.page === 'overview' ? OVERVIEW_SHARE : 1;
  const px = Math.min(MOST_PX, Math.max(200, Math.round((innerWidth * share) / 100) * 100));
  if (target.page !== 'unknown') return dataHrefOf(target, 'json', px);
  const url = new URL(location.href);
  url.searchParams.set('format', 'json');
  return url.pathname + url.search;
}

function stopWaiting(): void {
  for (const timer of waiting) clearTimeout(timer);
  waiting = [];
  isBusy.value = false;
  isSlow.value = false;
  isLoading.value = false;
}

function startWaiting(target: View): void {
  const showSkeleton = () => {
    if (screen.peek().view.page !== target.page) screen.value = { state: 'loading', view: target };
  };
  const showBusy = () => {
    isBusy.value = true;
  };
  const offerEnd = () => {
    isSlow.value = true;
  };
  isLoading.value = true;
  waiting = [
    setTimeout(showSkeleton, SKELETON_AFTER_MS),
    setTimeout(showBusy, BUSY_AFTER_MS),
    setTimeout(offerEnd, SLOW_AFTER_MS),
  ];
}

function keepsOnScreen(outcome: Outcome<unknown>, href: string): boolean {
  return outcome.kind === 'offline' && screen.peek().state === 'ready' && href === shownHref;
}

function showOutcome(href: string, outcome: Outcome<unknown>): void {
  const target = view.peek();
  if (keepsOnScreen(outcome, href)) {
    markStale();
    return;
  }
  shownHref = href;
  staleSince.value = null;
  if (outcome.kind === 'answer' && target.page !== 'unknown') {
    answeredAt = Date.now();
    screen.value = { state: 'ready', page: target.page, view: target, answer: outcome.answer } as Ready;
  } else {
    const failure: Failure = outcome.kind === 'answer' ? { kind: 'offline' } : outcome;
    screen.value = { state: 'failed', view: target, failure };
  }
}

async function load(target: View, href: string, isQuiet: boolean): Promise<void> {
  request.abort();
  stopWaiting();
  request = new AbortController();
  const { signal: ended } = request;
  if (!isQuiet) startWaiting(target);
  try {
    const [outcome, isDrawable] = await Promise.all([
      fetchAnswer<unknown>(href, ended),
      requirePage(target.page),
    ]);
    if (ended.aborted) return;
    stopWaiting();
    showOutcome(href, isDrawable ? outcome : { kind: 'offline' });
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}

/** What is on the screen can no longer be renewed. */
export function markStale(): void {
  const shown = screen.peek();
  if (shown.state === 'ready' && !renewsItself(shown.view)) staleSince.value ??= answeredAt;
}

/** Asks again for what is shown, without a sign of it until the answer is there. */
export function refresh(): void {
  const target = view.peek();
  void load(target, dataHref(target), true);
}

export function retry(): void {
  const target = view.peek();
  void load(target, dataHref(target), false);
}

/** Waits no longer for what is loaded. A page that is on the screen still is gone back to; else there is none. */
export function cancel(): void {
  request.abort();
  stopWaiting();
  const shown = screen.peek();
  if (shown.state === 'ready') adjustView(shown.view);
  else screen.value = { state: 'stopped', view: view.peek() };
}

/** Loads each view that is gone to. A change that only the page must know is shown at once. */
export function startScreen(bringPage: RequirePage): void {
  requirePage = bringPage;
  effect(() => {
    const target = view.value;
    const href = dataHref(target);
    const shown = screen.peek();
    if (href === shownHref && shown.state === 'ready' && waiting.length === 0) {
      screen.value = { ...shown, view: target };
    } else {
      void load(target, href, false);
    }
  });
}
