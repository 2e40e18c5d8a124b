import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompactColumn } from './compact-column.ts';
import { compactColumn } from './compact-column.ts';
import type { Numbers, SegmentFiles } from './segment-files.ts';
import { BadSegment, cutAtBorders, pathsOf, readNumbers } from './segment-files.ts';

/** The rollup file of a segment as columns: one row a life, parent and hour, in this order. */
export interface SegmentRollup {
  /** Rows of life `l`: from `start[l]` to before `start[l + 1]`. */
  readonly start: Int32Array;
  readonly life: Int32Array;
  /** Life of the same segment, −1 for none. */
  readonly parent: Int32Array;
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

/** @param sqlOf of the figure's column that ends so */
function expressionsOf(name: string, sqlOf: (end: string) => string): Record<string, string> {
  return {
    [`${name}Min`]: sqlOf('min_bytes'),
    [`${name}MinT`]: sqlOf('min_t'),
    [`${name}Max`]: sqlOf('max_bytes'),
    [`${name}MaxT`]: sqlOf('max_t'),
    [`${name}Sum`]: sqlOf('sum_bytes'),
  };
}

const EXPRESSIONS = {
  life: 'life',
  parent: 'coalesce(parent, -1)',
  samples: 'samples',
  firstT: 'first_t',
  lastT: 'last_t',
  ...expressionsOf('rss', (end) => `rss_${end}`),
  ...expressionsOf('subtree', (end) => `coalesce(subtree_rss_${end}, rss_${end})`),
};

/** Rollups of segments of one host, in order of time. @throws BadSegment */
export async function readRollups(
  connection: DuckDBConnection,
  segments: readonly SegmentFiles[],
): Promise<readonly SegmentRollup[]> {
  const columns = await readNumbers(connection, EXPRESSIONS, pathsOf(segments, 'rollup'));
  return cutAtBorders(columns, columns.firstT, segments).map((cut, at) =>
    rollupOf(cut, segments[at].manifest.lives, segments[at].manifest.from),
  );
}

function rollupOf(cut: Numbers, lives: number, from: number): SegmentRollup {
  const instants = (values: Float64Array) =>
    instantsAfter(
      from,
      Int32Array.from(values, (t) => t - from),
    );
  const figure = (name: string): RolledFigure => ({
    min: compactColumn(cut[`${name}Min`]),
    minT: instants(cut[`${name}MinT`]),
    max: compactColumn(cut[`${name}Max`]),
    maxT: instants(cut[`${name}MaxT`]),
    sum: compactColumn(cut[`${name}Sum`]),
  });
  return {
    start: startsOf(cut.life, lives),
    life: Int32Array.from(cut.life),
    parent: Int32Array.from(cut.parent),
    samples: Int32Array.from(cut.samples),
    firstT: instants(cut.firstT),
    lastT: instants(cut.lastT),
    rss: figure('rss'),
    subtreeRss: figure('subtree'),
  };
}

function instantsAfter(from: number, since: Int32Array): Instants {
  return { at: (index) => since[index] + from };
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
