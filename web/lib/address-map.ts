import type { AnalyzeRegionsAnswer } from '../../server/interfaces/http/schemas/analyze.ts';

/** An address space drawn to scale: areas that lie together, with the gaps between them folded away. */

export type Stretch = AnalyzeRegionsAnswer['map'][number];
export type RegionClass = Stretch['class'];

export interface Block {
  readonly stretch: Stretch;
  /** Share of the area's width, 0 … 1. */
  readonly left: number;
  readonly width: number;
  /** Share of it that is in RAM, 0 … 1. */
  readonly resident: number;
}

export interface Area {
  readonly start: string;
  readonly end: string;
  /** Of its stretches, without the holes in it. */
  readonly sizeBytes: number;
  readonly rssBytes: number;
  readonly blocks: readonly Block[];
}

/** Holes of at least this are folded: the kernel puts program, mappings and stack further apart than that. */
const FOLD_BYTES = 2 ** 30;
/** What is narrower could not be hit. */
const NARROWEST = 0.004;

/** Addresses below 2⁵³ are exact as numbers; above, only places on the screen hang on them. */
function addressOf(text: string): number {
  return Number.parseInt(text, 16);
}

/** Reserved address space that nobody may touch is as good as a hole. */
function isHole({ class: kind, size_bytes }: Stretch): boolean {
  return kind === 'guard' && size_bytes >= FOLD_BYTES;
}

function areasOf(map: readonly Stretch[]): Stretch[][] {
  const areas: Stretch[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const stretch of map) {
    if (isHole(stretch)) continue;
    if (addressOf(stretch.start) - end >= FOLD_BYTES) areas.push([]);
    areas.at(-1)?.push(stretch);
    end = addressOf(stretch.end);
  }
  return areas;
}

/** Widths by size; those that would be too narrow get the narrowest, and all are scaled to fit. */
function blocksOf(stretches: readonly Stretch[]): Block[] {
  const size = stretches.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  const widths = stretches.map(({ size_bytes }) => Math.max(NARROWEST, size_bytes / size));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let left = 0;
  return stretches.map((stretch, at) => {
    const width = widths[at] / whole;
    const block = { stretch, left, width, resident: Math.min(1, stretch.rss_bytes / stretch.size_bytes) };
    left += width;
    return block;
  });
}

/** @param map from low to high, as the kernel lists it */
export function layOutAreas(map: readonly Stretch[]): readonly Area[] {
  return areasOf(map).map((stretches) => ({
    start: stretches[0].start,
    end: stretches[stretches.length - 1].end,
    sizeBytes: stretches.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    rssBytes: stretches.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0),
    blocks: blocksOf(stretches),
  }));
}

/** The rows of a table that lie within a stretch. */
export function isWithin(row: { readonly start: string; readonly end: string }, stretch: Stretch): boolean {
  return addressOf(row.start) >= addressOf(stretch.start) && addressOf(row.end) <= addressOf(stretch.end);
}
