import type { BasicFigure, ClassedRegion, LaterFigure, Region, RegionClass } from './memory-regions.ts';
import { BASIC_FIGURES, LATER_FIGURES, REGION_CLASS_IDS } from './memory-regions.ts';

/**
 * Regions in columns. As objects 60 000 of them are a million boxed numbers, and collecting that garbage takes ten times
 * what reading them does.
 */
export interface RegionTable {
  readonly length: number;
  /** A region of its own, in order of address. */
  at(index: number): ClassedRegion;
  classAt(index: number): RegionClass;
  /** Unknown is `NaN`. */
  figureAt(index: number, figure: BasicFigure | LaterFigure): number;
}

export interface GrowingTable extends RegionTable {
  add(region: Region): void;
  /** Gives a region its class. @returns it, in an object that the next call fills again */
  classify(index: number, classOf: (region: Region) => RegionClass): ClassedRegion;
}

const LATER = LATER_FIGURES.map(({ id }) => id);
const BASIC = ['start', 'end', 'offset', 'inode', ...BASIC_FIGURES.map(({ id }) => id)] as const;
const BASIC_WIDTH = BASIC.length;
const NUMBERS = [...BASIC, ...LATER];
const WIDTH = NUMBERS.length;
const COLUMN_OF = Object.fromEntries(NUMBERS.map((name, at) => [name, at])) as Readonly<
  Record<(typeof NUMBERS)[number], number>
>;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NOTHING = {
  ...Object.fromEntries(NUMBERS.map((name) => [name, 0])),
  ...{ permissions: '', device: '', path: '', is_deleted: false, flags: '', class: 'other' },
} as unknown as ClassedRegion;

/** Rows of one array: the table grows without copying. */
const CHUNK = 4096;

type Texts = Pick<Region, 'permissions' | 'device' | 'path' | 'is_deleted' | 'flags'>;

/** Texts are the same for many regions, most of them: kept once, with their number. */
function openTextPool() {
  const known = new Map<string, number>();
  const texts: Texts[] = [];
  return {
    texts,
    numberOf({ permissions, device, path, is_deleted, flags }: Texts): number {
      const name = `${permissions}${is_deleted ? '-' : '+'}${device} ${flags}\n${path}`;
      const number = known.get(name) ?? texts.length;
      if (number === texts.length) {
        known.set(name, number);
        texts.push({ permissions, device, path, is_deleted, flags });
      }
      return number;
    },
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

interface Chunk {
  readonly numbers: Float64Array;
  /** Numbers of texts in the pool. */
  readonly texts: Uint32Array;
  readonly classes: Uint8Array;
}

function openChunk(): Chunk {
  return {
    numbers: new Float64Array(CHUNK * WIDTH),
    texts: new Uint32Array(CHUNK),
    classes: new Uint8Array(CHUNK),
  };
}

function putNumbers({ numbers }: Chunk, row: number, region: Region): void {
  for (let at = 0; at < WIDTH; at++) numbers[row * WIDTH + at] = region[NUMBERS[at]] ?? Number.NaN;
}

function takeNumbers({ numbers }: Chunk, row: number, region: Writable<ClassedRegion>): void {
  const first = row * WIDTH;
  for (let at = 0; at < BASIC_WIDTH; at++) region[BASIC[at]] = numbers[first + at];
  for (let at = 0; at < LATER.length; at++) region[LATER[at]] = known(numbers[first + BASIC_WIDTH + at]);
}

export function openRegionTable(): GrowingTable {
  const chunks: Chunk[] = [];
  const pool = openTextPool();
  const scratch = { ...NOTHING };
  let length = 0;
  const chunkAt = (index: number) => chunks[Math.floor(index / CHUNK)];
  const classAt = (index: number) => REGION_CLASS_IDS[chunkAt(index).classes[index % CHUNK]];
  const fill = (index: number, region: Writable<ClassedRegion>) => {
    const chunk = chunkAt(index);
    takeNumbers(chunk, index % CHUNK, region);
    Object.assign(region, pool.texts[chunk.texts[index % CHUNK]]);
    region.class = classAt(index);
    return region;
  };
  return {
    get length() {
      return length;
    },
    add(region) {
      if (length === chunks.length * CHUNK) chunks.push(openChunk());
      const chunk = chunkAt(length);
      putNumbers(chunk, length % CHUNK, region);
      chunk.texts[length % CHUNK] = pool.numberOf(region);
      length++;
    },
    classAt,
    figureAt: (index, figure) => chunkAt(index).numbers[(index % CHUNK) * WIDTH + COLUMN_OF[figure]],
    at: (index) => fill(index, { ...NOTHING }),
    classify(index, classOf) {
      const region = fill(index, scratch);
      region.class = classOf(region);
      chunkAt(index).classes[index % CHUNK] = REGION_CLASS_IDS.indexOf(region.class);
      return region;
    },
  };
}
