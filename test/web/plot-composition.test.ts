import { describe, expect, test } from 'vitest';
import { compositionLayers, compositionSummary } from '../../web/pages/plot-composition.ts';

const MIB = 1024 * 1024;
const mib = (values: readonly (number | null)[]) => values.map((value) => value && value * MIB);

/** Minutes; the third is a gap. */
const TOLD = {
  t: [0, 60_000, 120_000, 180_000, 240_000].map((t) => Date.parse('2026-01-15T12:00:00Z') + t),
  rss_bytes: mib([100, 120, null, 140, 90]),
  pss_bytes: mib([60, 125, null, null, 50]),
  swap_bytes: mib([0, 4, null, null, 2]),
};

function layer(id: string, told = TOLD) {
  return compositionLayers(told).find((one) => one.id === id)?.points;
}

describe('The parts of a process’s memory', () => {
  test('add up to RSS wherever PSS is not above it', () => {
    const sums = TOLD.t.map((_, at) =>
      ['pss', 'shared', 'undivided'].reduce((sum, id) => sum + (layer(id)?.values[at] ?? 0), 0),
    );
    expect(sums).toEqual(mib([100, 125, 0, 140, 90]));
  });

  test('are not divided where PSS is unknown, and are nothing in a gap', () => {
    expect(layer('pss')?.values).toEqual(mib([60, 125, null, 0, 50]));
    expect(layer('shared')?.values).toEqual(mib([40, 0, null, 0, 40]));
    expect(layer('undivided')?.values).toEqual(mib([0, 0, null, 140, 0]));
  });

  test('what is swapped out is unknown where it was not read, not where nothing was recorded', () => {
    expect(layer('swap')?.isUnknown).toEqual([false, false, false, true, false]);
  });

  test('that hold nothing are left out', () => {
    const none = { ...TOLD, swap_bytes: mib([0, 0, null, 0, 0]) };
    expect(compositionLayers(none).map(({ id }) => id)).toEqual(['pss', 'shared', 'undivided']);
  });
});

describe('The sentence', () => {
  test('names the newest share and the most that was swapped out, and what is not divided', () => {
    expect(compositionSummary(TOLD)).toBe(
      '50.0 MiB of 90.0 MiB RSS is its fair share (PSS) at 2026-01-15 12:04:00; 2.00 MiB swapped out, ' +
        'most 4.00 MiB at 12:01:00. Where PSS is not known for long, RSS is not divided.',
    );
  });

  test('says what PSS needs where none is known', () => {
    const unknown = TOLD.t.map(() => null);
    expect(compositionSummary({ ...TOLD, pss_bytes: unknown, swap_bytes: unknown })).toBe(
      'PSS is not known in this range: it needs root or the same user. RSS is not divided; swap is not known.',
    );
  });
});
