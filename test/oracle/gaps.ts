import type { RecordedSample } from './read-dumps.ts';

export interface OracleGap {
  readonly from: number;
  readonly to: number;
  readonly reason: 'stopped' | 'reboot' | 'suspend' | 'clock';
}

/** The gaps between all neighbouring samples, by the rule of the contract's chapter on coverage. */
export function gapsBetween(samples: readonly RecordedSample[]): OracleGap[] {
  return samples.flatMap((after, index) => {
    const before = samples[index - 1];
    if (!before) return [];
    const reason = gapReason(before, after, () => medianAround(samples, index));
    return reason ? [{ from: before.t, to: after.t, reason }] : [];
  });
}

function gapReason(
  before: RecordedSample,
  after: RecordedSample,
  medianMs: () => number,
): OracleGap['reason'] | null {
  if (before.bootId !== null && after.bootId !== null && before.bootId !== after.bootId) return 'reboot';
  const interval = Math.max(before.intervalSeconds ?? 0, after.intervalSeconds ?? 0);
  const usual = interval > 0 ? interval * 1000 : medianMs();
  return after.t - before.t > 3 * usual ? longPause(before, after, usual) : null;
}

/** What the uptime tells of a long pause: it ran on, it stood still, or it disagrees with the wall clock. */
function longPause(before: RecordedSample, after: RecordedSample, usual: number): OracleGap['reason'] {
  const wall = after.t - before.t;
  const up = ((after.uptimeSeconds ?? Number.NaN) - (before.uptimeSeconds ?? Number.NaN)) * 1000;
  if (Number.isNaN(up) || Math.abs(wall - up) <= Math.max(2000, usual)) return 'stopped';
  return up >= 0 && up < wall ? 'suspend' : 'clock';
}

/** Median of the 11 spacings around the one that ends at `index`; fewer at the ends of the history. */
function medianAround(samples: readonly RecordedSample[], index: number): number {
  const spacings = samples
    .map((sample, at) => sample.t - (samples[at - 1]?.t ?? Number.NaN))
    .slice(Math.max(1, index - 5), index + 6)
    .sort((a, b) => a - b);
  const middle = (spacings.length - 1) / 2;
  return (spacings[Math.floor(middle)] + spacings[Math.ceil(middle)]) / 2;
}
