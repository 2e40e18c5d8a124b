import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gap, SampleSpine } from '../../../server/domain/timeline.ts';
import {
  coveredRatio,
  findGaps,
  firstAtOrAfter,
  gapBefore,
  lastAtOrBefore,
  medianSpacing,
} from '../../../server/domain/timeline.ts';

interface Moment {
  /** Seconds. */
  readonly t: number;
  readonly boot?: string | null;
  readonly interval?: number;
  readonly uptime?: number;
}

/** Default: one boot, the uptime runs with the wall clock, no interval written down. */
function spineOf(moments: readonly Moment[]): SampleSpine {
  return {
    t: moments.map(({ t }) => t * 1000),
    uptimeSeconds: moments.map(({ t, uptime }) => uptime ?? 5000 + t),
    intervalSeconds: moments.map(({ interval }) => interval ?? Number.NaN),
    bootId: moments.map(({ boot }) => (boot === undefined ? 'boot-1' : boot)),
  };
}

/** `from → to reason`, in seconds. */
function gapsOf(...moments: readonly Moment[]): string[] {
  return findGaps(spineOf(moments)).map(({ from, to, reason }) => `${from / 1000} → ${to / 1000} ${reason}`);
}

function every(seconds: number, count: number, start = 0): Moment[] {
  return Array.from({ length: count }, (_, at) => ({ t: start + at * seconds }));
}

describe('with INTERVAL_S, a gap', () => {
  test('begins above three intervals', () => {
    expect(gapsOf({ t: 0, interval: 10 }, { t: 30, interval: 10 })).toEqual([]);
    expect(gapsOf({ t: 0, interval: 10 }, { t: 30.001, interval: 10 })).toEqual(['0 → 30.001 stopped']);
  });

  test('is measured by the larger interval of its two samples', () => {
    expect(gapsOf({ t: 0, interval: 10 }, { t: 180, interval: 60 })).toEqual([]);
    expect(gapsOf({ t: 0, interval: 60 }, { t: 180, interval: 10 })).toEqual([]);
    expect(gapsOf({ t: 0, interval: 60 }, { t: 181, interval: 10 })).toEqual(['0 → 181 stopped']);
  });

  test('is measured by the one interval that is known', () => {
    expect(gapsOf({ t: 0 }, { t: 30, interval: 10 })).toEqual([]);
    expect(gapsOf({ t: 0, interval: 10 }, { t: 31 })).toEqual(['0 → 31 stopped']);
  });

  test('does not depend on how far apart the other samples are', () => {
    const dense = every(1, 20).map((moment) => ({ ...moment, interval: 600 }));
    expect(gapsOf(...dense, { t: 1800, interval: 600 })).toEqual([]);
  });

  test('is between neighbours: its ends are samples', () => {
    const moments = [0, 10, 20, 100, 110, 400].map((t) => ({ t, interval: 10 }));
    expect(gapsOf(...moments)).toEqual(['20 → 100 stopped', '110 → 400 stopped']);
  });
});

describe('without INTERVAL_S, a gap', () => {
  test('begins above three times the median of the 11 spacings around', () => {
    const before = every(10, 6);
    expect(gapsOf(...before, ...every(10, 6, 80))).toEqual([]);
    expect(gapsOf(...before, ...every(10, 6, 81))).toEqual(['50 → 81 stopped']);
  });

  test('is judged by five spacings on either side, not by the whole history', () => {
    const slow = every(100, 30);
    const fast = every(10, 30, 2900 + 400);
    expect(gapsOf(...slow, ...fast)).toEqual(['2900 → 3300 stopped']);
    const twoPaces = [...every(100, 30), ...every(10, 30, 2910)];
    expect(gapsOf(...twoPaces)).toEqual([]);
  });

  test('needs a third sample: two alone are their own usual spacing', () => {
    expect(gapsOf({ t: 0 }, { t: 86_400 })).toEqual([]);
    expect(gapsOf({ t: 0 })).toEqual([]);
    expect(gapsOf()).toEqual([]);
  });

  test('takes an INTERVAL_S of 0 for none', () => {
    expect(gapsOf({ t: 0, interval: 0 }, { t: 10, interval: 0 })).toEqual([]);
  });

  test('has the median of what is there near the ends', () => {
    const t = [0, 10, 20, 50, 60, 70, 80, 90].map((s) => s * 1000);
    expect(medianSpacing(t, 1)).toBe(10_000);
    expect(medianSpacing([0, 10, 40], 2)).toBe(20);
    expect(medianSpacing([0, 7], 1)).toBe(7);
  });
});

describe('the reason of a gap', () => {
  const usual = { interval: 10 };

  test('is a reboot between different boots, however short', () => {
    expect(gapsOf({ t: 0, boot: 'a', ...usual }, { t: 5, boot: 'b', uptime: 3, ...usual })).toEqual([
      '0 → 5 reboot',
    ]);
    expect(gapsOf({ t: 0, boot: 'a', ...usual }, { t: 900, boot: 'b', uptime: 3, ...usual })).toEqual([
      '0 → 900 reboot',
    ]);
  });

  test('is no reboot where a boot id is unknown', () => {
    expect(gapsOf({ t: 0, boot: null, ...usual }, { t: 10, boot: 'b', ...usual })).toEqual([]);
    expect(gapsOf({ t: 0, boot: null, ...usual }, { t: 10, boot: null, ...usual })).toEqual([]);
  });

  test('is that recording stopped, where the uptime moved with the wall clock', () => {
    expect(gapsOf({ t: 0, uptime: 100, ...usual }, { t: 900, uptime: 1000, ...usual })).toEqual([
      '0 → 900 stopped',
    ]);
    expect(gapsOf({ t: 0, uptime: 100, ...usual }, { t: 900, uptime: 992, ...usual })).toEqual([
      '0 → 900 stopped',
    ]);
  });

  test('is that recording stopped, where the uptime is unknown (seed format)', () => {
    const seed = { boot: null, uptime: Number.NaN };
    expect(gapsOf(...every(10, 6).map((m) => ({ ...m, ...seed })), { t: 900, ...seed })).toEqual([
      '50 → 900 stopped',
    ]);
  });

  test('is a suspend, where the uptime did not move with the wall clock', () => {
    expect(gapsOf({ t: 0, uptime: 100, ...usual }, { t: 900, uptime: 110, ...usual })).toEqual([
      '0 → 900 suspend',
    ]);
  });

  test('is the clock, where the uptime moved further than the wall clock', () => {
    expect(gapsOf({ t: 0, uptime: 100, ...usual }, { t: 900, uptime: 4000, ...usual })).toEqual([
      '0 → 900 clock',
    ]);
  });
});

describe('all gaps of a range', () => {
  const moment = fc.record({
    step: fc.constantFrom(1, 9, 10, 11, 29, 30, 31, 100),
    interval: fc.constantFrom(Number.NaN, Number.NaN, 5, 10, 60),
    boot: fc.constantFrom('a', 'a', 'a', 'b', null),
  });
  const history = fc.array(moment, { maxLength: 40, size: 'medium' }).map((steps) => {
    let t = 0;
    return steps.map(({ step, ...rest }): Moment => {
      t += step;
      return { t, ...rest };
    });
  });

  type Spine = { readonly [Name in keyof SampleSpine]: SampleSpine[Name][number][] };

  function insert(spine: Spine, known: Moment[], moment: Moment): void {
    const place = known.filter(({ t }) => t < moment.t).length;
    known.splice(place, 0, moment);
    const one = spineOf([moment]);
    for (const name of Object.keys(spine) as (keyof Spine)[])
      (spine[name] as unknown[]).splice(place, 0, one[name][0]);
  }

  /** The rule of the contract, read literally. */
  function isGap(moments: readonly Moment[], at: number): boolean {
    const [a, b] = [moments[at - 1], moments[at]];
    if (a.boot !== null && b.boot !== null && a.boot !== b.boot) return true;
    const intervals = [a.interval, b.interval].map(Number).filter((s) => s > 0);
    const spacings = moments.slice(1).map(({ t }, k) => t - moments[k].t);
    const around = spacings.slice(Math.max(0, at - 6), at + 5).sort((x, y) => x - y);
    const half = (around.length - 1) / 2;
    const median = (around[Math.floor(half)] + around[Math.ceil(half)]) / 2;
    return b.t - a.t > 3 * (intervals.length > 0 ? Math.max(...intervals) : median);
  }

  test('are those that the rule names, and no others', () => {
    fc.assert(
      fc.property(history, (moments) => {
        const expected = moments.map((_, at) => at).filter((at) => at > 0 && isGap(moments, at));
        const found = findGaps(spineOf(moments)).map(({ to }) =>
          moments.findIndex(({ t }) => t * 1000 === to),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('stay the same when only a part of the history is asked for', () => {
    fc.assert(
      fc.property(history, fc.nat(39), fc.nat(39), (moments, first, last) => {
        const spine = spineOf(moments);
        const end = Math.min(last, moments.length - 1);
        const inside = ({ from, to }: Gap) => from >= spine.t[first] && to <= spine.t[end];
        const expected = first < end ? findGaps(spine).filter(inside) : [];
        expect(findGaps(spine, first, end)).toEqual(expected);
      }),
    );
  });

  test('stay those of all samples while more of them come in, some late', () => {
    const coming = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 0, 1, 7), fc.nat(9)), {
      maxLength: 80,
      size: 'medium',
    });
    fc.assert(
      fc.property(history, coming, (moments, late) => {
        const waiting = [...moments];
        const known: Moment[] = [];
        const spine: Spine = { t: [], uptimeSeconds: [], intervalSeconds: [], bootId: [] };
        for (const [skipped, first] of late) {
          const [moment] = waiting.splice(skipped % Math.max(1, waiting.length), 1);
          if (moment) insert(spine, known, moment);
          expect(findGaps(spine, first)).toEqual(findGaps(spineOf(known), first));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('begin with the second sample: nothing lies before the first', () => {
    expect(gapBefore(spineOf(every(10, 3)), 0)).toBeNull();
  });
});

describe('the covered ratio', () => {
  const stopped = (from: number, to: number): Gap => ({ from, to, reason: 'stopped' });

  test('is 1 less the share of the gaps', () => {
    expect(coveredRatio(0, 1000, [])).toBe(1);
    expect(coveredRatio(0, 1000, [stopped(100, 350)])).toBe(0.75);
    expect(coveredRatio(0, 1000, [stopped(0, 100), stopped(100, 500), stopped(900, 1000)])).toBeCloseTo(0.4);
    expect(coveredRatio(0, 1000, [stopped(0, 1000)])).toBe(0);
  });

  test('of a single sample is 1', () => {
    expect(coveredRatio(7, 7, [])).toBe(1);
  });
});

describe('a search along time', () => {
  const sorted = fc
    .array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 })
    .map((all) => all.sort((a, b) => a - b));
  const wanted = fc.integer({ min: -2, max: 32 });

  test('finds the last value at or before, as a scan does', () => {
    fc.assert(
      fc.property(sorted, wanted, (all, t) => {
        expect(lastAtOrBefore(all, t)).toBe(all.findLastIndex((value) => value <= t));
      }),
      { numRuns: 500 },
    );
  });

  test('finds the first value at or after, as a scan does', () => {
    fc.assert(
      fc.property(sorted, wanted, (all, t) => {
        const at = all.findIndex((value) => value >= t);
        expect(firstAtOrAfter(all, t)).toBe(at < 0 ? all.length : at);
      }),
      { numRuns: 500 },
    );
  });

  test('reaches beyond either end', () => {
    expect([
      lastAtOrBefore([1, 2], Number.POSITIVE_INFINITY),
      lastAtOrBefore([1, 2], 0),
      lastAtOrBefore([], 5),
    ]).toEqual([1, -1, -1]);
    expect([firstAtOrAfter([1, 2], Number.NEGATIVE_INFINITY), firstAtOrAfter([1, 2], 3)]).toEqual([0, 2]);
  });
});
