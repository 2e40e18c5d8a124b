import { DAY_MS } from '../server/domain/durations.ts';
import { askedInstant } from './lib/asked-instant.ts';
import { hostZone } from './lib/reader.ts';
import { formatMomentBeside } from './lib/time.ts';
import type { View } from './state.ts';

/** Of which stretch the small lines of a table are: it ends at the instant of the table. */
export interface TrendStretch {
  readonly seconds: number;
  readonly label: string;
  readonly isChosen: boolean;
}

const LAST_HOUR: TrendStretch = { seconds: 3600, label: 'Last hour', isChosen: false };
/** What the route takes. */
const MOST_MS = 400 * DAY_MS;

/**
 * From where the stretch began that was looked at before, else the last hour.
 * @param ts instant of the table
 */
export function trendStretch({ params: { since } }: Pick<View, 'params'>, ts: string): TrendStretch {
  const end = Date.parse(ts);
  const asked = since === undefined ? null : askedInstant(since, hostZone.value ?? 'UTC', end);
  if (asked === null || end - asked < 1000) return LAST_HOUR;
  const from = Math.max(asked, end - MOST_MS);
  const label = `Since ${formatMomentBeside(from, end)}`;
  return { seconds: Math.round((end - from) / 1000), label, isChosen: true };
}
