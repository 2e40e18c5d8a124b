import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Simulation } from '../../../../server/domain/concepts/paging-simulation.ts';
import {
  PAGE_SIZES,
  PATTERNS,
  simulatePaging,
  walkOf,
} from '../../../../server/domain/concepts/paging-simulation.ts';

const MIB = 1024 * 1024;
const SIMPLE: Simulation = {
  pageSize: 'small',
  tlbEntries: 64,
  pattern: 'sequential',
  workingSet: MIB,
  accesses: MIB / 64,
};

describe('a walk', () => {
  test('takes nine bits of the address for each table, the rest is the place in the page', () => {
    const address = 1 * 2 ** 39 + 2 * 2 ** 30 + 3 * 2 ** 21 + 4 * 2 ** 12 + 5;
    expect(walkOf(address, 'small')).toEqual({ address, indices: [1, 2, 3, 4], offset: 5 });
    expect(walkOf(address, 'huge')).toEqual({ address, indices: [1, 2, 3], offset: 4 * 4096 + 5 });
  });

  test('leads back to the address', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        fc.constantFrom('small', 'huge'),
        (address, size) => {
          const { indices, offset } = walkOf(address, size);
          const page = indices.reduce((sum, index) => sum * 512 + index, 0);
          expect(page * PAGE_SIZES[size] + offset).toBe(address);
        },
      ),
    );
  });
});

describe('the simulation', () => {
  test('going over 1 MiB once misses once a page, and faults as often', () => {
    expect(simulatePaging(SIMPLE)).toMatchObject({
      tlbMisses: 256,
      tlbHits: 16_384 - 256,
      tableReads: 1024,
      pageFaults: 256,
      residentBytes: MIB,
      tablePages: 4,
    });
  });

  test('going over it again hits only where the TLB reaches', () => {
    const again = (tlbEntries: number) =>
      simulatePaging({ ...SIMPLE, tlbEntries, accesses: SIMPLE.accesses * 2 }).tlbMisses;
    expect([again(256), again(255)]).toEqual([256, 512]);
  });

  test('with huge pages one translation reaches 512 times as far', () => {
    const counts = simulatePaging({
      ...SIMPLE,
      pageSize: 'huge',
      workingSet: 64 * MIB,
      accesses: (64 * MIB) / 64,
    });
    expect(counts).toMatchObject({ tlbMisses: 32, tableReads: 96, tablePages: 3 });
  });

  test('counts add up, whatever is chosen', () => {
    const simulation = fc.record({
      pageSize: fc.constantFrom('small', 'huge'),
      pattern: fc.constantFrom(...PATTERNS),
      tlbEntries: fc.integer({ min: 1, max: 300 }),
      workingSet: fc.integer({ min: 1, max: 8 }).map((mib) => mib * MIB),
      accesses: fc.integer({ min: 1, max: 3000 }),
    });
    fc.assert(
      fc.property(simulation, (chosen) => {
        const { tlbHits, tlbMisses, pageFaults, residentBytes, tablePages } = simulatePaging(chosen);
        expect(tlbHits + tlbMisses).toBe(chosen.accesses);
        expect(pageFaults).toBeLessThanOrEqual(tlbMisses);
        expect(pageFaults).toBeGreaterThan(0);
        expect(residentBytes).toBe(pageFaults * PAGE_SIZES[chosen.pageSize]);
        expect(tablePages).toBeGreaterThanOrEqual(chosen.pageSize === 'huge' ? 3 : 4);
      }),
    );
  });
});
