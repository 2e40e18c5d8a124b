import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { WatchTimelineAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { buildWatchChart, figureOf, wasThere, watchHint, watchSummary } from '../../web/pages/watch-chart.ts';

const T = [0, 60_000, 120_000];

function sums(rss: readonly number[], known: readonly number[], processes: readonly number[] = [1, 1, 1]) {
  const bytes = rss.map((mib) => mib * MIB);
  return {
    processes: [...processes],
    rss_bytes: bytes,
    pss_bytes: bytes.map((value) => value / 2),
    pss_known: [...known],
    vsz_bytes: bytes,
  };
}

function answerOf(total: WatchTimelineAnswer['total']): WatchTimelineAnswer {
  return {
    ...{ host: 'h', name: 'shop', range: { from: '', to: '' }, t: T, gaps: [], step_ms: 60_000 },
    ...{ raw_points: 3, method: 'raw', members: [{ name: 'a', ...total }], total },
  };
}

const FRAME = { gaps: [], range: { from: 0, to: 120_000 }, zone: 'UTC', height: 100 };

describe('The chart of a watch group', () => {
  test('stacks PSS where it is known of all, else RSS, and says which', () => {
    const known = answerOf(sums([10, 40, 20], [1, 1, 1]));
    const partly = answerOf(sums([10, 40, 20], [1, 0, 1]));
    expect([figureOf(known), figureOf(partly)]).toEqual(['pss_bytes', 'rss_bytes']);
    expect(buildWatchChart(known, FRAME).lines[0].values).toEqual([5 * MIB, 20 * MIB, 10 * MIB]);
    expect(buildWatchChart(partly, FRAME).lines[0].values).toEqual([10 * MIB, 40 * MIB, 20 * MIB]);
    expect(watchHint(partly)).toContain('upper bound');
  });

  test('says in a sentence the most, the end, and whether anything is left', () => {
    expect(watchSummary(answerOf(sums([10, 40, 0], [1, 0, 0], [1, 2, 0])))).toBe(
      'shop held at most 40.0 MiB at 1970-01-01 00:01:00, the most in this range, and at most 0 B at its end; none of its processes is there at the end.',
    );
    expect(watchSummary(answerOf(sums([10, 40, 20], [1, 1, 1])))).toMatch(
      /^shop held 20\.0 MiB at .*; one process is there at the end\.$/,
    );
  });

  test('of a group that never ran is none', () => {
    const never = answerOf(sums([0, 0, 0], [0, 0, 0], [0, 0, 0]));
    expect(wasThere(never)).toBe(false);
    expect(watchSummary(never)).toBe('No process of shop was recorded in this range.');
  });
});
