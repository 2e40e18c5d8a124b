import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import { bytesOf, followParts, memberId, NO_PASTS, partsOf, runningOf } from '../../web/lib/live-past.ts';
import { LIVE_START, liveGroup, livePoint } from './support/live-points.ts';

function points(...held: readonly Readonly<Record<string, number | null>>[]) {
  return held.map((members, at) => livePoint(at + 1, { groups: [liveGroup('app', members)] }));
}

const at = (seq: number) => LIVE_START + seq * 1000;

describe('What the parts of a group have been', () => {
  test('peaks and last sights outlive the points that they came from', () => {
    const all = points(
      { web: 50, job: 5 },
      { web: 90, job: 5 },
      { web: 60, job: null },
      { web: 70, job: null },
    );
    const early = followParts(NO_PASTS, all.slice(0, 3), 'app', null);
    const { parts } = followParts(early, all.slice(3), 'app', null);
    expect(parts.get(memberId('web'))?.peaks.rss).toEqual({ t: at(2), value: 90 * MIB });
    expect(parts.get(memberId('job'))?.running).toEqual({ t: at(2), pids: [101] });
    expect(parts.get('total')?.peaks.rss).toEqual({ t: at(2), value: 95 * MIB });
    expect(parts.get('total')?.peaks.pss).toBeNull();
  });

  test('count from a mark on, once one is set', () => {
    const all = points({ web: 90 }, { web: 50 }, { web: 60 });
    const whole = followParts(NO_PASTS, all, 'app', null);
    const marked = followParts(whole, all, 'app', at(2));
    expect(marked.parts.get(memberId('web'))?.peaks.rss).toEqual({ t: at(3), value: 60 * MIB });
    expect(followParts(marked, all, 'app', null).parts).toEqual(whole.parts);
  });

  test('are of no group that was not there', () => {
    expect(followParts(NO_PASTS, points({ web: 90 }), 'other', null).parts.size).toBe(0);
  });
});

test('The total is apart from a member of its name, and no name is cut at its commas', () => {
  const group = liveGroup('app', { total: 1, 'a,b': 2, 'a%2Cb': 3 });
  const ids = partsOf(group).map(({ id }) => id);
  expect(ids).toEqual(['member:total', 'member:a%2Cb', 'member:a%252Cb', 'total']);
});

test('one that has ended no longer runs, and PSS is known without it', () => {
  const { total } = liveGroup('app', { web: 50, job: 5 });
  const figures = { ...total, zombies: 1, pss_bytes: 40 * MIB, pss_known: 1 };
  expect(runningOf(figures)).toBe(1);
  expect(bytesOf(figures, 'pss')).toBe(40 * MIB);
  expect(bytesOf({ ...figures, zombies: 0 }, 'pss')).toBe(null);
});
