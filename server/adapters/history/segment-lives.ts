import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompactColumn } from './compact-column.ts';
import { compactColumn } from './compact-column.ts';
import type { LifeNames } from './life-names.ts';
import type { Numbers, SegmentFiles } from './segment-files.ts';
import { BadSegment, cutAtBorders, distinctTexts, pathsOf, placeIn, readNumbers } from './segment-files.ts';

/** The lives file of a segment as columns; a row is what other files of the segment call `life`. */
export interface SegmentLives {
  /** Numbers of LifeNames. */
  readonly id: Int32Array;
  readonly firstT: Float64Array;
  readonly lastT: Float64Array;
  readonly started: Float64Array;
  readonly samples: Int32Array;
  readonly rssMin: CompactColumn;
  readonly rssMax: CompactColumn;
  readonly rssSum: CompactColumn;
  readonly subtreeMax: CompactColumn;
  readonly subtreeSum: CompactColumn;
}

const HEAD = "split_part(key, '-', 1)";

/** When a weak life began is said by its key alone, in base 36. */
const WEAK_START = `list_reduce(list_transform(string_split(split_part(key, '-', 3), ''),
  lambda digit: (strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1)::DOUBLE),
  lambda sum, digit: sum * 36 + digit)`;

const EXPRESSIONS = {
  life: 'life',
  pid: 'pid',
  tail: `CASE WHEN weak THEN ${WEAK_START} ELSE start_ticks END`,
  firstT: 'first_t',
  lastT: 'last_t',
  started: 'started',
  samples: 'samples',
  rssMin: 'rss_min_bytes',
  rssMax: 'rss_max_bytes',
  rssSum: 'rss_sum_bytes',
  subtreeMax: 'coalesce(subtree_rss_max_bytes, rss_max_bytes)',
  subtreeSum: 'coalesce(subtree_rss_sum_bytes, rss_sum_bytes)',
};

/** What keys begin with. Whatever lies between two texts that begin alike begins so too: it need not be looked at. */
async function readHeads(connection: DuckDBConnection, from: string): Promise<readonly string[]> {
  const [ends] = await distinctTexts(connection, ['unnest([min(key), max(key)])'], from);
  const heads = new Set(ends.map((key) => key.split('-')[0]));
  if (heads.size <= 1) return [...heads];
  return (await distinctTexts(connection, [HEAD], from))[0];
}

/** Lives of segments of one host, in order of time. @throws BadSegment */
export async function readLives(
  connection: DuckDBConnection,
  names: LifeNames,
  segments: readonly SegmentFiles[],
): Promise<readonly SegmentLives[]> {
  const from = pathsOf(segments, 'lives');
  const heads = await readHeads(connection, from);
  // Mostly one boot: what every key begins with need not be looked for in each.
  const head = heads.length === 1 ? '0' : placeIn(heads, HEAD);
  const columns = await readNumbers(connection, { ...EXPRESSIONS, head }, from);
  const headIds = heads.map((head) => names.headOf(head));
  return cutAtBorders(columns, columns.firstT, segments).map((cut, at) => {
    if (cut.life.length !== segments[at].manifest.lives)
      throw new BadSegment('holds another number of lives than its manifest says');
    return { id: nameLives(names, headIds, cut), ...figuresOf(cut) };
  });
}

function nameLives(
  names: LifeNames,
  headIds: readonly number[],
  { life, head, pid, tail }: Numbers,
): Int32Array {
  const ids = new Int32Array(life.length);
  for (let at = 0; at < ids.length; at++) {
    if (life[at] !== at || Number.isNaN(tail[at])) throw new BadSegment('its lives are not in order');
    ids[at] = names.idOfParts(headIds[head[at]], pid[at], tail[at]);
  }
  return ids;
}

function figuresOf(cut: Numbers): Omit<SegmentLives, 'id'> {
  return {
    firstT: cut.firstT,
    lastT: cut.lastT,
    started: cut.started,
    samples: new Int32Array(cut.samples),
    rssMin: compactColumn(cut.rssMin),
    rssMax: compactColumn(cut.rssMax),
    rssSum: compactColumn(cut.rssSum),
    subtreeMax: compactColumn(cut.subtreeMax),
    subtreeSum: compactColumn(cut.subtreeSum),
  };
}
