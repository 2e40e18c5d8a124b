import type { AnalyzeRegionsAnswer } from '../../server/interfaces/http/schemas/analyze.ts';

/** An address space drawn to scale: a few areas, the gaps in and between them folded away. */

export type Stretch = AnalyzeRegionsAnswer['map'][number];

/** Neighbours of one class, drawn as one. Addresses are hexadecimal. */
export interface Block extends Stretch {
  /** Share of the area's width, 0 … 1. */
  readonly left: number;
  readonly width: number;
}

export interface Area extends Pick<Stretch, 'start' | 'end' | 'size_bytes' | 'rss_bytes'> {
  readonly blocks: readonly Block[];
}

/** Holes of at least this part areas: the kernel puts program, mappings and stack further apart than that. */
const FOLD_BYTES = 2 ** 30;
/** An area of less than this share of the largest is drawn with its neighbour: runtimes scatter small pieces. */
const SMALL_AREA = 0.1;
/** What is narrower could not be hit. */
const NARROWEST = 0.004;
/** Of more blocks in an area, guard pages between them are left out. */
const MOST_BLOCKS = 300;

/** Exact below 2⁵³; above, only places on the screen hang on it. */
function addressOf(text: string): number {
  return Number.parseInt(text, 16);
}

/** Reserved address space that nobody may touch is as good as a hole. */
function isHole({ class: kind, size_bytes }: Stretch): boolean {
  return kind === 'guard' && size_bytes >= FOLD_BYTES;
}

function sizeOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
}

function partAtGaps(map: readonly Stretch[]): Stretch[][] {
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

/** Small areas that follow each other become one. */
function joinSmall(areas: readonly Stretch[][]): Stretch[][] {
  const small = SMALL_AREA * Math.max(...areas.map(sizeOf));
  const joined: Stretch[][] = [];
  let isSmall = false;
  for (const area of areas) {
    const follows = isSmall && sizeOf(area) < small;
    if (follows) joined.at(-1)?.push(...area);
    else joined.push([...area]);
    isSmall = sizeOf(area) < small;
  }
  return joined;
}

function join(a: Stretch, b: Stretch): Stretch {
  return {
    ...a,
    end: b.end,
    regions: a.regions + b.regions,
    size_bytes: a.size_bytes + b.size_bytes,
    rss_bytes: a.rss_bytes + b.rss_bytes,
    swap_bytes: a.swap_bytes + b.swap_bytes,
  };
}

/** Neighbours of one class become one, whatever hole is between them. */
function joinAlike(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const before = joined.at(-1);
    if (before?.class === stretch.class) joined[joined.length - 1] = join(before, stretch);
    else joined.push(stretch);
  }
  return joined;
}

function simplify(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined = joinAlike(stretches);
  return joined.length > MOST_BLOCKS
    ? joinAlike(joined.filter(({ class: kind }) => kind !== 'guard'))
    : joined;
}

/** Widths by size; those that would be too narrow get the narrowest, and all are scaled to fit. */
function placeBlocks(stretches: readonly Stretch[]): Block[] {
  const size = sizeOf(stretches);
  const widths = stretches.map(({ size_bytes }) => Math.max(NARROWEST, size_bytes / size));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let left = 0;
  return stretches.map((stretch, at) => {
    const block = { ...stretch, left, width: widths[at] / whole };
    left += block.width;
    return block;
  });
}

/** @param map from low to high, as the kernel lists it */
export function layOutAreas(map: readonly Stretch[]): readonly Area[] {
  return joinSmall(partAtGaps(map)).map((stretches) => ({
    start: stretches[0].start,
    end: stretches[stretches.length - 1].end,
    size_bytes: sizeOf(stretches),
    rss_bytes: stretches.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0),
    blocks: placeBlocks(simplify(stretches)),
  }));
}

type Range = Pick<Stretch, 'start' | 'end'>;

/** `1000-2000`, as the URL has a chosen stretch. `null`: it is none. */
export function parseRange(text: string | undefined): Range | null {
  const match = /^([\da-f]{1,16})-([\da-f]{1,16})$/.exec(text ?? '');
  return match && { start: match[1], end: match[2] };
}

/** Whether a region lies within a stretch. */
export function isWithin(region: Range, stretch: Range): boolean {
  return (
    addressOf(region.start) >= addressOf(stretch.start) && addressOf(region.end) <= addressOf(stretch.end)
  );
}
