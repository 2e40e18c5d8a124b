/**
 * SIMULATION: how an x86-64 CPU finds the page behind an address, with a cache (TLB) of a chosen size. It holds no
 * measured figure; each number is counted here. Intel SDM vol. 3A, 5.5: 4-level paging, 48-bit addresses.
 */

export const PAGE_SIZES = { small: 4096, huge: 2 * 1024 * 1024 } as const;
export type PageSize = keyof typeof PAGE_SIZES;

export const PATTERNS = ['sequential', 'strided', 'scattered'] as const;
export type Pattern = (typeof PATTERNS)[number];

export interface Simulation {
  readonly pageSize: PageSize;
  /** Translations that the TLB holds; the least recently used one gives way. */
  readonly tlbEntries: number;
  readonly pattern: Pattern;
  /** Memory that the program goes over, bytes. */
  readonly workingSet: number;
  readonly accesses: number;
}

export const SIMULATION_BOUNDS = {
  tlbEntries: { min: 1, max: 2048, default: 64 },
  workingSetMiB: { min: 1, max: 1024, default: 1 },
  accesses: { min: 1, max: 100_000, default: 2000 },
} as const;

/** Nine bits of an address each, from the top table down; a huge page ends one table earlier. */
export interface Walk {
  readonly address: number;
  readonly indices: readonly number[];
  readonly offset: number;
}

export interface SimulatedCounts {
  readonly accesses: number;
  readonly tlbHits: number;
  /** Walks through the tables, each of as many reads as there are tables. */
  readonly tlbMisses: number;
  readonly tableReads: number;
  /** First touches of a page: the kernel has to give one. */
  readonly pageFaults: number;
  readonly tablePages: number;
  readonly residentBytes: number;
  readonly last: Walk;
}

const TABLES = ['PML4', 'PDPT', 'PD', 'PT'] as const;
const ENTRIES = 512;
/** Where the simulated program has its memory. */
const BASE = 0x7f00_0000_0000;
const STRIDE = 16_448;

export function tablesOf(pageSize: PageSize): readonly string[] {
  return TABLES.slice(0, pageSize === 'huge' ? 3 : 4);
}

/** An address → the entry of each table, and the place within the page. */
export function walkOf(address: number, pageSize: PageSize): Walk {
  const size = PAGE_SIZES[pageSize];
  let rest = Math.floor(address / size);
  const indices = tablesOf(pageSize).map(() => {
    const index = rest % ENTRIES;
    rest = Math.floor(rest / ENTRIES);
    return index;
  });
  return { address, indices: indices.reverse(), offset: address % size };
}

/** Every place of the working set once before any comes again, in an order that looks random and is not. */
function addressAt(step: number, { pattern, workingSet }: Simulation): number {
  if (pattern === 'sequential') return BASE + ((step * 64) % workingSet);
  if (pattern === 'strided') return BASE + ((step * STRIDE) % workingSet);
  const pages = Math.max(1, Math.floor(workingSet / PAGE_SIZES.small));
  return BASE + ((step * 40_503) % pages) * PAGE_SIZES.small;
}

/** A page of tables for each entry in use of the table above it, and the top one. */
function countTablePages(pages: ReadonlySet<number>, levels: number): number {
  let count = 1;
  let used = pages;
  for (let level = 1; level < levels; level++) {
    used = new Set([...used].map((entry) => Math.floor(entry / ENTRIES)));
    count += used.size;
  }
  return count;
}

/** Linear in the accesses. A Map keeps its keys in the order in which they were put: the first is the oldest. */
export function simulatePaging(simulation: Simulation): SimulatedCounts {
  const { pageSize, tlbEntries, accesses } = simulation;
  const size = PAGE_SIZES[pageSize];
  const levels = tablesOf(pageSize).length;
  const tlb = new Map<number, true>();
  const mapped = new Set<number>();
  let tlbHits = 0;
  let address = BASE;
  for (let step = 0; step < accesses; step++) {
    address = addressAt(step, simulation);
    const page = Math.floor(address / size);
    if (tlb.delete(page)) tlbHits++;
    tlb.set(page, true);
    mapped.add(page);
    if (tlb.size > tlbEntries) tlb.delete(tlb.keys().next().value as number);
  }
  const tlbMisses = accesses - tlbHits;
  return {
    accesses,
    tlbHits,
    tlbMisses,
    tableReads: tlbMisses * levels,
    pageFaults: mapped.size,
    tablePages: countTablePages(mapped, levels),
    residentBytes: mapped.size * size,
    last: walkOf(address, pageSize),
  };
}
