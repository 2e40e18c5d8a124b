import type { AlertRule } from './alert-rule.ts';
import type { AlertSeries } from './alert-state.ts';
import { oomKills } from './events.ts';
import type { SystemMetricId } from './system-metrics.ts';
import type { Gap } from './timeline.ts';
import { lastAtOrBefore } from './timeline.ts';
import { swapUsedBytes, usedBytes } from './used-memory.ts';

/** What a rule's figure was along time, and what it is held against there. Unknown is `NaN`. */

export interface RuleSeries extends AlertSeries {
  /** What the limit is a part of, bytes. */
  readonly whole: ArrayLike<number>;
}

/** System figures along time. */
export interface HostFigures {
  readonly t: ArrayLike<number>;
  readonly values: Readonly<Record<SystemMetricId, ArrayLike<number>>>;
}

/** Which figures of the host a rule needs; none where it is about processes. */
export function alertFigures({ kind, watch, line, average }: AlertRule): readonly SystemMetricId[] {
  if (kind === 'psi') return [`psi_${line}_${average}`];
  if (kind === 'oom') return ['oom_kill'];
  if (kind === 'swap') return ['swap_total_bytes', 'swap_free_bytes'];
  const isOfHost = kind === 'mem_available' || (kind === 'spike' && watch === null);
  return isOfHost ? ['mem_total_bytes', 'mem_available_bytes'] : [];
}

/** A year of minutes is half a million values: `from` would make a list of them first. */
function filled(count: number, valueAt: (at: number) => number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < count; at++) values[at] = valueAt(at);
  return values;
}

function unknown(count: number): Float64Array {
  return new Float64Array(count).fill(Number.NaN);
}

/** Of the kernel's count of kills, those of the time before each sample: a storm of them is one alert. */
const OOM_WINDOW_MS = 600_000;

function recentKills(t: ArrayLike<number>, counter: ArrayLike<number>, gaps: readonly Gap[]): Float64Array {
  const reboots = new Set(gaps.flatMap(({ to, reason }) => (reason === 'reboot' ? to : [])));
  const kills = oomKills(t, counter, reboots);
  const ends = kills.map(({ to = Number.NaN }) => to);
  const totals = [0];
  for (const { count = 0 } of kills) totals.push(totals[totals.length - 1] + count);
  const upTo = (instant: number) => totals[lastAtOrBefore(ends, instant) + 1];
  return filled(t.length, (at) =>
    Number.isNaN(counter[at]) ? Number.NaN : upTo(t[at]) - upTo(t[at] - OOM_WINDOW_MS),
  );
}

/** The figure itself, and what it is a part of. */
function figureOf({ kind }: AlertRule, { t, values }: HostFigures, gaps: readonly Gap[]) {
  const known = (count: (at: number) => number | null) => filled(t.length, (at) => count(at) ?? Number.NaN);
  const { mem_total_bytes: total, mem_available_bytes: available } = values;
  const { swap_total_bytes: swap, swap_free_bytes: free } = values;
  if (kind === 'oom') return { value: recentKills(t, values.oom_kill, gaps), whole: unknown(t.length) };
  if (kind === 'swap') return { value: known((at) => swapUsedBytes(swap[at], free[at])), whole: swap };
  if (kind === 'mem_available') return { value: available, whole: total };
  return { value: known((at) => usedBytes(total[at], available[at])), whole: total };
}

/** Samples that a value is compared with, and how many of them it takes. */
export const SPIKE = { samples: 60, needed: 30 } as const;
/** Makes the median of absolute deviations of normal noise its standard deviation. */
const MAD_SCALE = 1.4826;

/** The middle of ascending values. */
function middleOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Distances from `centre`, ascending: from the middle of the values outwards, so that nothing is sorted again. */
function distancesFrom(centre: number, sorted: readonly number[]): number[] {
  let up = sorted.findIndex((value) => value >= centre);
  let down = up - 1;
  return sorted.map(() => {
    const above = up < sorted.length ? sorted[up] - centre : Number.POSITIVE_INFINITY;
    const below = down >= 0 ? centre - sorted[down] : Number.POSITIVE_INFINITY;
    if (above <= below) up++;
    else down--;
    return Math.min(above, below);
  });
}

/** The place of a value in ascending ones. */
function placeOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last values, in order of time and of size. */
function openWindow() {
  const byTime: number[] = [];
  const bySize: number[] = [];
  return {
    bySize: bySize as readonly number[],
    clear() {
      byTime.length = 0;
      bySize.length = 0;
    },
    add(value: number) {
      if (Number.isNaN(value)) return;
      byTime.push(value);
      bySize.splice(placeOf(bySize, value), 0, value);
      if (byTime.length > SPIKE.samples) bySize.splice(placeOf(bySize, byTime.shift() ?? 0), 1);
    },
  };
}

/**
 * What a value would have to be above to be a spike: the median of the samples before and so many robust deviations
 * (1.4826 · MAD), and no less than the smallest rise. It is over when half of that is left. After a gap it begins anew.
 */
export function spikeLimits(
  { deviations, riseBytes }: Pick<AlertRule, 'deviations' | 'riseBytes'>,
  { t, value }: Pick<AlertSeries, 't' | 'value'>,
  gaps: ReadonlySet<number>,
): Pick<AlertSeries, 'limit' | 'clear'> {
  const window = openWindow();
  const [limit, clear] = [unknown(t.length), unknown(t.length)];
  for (let at = 0; at < t.length; at++) {
    if (gaps.has(t[at])) window.clear();
    const { bySize } = window;
    if (bySize.length >= SPIKE.needed) {
      const median = middleOf(bySize);
      const room = Math.max(riseBytes, deviations * MAD_SCALE * middleOf(distancesFrom(median, bySize)));
      limit[at] = median + room;
      clear[at] = median + room / 2;
    }
    window.add(value[at]);
  }
  return { limit, clear };
}

/** A rule's limits beside its values. */
export function withLimits(
  rule: AlertRule,
  { t, value, whole }: Pick<RuleSeries, 't' | 'value' | 'whole'>,
  gaps: readonly Gap[],
): RuleSeries {
  if (rule.kind === 'spike') {
    const limits = spikeLimits(rule, { t, value }, new Set(gaps.map(({ to }) => to)));
    return { t, value, whole, ...limits };
  }
  const along = (one: AlertRule['limit']) =>
    one?.isPart
      ? filled(t.length, (at) => one.value * whole[at])
      : new Float64Array(t.length).fill(one?.value ?? 0);
  return { t, value, whole, limit: along(rule.limit), clear: along(rule.clear) };
}

/** @param gaps between the samples */
export function hostAlertSeries(rule: AlertRule, figures: HostFigures, gaps: readonly Gap[]): RuleSeries {
  const { t, values } = figures;
  if (rule.kind !== 'psi') return withLimits(rule, { t, ...figureOf(rule, figures, gaps) }, gaps);
  const whole = unknown(t.length);
  return withLimits(rule, { t, value: values[`psi_${rule.line}_${rule.average}`], whole }, gaps);
}
