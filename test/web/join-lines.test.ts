import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { Recorded } from '../../web/lib/join-lines.ts';
import { joinLines, lineAlong } from '../../web/lib/join-lines.ts';
import type { LiveSeries } from '../../web/lib/live-series.ts';
import { NO_SERIES } from '../../web/lib/live-series.ts';
import { LIVE_START, livePoint } from './support/live-points.ts';

const at = (seconds: number) => LIVE_START + seconds * 1000;
const everything = { from: at(-1000), to: at(1000) };
const read = ({ system }: ReturnType<typeof livePoint>) => ({ used: system.used_bytes });

function liveFrom(from: number, to: number, more: Partial<LiveSeries> = {}): LiveSeries {
  const points = Array.from({ length: to - from + 1 }, (_, index) => livePoint(from + index));
  return { ...NO_SERIES, points, ...more };
}

/** A sample each ten seconds, 500 MiB. */
function recordedFrom(from: number, to: number, gaps: Recorded['gaps'] = []): Recorded {
  const t = Array.from({ length: (to - from) / 10 + 1 }, (_, index) => at(from + index * 10));
  return { t, series: { used: t.map(() => 500 * MIB) }, gaps, stepMs: 10_000 };
}

const seconds = (rows: readonly { t: number }[]) => rows.map(({ t }) => (t - LIVE_START) / 1000);

describe('What was recorded and what is live are one line', () => {
  test('each instant once: where the feed has points, its are taken', () => {
    const { rows, gaps } = joinLines(recordedFrom(-20, 10), liveFrom(5, 12), read, everything);
    expect(seconds(rows)).toEqual([-20, -10, 0, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(rows.map(({ isLive }) => isLive)).toEqual([false, false, false, ...Array(8).fill(true)]);
    expect(gaps).toEqual([]);
  });

  test('no gap at the seam, as long as it is no longer than three samples', () => {
    const near = joinLines(recordedFrom(-65, -25), liveFrom(5, 12), read, everything);
    const far = joinLines(recordedFrom(-60, -30), liveFrom(5, 12), read, everything);
    expect(near.gaps).toEqual([]);
    expect(far.gaps).toEqual([{ from: at(-30), to: at(5), reason: 'stopped' }]);
  });

  test('a gap of the feed is filled with what was recorded in it, and is none then', () => {
    const live = liveFrom(1, 60, {
      points: [1, 2, 3, 57, 58].map((seq) => livePoint(seq)),
      gaps: [{ from: at(3), to: at(57), reason: 'idle' }],
    });
    expect(joinLines(null, live, read, everything).gaps).toEqual(live.gaps);
    const filled = joinLines(recordedFrom(-10, 50), live, read, everything);
    expect(seconds(filled.rows)).toEqual([-10, 0, 1, 2, 3, 10, 20, 30, 40, 50, 57, 58]);
    expect(filled.gaps).toEqual([]);
  });

  test('a gap of the recording stays one, whether its answer has a point in it to cut the line or not', () => {
    const gap = { from: at(-40), to: at(-10), reason: 'reboot' };
    for (const seconds of [
      [-60, -50, -40, -10, 0],
      [-60, -50, -40, -25, -10, 0],
    ]) {
      const recorded: Recorded = { ...recordedFrom(-60, 0, [gap]), t: seconds.map(at) };
      const { rows, gaps } = joinLines(recorded, liveFrom(5, 8), read, everything);
      expect(gaps).toEqual([gap]);
      expect(rows).toHaveLength(5 + 4);
    }
  });

  test('only what is seen is taken, and one point beyond either edge', () => {
    const { rows } = joinLines(recordedFrom(-50, 0), liveFrom(5, 60), read, { from: at(-25), to: at(6.5) });
    expect(seconds(rows)).toEqual([-30, -20, -10, 0, 5, 6, 7]);
  });

  test('what lies before the edge was not asked for: nothing is said to be missing there', () => {
    const live = liveFrom(1, 2, {
      points: [-400, -399, 1, 2].map((second) => livePoint(second)),
      gaps: [{ from: at(-399), to: at(1), reason: 'idle' }],
    });
    const { rows, gaps } = joinLines(recordedFrom(-60, 0), live, read, { from: at(-65), to: at(2) });
    expect(seconds(rows)).toEqual([-60, -50, -40, -30, -20, -10, 0, 1, 2]);
    expect(gaps).toEqual([]);
  });

  test('what either does not tell is unknown, not nothing', () => {
    const joined = joinLines(recordedFrom(-10, 0), liveFrom(1, 2), () => ({ cpu: 7 }), everything);
    expect(lineAlong(joined, 'cpu').values).toEqual([null, null, 7, 7]);
    expect(lineAlong(joined, 'used').values).toEqual([500 * MIB, 500 * MIB, null, null]);
  });
});
