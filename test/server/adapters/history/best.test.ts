import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBest } from '../../../../server/adapters/history/best.ts';

interface One {
  readonly size: number;
  readonly name: number;
}

const bySize = (a: One, b: One) => b.size - a.size || a.name - b.name;
const some = fc
  .array(fc.nat(9), { maxLength: 60 })
  .map((sizes) => sizes.map((size, name): One => ({ size, name })));

test('holds what sorting everything would put first, in that order', () => {
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 20 }), (all, most) => {
      const best = openBest(most, bySize);
      for (const one of all) best.add(one);
      expect(best.inOrder()).toEqual(all.toSorted(bySize).slice(0, most));
      expect(best.count()).toBe(all.length);
    }),
  );
});

test('its last is what a new one has to go before; what is passed over is counted', () => {
  const best = openBest<One>(2, bySize);
  best.add({ size: 5, name: 1 });
  expect(best.last()).toBe(null);
  best.add({ size: 7, name: 2 });
  expect(best.last()).toEqual({ size: 5, name: 1 });
  best.pass();
  expect([best.count(), best.inOrder().length]).toEqual([3, 2]);
});
