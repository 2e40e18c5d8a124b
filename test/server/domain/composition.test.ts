import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toldSamples } from '../../../server/domain/composition.ts';

/** Minutes; what was not read is unknown. */
function told(pss: readonly (number | null)[], mostSkippedMinutes: number): number[] {
  return toldSamples(
    pss.map((_, at) => at * 60_000),
    pss.map((value) => value ?? Number.NaN),
    mostSkippedMinutes * 60_000,
  );
}

test('samples whose turn it was not are passed over', () => {
  expect(told([5, null, null, 6, null, 7], 4)).toEqual([0, 3, 5]);
});

test('a long stretch without a figure is told, and so is what lies before the first and behind the last', () => {
  expect(told([null, 5, null, null, 6, null], 2)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(told([null, 5, null, null, 6, null], 3)).toEqual([0, 1, 4, 5]);
  expect(told([null, null], 60)).toEqual([0, 1]);
});

test('no known sample is ever left out, and a longer patience tells less', () => {
  const samples = fc.array(fc.option(fc.nat(9), { nil: null }), { maxLength: 40 });
  fc.assert(
    fc.property(samples, fc.nat(12), fc.nat(12), (pss, a, b) => {
      const [few, many] = [Math.max(a, b), Math.min(a, b)].map((minutes) => told(pss, minutes));
      const known = pss.flatMap((value, at) => (value === null ? [] : [at]));
      expect(few).toEqual(expect.arrayContaining(known));
      expect(many).toEqual(expect.arrayContaining(few));
    }),
  );
});
