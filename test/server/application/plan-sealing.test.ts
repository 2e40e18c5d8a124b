import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DumpPair } from '../../../server/application/dump-ports.ts';
import { openHourAt, planSealing } from '../../../server/application/plan-sealing.ts';
import type { DayOfDumps } from '../../../server/application/sealing-ports.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-21T15:20:00Z');

function pairAt(stampInstant: number): DumpPair {
  return { stampInstant, processFile: `p${stampInstant}`, systemFile: `s${stampInstant}`, folder: '' };
}

/** A day of dumps at the given minutes; those in `sealed` are sealed. */
function dayOf(date: string, minutes: readonly number[], sealed: readonly number[] = [], isWhole = false) {
  const pairs = [...minutes]
    .sort((a, b) => a - b)
    .map((minute) => pairAt(Date.parse(date) + minute * 60_000));
  const unsealed = pairs.filter((pair) => !sealed.includes((pair.stampInstant - Date.parse(date)) / 60_000));
  return { date, pairs, unsealed, isWhole } satisfies DayOfDumps;
}

const hourOf = ({ stampInstant }: DumpPair) => Math.floor(stampInstant / HOUR);

describe('sealing', () => {
  test('makes one segment of a day that is over, of all its dumps', () => {
    const day = dayOf('2026-11-20', [1, 700, 1439], [1]);
    expect(planSealing([day], NOW)).toEqual({
      stretches: [{ date: day.date, pairs: day.pairs, isWholeDay: true }],
      tail: [],
    });
  });

  test('leaves a day alone that is sealed whole, and joins one that is sealed in parts', () => {
    const minutes = [1, 2];
    expect(planSealing([dayOf('2026-11-20', minutes, minutes, true)], NOW).stretches).toEqual([]);
    expect(planSealing([dayOf('2026-11-20', minutes, minutes, false)], NOW).stretches).toHaveLength(1);
  });

  test('seals the hours of today that are over, and leaves the hour in hand to the tail', () => {
    const day = dayOf('2026-11-21', [10, 70, 14 * 60 + 59, 15 * 60, 15 * 60 + 19]);
    const { stretches, tail } = planSealing([day], NOW);
    expect(
      stretches.map(({ pairs, isWholeDay }) => [pairs.map(hourOf).map((hour) => hour % 24), isWholeDay]),
    ).toEqual([
      [[14], false],
      [[0, 1], false],
    ]);
    expect(tail).toEqual(day.pairs.slice(3));
  });

  test('leaves a late dump of an hour that is sealed to the tail, until its day is over', () => {
    const day = dayOf('2026-11-21', [10, 11, 70], [10]);
    const { stretches, tail } = planSealing([day], NOW);
    expect(stretches.flatMap(({ pairs }) => pairs)).toEqual([day.pairs[2]]);
    expect(tail).toEqual([day.pairs[1]]);
  });

  test('waits a minute for dumps that are late', () => {
    const midnight = Date.parse('2026-11-21T00:00:30Z');
    const day = dayOf('2026-11-20', [60, 1439]);
    const plan = planSealing([day], midnight);
    expect(plan.stretches.every(({ isWholeDay }) => !isWholeDay)).toBe(true);
    expect(plan.tail).toEqual([day.pairs[1]]);
  });

  test('takes the newest day first', () => {
    const days = ['2026-11-18', '2026-11-20', '2026-11-19'].map((date) => dayOf(date, [5]));
    expect(planSealing(days, NOW).stretches.map(({ date }) => date)).toEqual([
      '2026-11-20',
      '2026-11-19',
      '2026-11-18',
    ]);
  });

  test('puts each dump of today that is not sealed in one place, and no sealed hour into a stretch', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 15 * 60 + 20 }), { maxLength: 60 });
    fc.assert(
      fc.property(minutes, fc.func(fc.boolean()), (all, isSealed) => {
        const day = dayOf('2026-11-21', all, all.filter(isSealed));
        const { stretches, tail } = planSealing([day], NOW);
        const placed = [...stretches.flatMap(({ pairs }) => pairs), ...tail];
        expect(new Set(placed)).toEqual(new Set(day.unsealed));
        expect(placed).toHaveLength(day.unsealed.length);
        const begun = new Set(day.pairs.filter((pair) => !day.unsealed.includes(pair)).map(hourOf));
        for (const { pairs } of stretches) {
          const hours = pairs.map(hourOf);
          for (let hour = hours[0]; hour <= (hours.at(-1) ?? 0); hour++) {
            expect(begun.has(hour)).toBe(false);
            expect(hour * HOUR).toBeLessThan(openHourAt(NOW));
          }
        }
        expect(tail.map(({ stampInstant }) => stampInstant)).toEqual(
          tail.map(({ stampInstant }) => stampInstant).sort((a, b) => a - b),
        );
      }),
    );
  });
});
