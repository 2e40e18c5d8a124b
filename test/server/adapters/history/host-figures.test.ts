import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHostFigures } from '../../../../server/adapters/history/host-figures.ts';

const IDS = ['swap_free_bytes', 'swap_total_bytes', 'huge_tlb_bytes'] as const;
const SAMPLES = 1440;
const value = fc.constantFrom(0, 1, Number.NaN);

test('columns of one value share their memory', () => {
  const figures = openHostFigures();
  for (const id of IDS) figures.setColumn(id, new Float64Array(SAMPLES + 5), SAMPLES);
  expect(figures.column('swap_free_bytes')).toBe(figures.column('huge_tlb_bytes'));
});

test('a sample that comes in changes its own columns only', () => {
  const insertion = fc.record({ at: fc.nat(), values: fc.tuple(value, value, value) });
  fc.assert(
    fc.property(
      fc.tuple(value, value, value),
      fc.array(insertion, { maxLength: 12 }),
      fc.integer({ min: 0, max: 8 }),
      (alone, insertions, room) => {
        const figures = openHostFigures();
        const expected = alone.map((one) => new Array<number>(SAMPLES).fill(one));
        for (const [at, id] of IDS.entries()) {
          const values = new Float64Array(SAMPLES + room);
          values.set(expected[at]);
          figures.setColumn(id, values, SAMPLES);
        }
        for (const { at, values } of insertions) {
          const count = expected[0].length;
          // Mostly the newest sample.
          const index = at % 3 === 0 ? at % (count + 1) : count;
          expected.forEach((column, one) => {
            column.splice(index, 0, values[one]);
          });
          figures.insert(index, count + 1, Object.fromEntries(IDS.map((id, one) => [id, values[one]])));
        }
        for (const [at, id] of IDS.entries())
          expect([...figures.column(id).subarray(0, expected[at].length)]).toEqual(expected[at]);
      },
    ),
  );
});
