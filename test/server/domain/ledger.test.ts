import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ledger, LedgerFigures } from '../../../server/domain/ledger.ts';
import { buildLedger, LEDGER_FIGURES, LEDGER_PARTS, ledgerPartName } from '../../../server/domain/ledger.ts';

const NOTHING = Object.fromEntries(LEDGER_FIGURES.map((id) => [id, Number.NaN])) as LedgerFigures;

function ledgerOf(figures: Partial<LedgerFigures>): Ledger | null {
  return buildLedger({ ...NOTHING, ...figures });
}

function sumOf(ledger: Ledger | null): number {
  return Object.values(ledger ?? {}).reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** A host at rest, in pages of no particular size. */
const HOST: LedgerFigures = {
  ...NOTHING,
  ...{ mem_total_bytes: 1000, mem_free_bytes: 100, buffers_bytes: 20, cached_bytes: 330 },
  ...{ anon_pages_bytes: 400, shmem_bytes: 50, slab_bytes: 60, page_tables_bytes: 15 },
  ...{ kernel_stack_bytes: 5, huge_tlb_bytes: 30 },
};

const kib = fc.integer({ min: 0, max: 2 ** 30 }).map((count) => count * 1024);
const unknownOr = fc.oneof({ weight: 5, arbitrary: kib }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const figures = fc.record(
  Object.fromEntries(LEDGER_FIGURES.map((id) => [id, unknownOr])),
) as fc.Arbitrary<LedgerFigures>;
const partial = fc
  .tuple(figures, kib)
  .map(([all, total]): LedgerFigures => ({ ...all, mem_total_bytes: total }));

describe('the ledger', () => {
  test('tells each part once: shared memory is not in the page cache', () => {
    expect(buildLedger(HOST)).toEqual({
      ...{ processes: 400, shmem: 50, page_cache: 300, slab: 60, page_tables: 15 },
      ...{ kernel_stacks: 5, huge_pages: 30, free: 100, unexplained: 40 },
    });
  });

  test('has every part of its list in the order of the list, and no other', () => {
    expect(new Set(Object.keys(buildLedger(HOST) ?? {}))).toEqual(new Set(LEDGER_PARTS.map(({ id }) => id)));
    expect(LEDGER_PARTS.map(({ id }) => ledgerPartName(id))).toEqual([
      ...['processes', 'shmem', 'page cache', 'slab', 'page tables', 'kernel stacks', 'huge pages'],
      ...['free', 'unexplained'],
    ]);
  });

  test('adds up to MemTotal exactly, whatever a dump tells, and no part is below 0', () => {
    fc.assert(
      fc.property(partial, (all) => {
        const ledger = buildLedger(all);
        expect(sumOf(ledger)).toBe(all.mem_total_bytes);
        expect(Object.values(ledger ?? {}).every((part) => part === null || part >= 0)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves the parts as they are where they fit', () => {
    fc.assert(
      fc.property(figures, kib, (all, rest) => {
        const parts = LEDGER_FIGURES.filter((id) => id !== 'mem_total_bytes').map((id) => all[id]);
        const room = parts.reduce((sum, part) => sum + (Number.isNaN(part) ? 0 : part), rest);
        const ledger = buildLedger({ ...all, mem_total_bytes: room });
        const told = [ledger?.processes, ledger?.free, ledger?.shmem].map((part) => part ?? Number.NaN);
        expect(told).toEqual([all.anon_pages_bytes, all.mem_free_bytes, all.shmem_bytes]);
      }),
    );
  });

  test('counts what a dump does not tell as unexplained, and says that it is unknown', () => {
    const ledger = buildLedger({ ...HOST, slab_bytes: Number.NaN, page_tables_bytes: Number.NaN });
    expect(ledger).toMatchObject({ slab: null, page_tables: null, unexplained: 40 + 60 + 15 });
  });

  test('takes counters that sum to more than there is out of the page cache first', () => {
    expect(buildLedger({ ...HOST, mem_free_bytes: 200 })).toMatchObject({
      ...{ free: 200, page_cache: 240, unexplained: 0 },
    });
    expect(buildLedger({ ...HOST, mem_free_bytes: 500 })).toMatchObject({
      ...{ page_cache: 0, processes: 340, shmem: 50, free: 500, unexplained: 0 },
    });
  });

  test('knows slab by its halves, which is all that the predecessor recorded', () => {
    const halves = { slab_bytes: Number.NaN, s_reclaimable_bytes: 40, s_unreclaim_bytes: 20 };
    expect(buildLedger({ ...HOST, ...halves })?.slab).toBe(60);
    expect(buildLedger({ ...HOST, ...halves, s_unreclaim_bytes: Number.NaN })?.slab).toBeNull();
  });

  test('of a cache that is smaller than the shared memory in it has no page cache', () => {
    expect(buildLedger({ ...HOST, cached_bytes: 10 })?.page_cache).toBe(0);
  });

  test('is not there where MemTotal is unknown, and unexplained as a whole where nothing else is known', () => {
    expect(ledgerOf({})).toBeNull();
    expect(ledgerOf({ mem_total_bytes: 7 })).toMatchObject({ processes: null, free: null, unexplained: 7 });
  });
});
