import { recall, remember } from './lib/storage.ts';
import type { View } from './state.ts';
import { linkTo } from './state.ts';

/** What this reader watched last, and how much of it: the way to the live page leads there again. */

const STORED = 'pmi-live';
const REMEMBERED = ['watch', 'points', 'from'] as const;

export function rememberLive({ params }: View): void {
  const chosen = REMEMBERED.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]]));
  remember(STORED, String(new URLSearchParams(chosen)));
}

/** What is watched already is watched on. */
export function liveHref(from: View): string {
  const chosen = new URLSearchParams(recall(STORED) ?? '');
  const { watch = chosen.get('watch') } = from.params;
  return linkTo('live', from, { watch, points: chosen.get('points'), from: chosen.get('from') });
}
