import { parseDuration } from '../../server/domain/units.ts';
import { askedInstant } from './asked-instant.ts';
import type { Span } from './series.ts';

/** Which stretch of time the live page shows: the end of the line, or one that stands still. */

/** In points of the feed; the first is the predecessor's. */
export const POINT_WINDOWS = [50, 100, 300, 1000] as const;
export const TIME_WINDOWS = ['2m', '5m', '15m', '30m', '1h', '2h', '4h'] as const;
const DEFAULT_POINTS = 100;

/** Seconds between two drawings. No point is left out by it. */
export const PACES = [1, 2, 5, 10] as const;

/** The parameters of the URL that choose it. */
export interface WindowParams {
  readonly every?: string | undefined;
  readonly points?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the feed is at. */
export interface FeedState {
  readonly newest: number;
  readonly intervalSeconds: number;
  /** Wall time without a zone is of this one. */
  readonly zone: string;
}

/** How many points are to be shown, where it is not a stretch of time. */
export function pointsOf({ points }: WindowParams): number {
  return POINT_WINDOWS.find((count) => String(count) === points) ?? DEFAULT_POINTS;
}

/** Whether the window moves on with each point. */
export function isAtNow({ to }: WindowParams): boolean {
  return to === undefined;
}

/** `-15m` or an instant; without one, as many points as are asked for. */
export function windowOf(params: WindowParams, { newest, intervalSeconds, zone }: FeedState): Span {
  const to = isAtNow(params) ? newest : (askedInstant(params.to, zone, newest) ?? newest);
  const wanted = params.from === undefined ? null : askedInstant(params.from, zone, newest);
  const from = wanted !== null && wanted < to ? wanted : to - pointsOf(params) * intervalSeconds * 1000;
  return { from, to };
}

/** Half of the window back or on; `null` where it would go beyond now: then it is to follow again. */
export function stepWindow({ from, to }: Span, direction: -1 | 1, newest: number): Span | null {
  const by = (direction * (to - from)) / 2;
  return to + by >= newest ? null : { from: from + by, to: to + by };
}

/** `15m` of `-15m`, where it is one of those that are offered. */
export function timeWindowOf({ from, to }: WindowParams): string | null {
  if (to !== undefined) return null;
  const asked = from?.startsWith('-') ? parseDuration(from.slice(1)) : null;
  return TIME_WINDOWS.find((one) => parseDuration(one) === asked) ?? null;
}

/** How often the page draws, in ms. */
export function paceOf({ every }: WindowParams): number {
  return (PACES.find((seconds) => String(seconds) === every) ?? PACES[0]) * 1000;
}
