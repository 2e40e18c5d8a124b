import { describe, expect, test } from 'vitest';
import { LEDGER_PARTS } from '../../server/domain/ledger.ts';
import { MIB } from '../../server/domain/units.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { extendOverview } from '../../web/lib/extend-overview.ts';
import { NO_SERIES } from '../../web/lib/live-series.ts';
import { LIVE_START, livePoint } from './support/live-points.ts';

const SPACING = 10_000;
const iso = (t: number) => new Date(t).toISOString();

const FLAT = [
  ...(['mem_total_bytes', 'used_bytes', 'used_htop_bytes', 'available_bytes', 'shmem_bytes'] as const),
  ...(['swap_total_bytes', 'swap_used_bytes', 'process_rss_bytes'] as const),
  ...(['psi_some_avg10', 'psi_full_avg10', 'major_faults_per_second'] as const),
  ...(['swap_in_bytes_per_second', 'swap_out_bytes_per_second'] as const),
];

/** Two samples, the newest at the feed's begin. */
function answerOf(host = 'web-1'): OverviewAnswer {
  const t = [LIVE_START - SPACING, LIVE_START];
  const known = t.map(() => 500 * MIB);
  const series = Object.fromEntries(FLAT.map((id) => [id, known])) as Record<(typeof FLAT)[number], number[]>;
  const ledger = Object.fromEntries(LEDGER_PARTS.map(({ id }) => [`${id}_bytes`, known]));
  return {
    host,
    hosts: [host],
    coverage: {
      from: iso(t[0]),
      to: iso(t[1]),
      samples: 2,
      duration_seconds: 10,
      covered_ratio: 1,
      gaps: [],
    },
    series: {
      ...(series as OverviewAnswer['series']),
      t,
      ledger: ledger as OverviewAnswer['series']['ledger'],
    },
    resolution: 'auto',
    step_ms: SPACING,
    method: 'raw',
    raw_points: 2,
    demo: false,
    events: [],
    answer: null,
  };
}

const feed = (...seqs: readonly number[]) => ({ ...NO_SERIES, points: seqs.map((seq) => livePoint(seq)) });

describe('The overview between two samples', () => {
  test('goes on with the points behind its newest sample; the first of them only tells rates', () => {
    const { series, coverage } = extendOverview(answerOf(), feed(0, 1, 2, 3), SPACING);
    expect(series.t).toEqual([-10_000, 0, 2000, 3000].map((ms) => LIVE_START + ms));
    expect(series.used_bytes).toEqual([500, 500, 1000, 1000].map((mib) => mib * MIB));
    expect(coverage.to).toBe(iso(LIVE_START + 3000));
    for (const values of [series.psi_some_avg10, ...Object.values(series.ledger)])
      expect(values).toHaveLength(4);
    const sum = LEDGER_PARTS.reduce((all, { id }) => all + (series.ledger[`${id}_bytes`][3] ?? 0), 0);
    expect(sum).toBe(4000 * MIB);
  });

  test.each([
    ['of another host', answerOf('db-1'), feed(1, 2, 3)],
    ['that are no newer', answerOf(), feed(-2, -1, 0)],
    ['behind a gap', answerOf(), feed(31, 32, 33)],
    [
      'with a gap between them',
      answerOf(),
      {
        ...feed(1, 2, 9),
        gaps: [{ from: LIVE_START + 2000, to: LIVE_START + 9000, reason: 'slow' as const }],
      },
    ],
  ])('takes no points %s', (_, answer, series) => {
    expect(extendOverview(answer, series, SPACING)).toBe(answer);
  });
});
