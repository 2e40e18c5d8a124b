import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompactColumn } from './compact-column.ts';
import { compactColumn } from './compact-column.ts';
import type { Numbers, SegmentFiles } from './segment-files.ts';
import { BadSegment, cutAtFiles, OF_ANOTHER_TIME, pathsOf, readNumbers } from './segment-files.ts';
import type { SegmentLives } from './segment-lives.ts';

type Lived = SegmentFiles & { readonly lives: SegmentLives };

/** The rollup file of a segment as columns: one row a life, parent and hour, in this order. */
export interface SegmentRollup {
  /** Rows of life `l`: from `start[l]` to before `start[l + 1]`. */
  readonly start: Int32Array;
  readonly life: Int32Array;
  /** Life of the same segment, −1 for none. */
  readonly parent: Int32Array;
  /** Rows in which this life is the parent, in order: those of one child lie side by side. */
  rowsOfChildren(parent: number): Int32Array;
  readonly samples: Int32Array;
  readonly firstT: Instants;
  readonly lastT: Instants;
  readonly rss: RolledFigure;
  readonly subtreeRss: RolledFigure;
}

export interface RolledFigure {
  readonly min: CompactColumn;
  readonly minT: Instants;
  readonly max: CompactColumn;
  readonly maxT: Instants;
  readonly sum: CompactColumn;
}

/** Instants of one segment: a day in ms fits 32 bits. */
export interface Instants {
  at(index: number): number;
}

/** @param sqlOf the first that is known of these is the figure that ends so */
function expressionsOf(name: string, sqlOf: (end: string) => string): Record<string, string> {
  return {
    [`${name}Min`]: `coalesce(${sqlOf('min_bytes')})`,
    [`${name}MinT`]: `coalesce(${sqlOf('min_t')}, first_t)`,
    [`${name}Max`]: `coalesce(${sqlOf('max_bytes')})`,
    [`${name}MaxT`]: `coalesce(${sqlOf('max_t')}, first_t)`,
    [`${name}Sum`]: `coalesce(${sqlOf('sum_bytes')})`,
  };
}

const EXPRESSIONS = {
  file: 'file_index',
  life: 'life',
  parent: 'coalesce(parent, -1)',
  samples: 'samples',
  firstT: 'first_t',
  lastT: 'last_t',
  ...expressionsOf('rss', (end) => `rss_${end}`),
  ...expressionsOf('subtree', (end) => `subtree_rss_${end}, rss_${end}`),
};

/** Rollups of segments of one host, in order of time. @throws BadSegment */
export async function readRollups(
  connection: DuckDBConnection,
  segments: readonly Lived[],
): Promise<readonly SegmentRollup[]> {
  const columns = await readNumbers(connection, EXPRESSIONS, pathsOf(segments, 'rollup'));
  return cutAtFiles(columns, columns.file, segments.length).map((cut, at) => rollupOf(cut, segments[at]));
}

const INSTANTS = ['rssMinT', 'rssMaxT', 'subtreeMinT', 'subtreeMaxT'] as const;

/** What is not said of a life that has one row alone: all of that is the life's. */
function takeFromLife(cut: Numbers, row: number, lives: SegmentLives): void {
  const life = cut.life[row];
  const first = lives.firstT[life];
  for (const name of INSTANTS) if (Number.isNaN(cut[name][row])) cut[name][row] = first;
  cut.firstT[row] = first;
  cut.samples[row] = lives.samples[life];
  cut.lastT[row] = lives.lastT[life];
  cut.rssMin[row] = lives.rssMin.at(life);
  cut.rssMax[row] = lives.rssMax.at(life);
  cut.rssSum[row] = lives.rssSum.at(life);
  cut.subtreeMax[row] = lives.subtreeMax.at(life);
  cut.subtreeSum[row] = lives.subtreeSum.at(life);
  if (Number.isNaN(cut.subtreeMin[row])) cut.subtreeMin[row] = cut.rssMin[row];
}

function rollupOf(cut: Numbers, { manifest, lives }: Lived): SegmentRollup {
  const { from, to } = manifest;
  const start = startsOf(cut.life, manifest.lives);
  for (let row = 0; row < cut.life.length; row++) {
    if (Number.isNaN(cut.lastT[row])) takeFromLife(cut, row, lives);
    if (!(cut.firstT[row] >= from && cut.lastT[row] <= to)) throw new BadSegment(OF_ANOTHER_TIME);
  }
  const instants = (values: Float64Array) => instantsAfter(from, sinceOf(values, from));
  const figure = (name: string): RolledFigure => ({
    min: compactColumn(cut[`${name}Min`]),
    minT: instants(cut[`${name}MinT`]),
    max: compactColumn(cut[`${name}Max`]),
    maxT: instants(cut[`${name}MaxT`]),
    sum: compactColumn(cut[`${name}Sum`]),
  });
  const parent = new Int32Array(cut.parent);
  return {
    start,
    life: new Int32Array(cut.life),
    parent,
    rowsOfChildren: childrenOf(parent, manifest.lives),
    samples: new Int32Array(cut.samples),
    firstT: instants(cut.firstT),
    lastT: instants(cut.lastT),
    rss: figure('rss'),
    subtreeRss: figure('subtree'),
  };
}

/** A loop: `from` of typed arrays asks for value by value, at twenty times the price. */
function sinceOf(values: Float64Array, from: number): Int32Array {
  const since = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) since[row] = values[row] - from;
  return since;
}

function instantsAfter(from: number, since: Int32Array): Instants {
  return { at: (index) => since[index] + from };
}

/** A counting sort. */
function childrenOf(parent: Int32Array, lives: number): SegmentRollup['rowsOfChildren'] {
  const end = new Int32Array(lives + 1);
  for (const one of parent) if (one >= 0) end[one + 1]++;
  for (let one = 0; one < lives; one++) end[one + 1] += end[one];
  const rows = new Int32Array(end[lives]);
  for (let row = 0; row < parent.length; row++) if (parent[row] >= 0) rows[end[parent[row]]++] = row;
  return (one) => rows.subarray(one > 0 ? end[one - 1] : 0, end[one]);
}

function startsOf(life: Float64Array, lives: number): Int32Array {
  const start = new Int32Array(lives + 1).fill(life.length);
  for (let row = life.length - 1; row >= 0; row--) {
    if (life[row] < 0 || life[row] >= lives || (row > 0 && life[row - 1] > life[row]))
      throw new BadSegment('its hours are not in order');
    start[life[row]] = row;
  }
  // A life without rows begins where the next one does.
  for (let one = lives - 1; one >= 0; one--) start[one] = Math.min(start[one], start[one + 1]);
  return start;
}
