import { computed } from '@preact/signals';
import { parseDuration } from '../server/domain/units.ts';
import { canonicalView, isFollowing } from './about-view.ts';
import { TIME_WINDOWS, windowOf } from './lib/live-window.ts';
import { hostZone } from './lib/reader.ts';
import { liveSeries } from './live-feed.ts';
import { minimap } from './minimap.ts';
import { navigate, view } from './navigation.ts';
import { screen } from './screen.ts';
import type { View } from './state.ts';
import { changeView, hrefOf } from './state.ts';

/** Whether a view goes on with what is new, or stands still: one is the other with its instants named. */

/** The stretch that the live page shows; `null` before the first point. */
export const liveSpan = computed(() => {
  const { points, intervalSeconds } = liveSeries.value;
  const newest = points.at(-1)?.t;
  if (newest === undefined) return null;
  return windowOf(view.value.params, { newest, intervalSeconds, zone: hostZone.value ?? 'UTC' });
});

function iso(t: number): string {
  return new Date(t).toISOString();
}

/** What is seen now, so that it does not drift: "latest" and "-1h" become the instants that they mean. */
export function standingView(): View {
  const here = view.peek();
  const span = here.page === 'live' ? liveSpan.peek() : null;
  if (span) return changeView(here, { from: iso(span.from), to: iso(span.to) });
  const shown = screen.peek();
  return shown.state === 'ready' ? canonicalView(here, shown.answer) : here;
}

const LENGTHS = [...TIME_WINDOWS, '6h', '24h', '7d'];
/** A range ends at samples, and is a little shorter than what was asked for. */
const TOLERANCE = 0.05;

/** A stretch about as long as the one that stands, up to now; `null`: all of it, or what the page shows by itself. */
function lengthBefore({ page, params: { from, to } }: View): string | null {
  const [start, end] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (Number.isNaN(end - start) || start <= Date.parse(minimap.peek()?.from ?? '')) return null;
  const isAsLong = (one: string) => Math.abs((parseDuration(one) ?? 0) / (end - start) - 1) < TOLERANCE;
  const named = LENGTHS.find(isAsLong);
  if (page === 'live') return named === undefined ? null : `-${named}`;
  return `-${named ?? `${Math.round((end - start) / 1000)}s`}`;
}

export function followingView(here: View): View {
  return changeView(here, { ts: null, from: lengthBefore(here), to: null });
}

/** What is seen now, going on with what is new: a link to it shows the newest whenever it is opened. */
export function latestView(): View {
  const here = view.peek();
  return isFollowing(here) ? here : followingView(here);
}

export function toggleFollowing(): void {
  const here = view.peek();
  navigate(hrefOf(isFollowing(here) ? standingView() : followingView(here)));
}
