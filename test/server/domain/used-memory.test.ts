import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../../../server/domain/used-memory.ts';

const amount = fc.integer({ min: 0, max: 2 ** 44 });
const parts = { total: 1000, free: 100, buffers: 50, cached: 200, sReclaimable: 30 };

describe('used memory', () => {
  test('is total less available', () => {
    expect(usedBytes(1000, 400)).toBe(600);
  });

  test('takes an available 0 for what it is: all is used', () => {
    expect(usedBytes(1000, 0)).toBe(1000);
  });

  test.each([
    [null, 400],
    [1000, null],
    [undefined, 400],
    [1000, undefined],
    [null, null],
  ])('is unknown, not 0, of total %s and available %s', (total, available) => {
    expect(usedBytes(total, available)).toBeNull();
  });

  test('is never below 0: in a container available can exceed total', () => {
    expect(usedBytes(1000, 1200)).toBe(0);
    fc.assert(
      fc.property(amount, amount, (total, available) => {
        expect(usedBytes(total, available)).toBe(available > total ? 0 : total - available);
      }),
    );
  });
});

describe("used memory as the predecessor's `htop` figure", () => {
  test('is total − free − buffers − cached − reclaimable slab', () => {
    expect(usedHtopBytes(parts)).toBe(620);
  });

  test.each(Object.keys(parts))('is unknown without %s', (missing) => {
    expect(usedHtopBytes({ ...parts, [missing]: null })).toBeNull();
    expect(usedHtopBytes({ ...parts, [missing]: undefined })).toBeNull();
  });

  test('is never below 0', () => {
    expect(usedHtopBytes({ ...parts, cached: 5000 })).toBe(0);
  });
});

describe('used swap', () => {
  test('is total less free', () => {
    expect(swapUsedBytes(800, 300)).toBe(500);
    expect(swapUsedBytes(800, 900)).toBe(0);
  });

  test('is 0 where there is no swap, and unknown where nobody said', () => {
    expect(swapUsedBytes(0, 0)).toBe(0);
    expect(swapUsedBytes(null, 0)).toBeNull();
    expect(swapUsedBytes(800, undefined)).toBeNull();
  });
});
