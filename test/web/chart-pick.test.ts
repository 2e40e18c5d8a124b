import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layerAt } from '../../web/lib/chart-pick.ts';
import type { ChartLine } from '../../web/lib/chart-spec.ts';

const T = [1000, 2000];

function line(id: string, values: readonly (number | null)[], isLayer = true): ChartLine {
  return { id, name: id, t: T, values, colour: 'c1', isLayer };
}

test('a value lies in the layer that covers it, from the bottom', () => {
  const lines = [line('a', [10, 0]), line('b', [5, null]), line('c', [20, 3]), line('used', [99, 99], false)];
  expect([0, 10, 10.1, 15, 15.1, 35].map((value) => layerAt({ lines }, 1000, value))).toEqual([
    'a', 'a', 'b', 'b', 'c', 'c',
  ]); // biome-ignore format: one row
  expect(layerAt({ lines }, 1000, 35.1)).toBeNull();
  expect(layerAt({ lines }, 2000, 1)).toBe('c');
  expect(layerAt({ lines }, 1500, 1)).toBeNull();
});

test('the middle of every layer that has any thickness is that layer', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 13 }), (sizes) => {
      const lines = sizes.map((size, index) => line(String(index), [size, size]));
      let below = 0;
      for (const [index, size] of sizes.entries()) {
        if (size > 0) expect(layerAt({ lines }, 1000, below + size / 2)).toBe(String(index));
        below += size;
      }
    }),
  );
});
