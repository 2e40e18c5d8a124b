import { effect, signal } from '@preact/signals';
import type { Draft } from './lib/watch-draft.ts';

/**
 * Watch groups that were changed and not saved, by what is edited: they are there when the reader comes back, by
 * whatever way, and the browser asks before the last of them is lost.
 */
export const drafts = signal<ReadonlyMap<string, Draft>>(new Map());

export function keepDraft(of: string, draft: Draft): void {
  drafts.value = new Map([...drafts.value, [of, draft]]);
}

export function dropDraft(of: string): void {
  drafts.value = new Map([...drafts.value].filter(([other]) => other !== of));
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

effect(() => {
  if (drafts.value.size > 0) addEventListener('beforeunload', askBeforeLeaving);
  else removeEventListener('beforeunload', askBeforeLeaving);
});
