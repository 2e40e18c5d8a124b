import type { SessionFigures } from './session-figures.ts';
import { formatBytes, parseBytes } from './units.ts';

/** Limits that one of two sessions, B, is held against; the delta is that of its mean above the mean of A. */

export const THRESHOLD_IDS = ['max_peak', 'max_mean', 'max_growth', 'max_delta'] as const;
export type SessionThresholdId = (typeof THRESHOLD_IDS)[number];

export const THRESHOLD_HELP: Readonly<Record<SessionThresholdId, string>> = {
  max_peak: 'B: the largest value is at most this size, such as 500MiB',
  max_mean: 'B: the mean over its samples is at most this size',
  max_growth: 'B: the last value less the first is at most this size',
  max_delta: 'The mean of B is at most this size, or this share of the mean of A (5%), above that of A',
};

/** `ratio` is a share of the mean of A. */
export type Limit = { readonly bytes: number } | { readonly ratio: number };
export type Thresholds = Readonly<Partial<Record<SessionThresholdId, Limit>>>;

/** `inconclusive`: what it hangs on is not known. */
export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Check {
  readonly threshold: SessionThresholdId;
  readonly verdict: Verdict;
  /** `null` where a share of something unknown is the limit. */
  readonly limit_bytes: number | null;
  /** `null` is unknown. */
  readonly value_bytes: number | null;
  /** One sentence. */
  readonly text: string;
}

const PERCENT = /^(\d+(?:\.\d+)?) ?%$/;

/** `500MiB`; for `max_delta` also `5%`. `null` where it is none. */
export function parseLimit(id: SessionThresholdId, text: string): Limit | null {
  const percent = id === 'max_delta' ? PERCENT.exec(text.trim()) : null;
  if (percent) return { ratio: Number(percent[1]) / 100 };
  const bytes = parseBytes(text);
  return bytes === null ? null : { bytes };
}

type Known = SessionFigures | null;

const VALUE_OF: Readonly<Record<SessionThresholdId, (a: Known, b: Known) => number | null>> = {
  max_peak: (_, b) => b?.max ?? null,
  max_mean: (_, b) => b?.mean ?? null,
  max_growth: (_, b) => b?.growth ?? null,
  max_delta: (a, b) => (a && b ? b.mean - a.mean : null),
};

const VALUE_NAME: Readonly<Record<SessionThresholdId, string>> = {
  max_peak: 'the peak of B',
  max_mean: 'the mean of B',
  max_growth: 'the growth of B',
  max_delta: 'the mean of B above that of A',
};

function limitOf(limit: Limit, a: Known): number | null {
  if ('bytes' in limit) return limit.bytes;
  return a && a.mean * limit.ratio;
}

function judge(value: number | null, limit: number | null, isFinal: boolean): Verdict {
  if (value === null || limit === null) return 'inconclusive';
  if (value > limit) return 'fail';
  return isFinal ? 'pass' : 'inconclusive';
}

function sentence(
  id: SessionThresholdId,
  value: number | null,
  limit: number | null,
  verdict: Verdict,
): string {
  if (value === null) return `Unknown: ${VALUE_NAME[id]}.`;
  if (limit === null) return 'Unknown: the mean of A, of which the limit is a share.';
  const found = `${VALUE_NAME[id]} is ${formatBytes(value)}, the limit ${formatBytes(limit)}`;
  const text = found.charAt(0).toUpperCase() + found.slice(1);
  return verdict === 'inconclusive' ? `${text}; it may still change.` : `${text}.`;
}

/** @param isFinal whether neither session records any more: until then what holds may not hold for long */
export function checkThresholds(thresholds: Thresholds, a: Known, b: Known, isFinal: boolean): Check[] {
  return THRESHOLD_IDS.flatMap((threshold) => {
    const asked = thresholds[threshold];
    if (!asked) return [];
    const [value, limit] = [VALUE_OF[threshold](a, b), limitOf(asked, a)];
    const verdict = judge(value, limit, isFinal);
    const text = sentence(threshold, value, limit, verdict);
    return [{ threshold, verdict, limit_bytes: limit, value_bytes: value, text }];
  });
}

/** A failure decides; then what is not known. `null` where nothing was asked. */
export function verdictOf(checks: readonly Check[]): Verdict | null {
  const found = (verdict: Verdict) => checks.some((check) => check.verdict === verdict);
  if (checks.length === 0) return null;
  if (found('fail')) return 'fail';
  return found('inconclusive') ? 'inconclusive' : 'pass';
}
