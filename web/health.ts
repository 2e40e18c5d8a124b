import { batch, computed, signal } from '@preact/signals';
import type { HealthAnswer } from '../server/interfaces/http/schemas.ts';
import { isFollowing, renewsItself } from './about-view.ts';
import { fetchHealth, isWithoutDumps } from './api.ts';
import { view } from './navigation.ts';
import { markStale, refresh, retry, screen, staleSince } from './screen.ts';

/** Is the server there, is it still reading, is something being recorded? Asked while the page is looked at. */

const POLL_MS = 5000;

export const health = signal<HealthAnswer | null>(null);
/** When it was answered, epoch ms. */
export const healthAt = signal(0);
export const isServerGone = signal(false);
/** The reader's clock, for ages. */
export const now = signal(Date.now());

/** Newest sample, epoch ms. */
export const lastSample = computed(() => {
  const at = health.value?.last_sample;
  return at ? Date.parse(at) : null;
});

let seen = '';

function isLost(): boolean {
  const shown = screen.peek();
  return staleSince.peek() !== null || (shown.state === 'failed' && shown.failure.kind === 'offline');
}

/** Whether an answer of now could be another than the one that is shown. */
function isOutdated(answer: HealthAnswer, isNew: boolean): boolean {
  const shown = screen.peek();
  if (shown.state === 'stopped') return false;
  if (shown.state === 'failed') return isWithoutDumps(shown.failure) ? answer.samples > 0 : isNew;
  return isNew && isFollowing(view.peek()) && !renewsItself(view.peek());
}

/** New samples change what a view of "now" shows; the server's return changes what a lost one shows. */
function onAnswer(answer: HealthAnswer): void {
  const state = `${answer.samples} ${answer.last_sample}`;
  const isNew = seen !== '' && seen !== state;
  seen = state;
  if (isLost()) retry();
  else if (isOutdated(answer, isNew)) refresh();
}

export async function askHealth(): Promise<void> {
  if (document.hidden) return;
  const outcome = await fetchHealth();
  isServerGone.value = outcome.kind !== 'answer';
  if (outcome.kind !== 'answer') {
    markStale();
    return;
  }
  batch(() => {
    health.value = outcome.answer;
    healthAt.value = Date.now();
  });
  onAnswer(outcome.answer);
}

export function startHealth(): void {
  setInterval(() => void askHealth(), POLL_MS);
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, 1000);
  document.addEventListener('visibilitychange', () => void askHealth());
  void askHealth();
}
