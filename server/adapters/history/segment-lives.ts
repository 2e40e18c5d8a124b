import type { DuckDBConnection } from '@duckdb/node-api';
import { startedAt } from '../../domain/lifetime.ts';
import { firstAtOrAfter } from '../../domain/timeline.ts';
import type { CompactColumn } from './compact-column.ts';
import { compactColumn } from './compact-column.ts';
import type { KeyParts } from './life-keys.ts';
import { keyPartsOf } from './life-keys.ts';
import type { LifeNames } from './life-names.ts';
import type { Numbers, SegmentFiles } from './segment-files.ts';
import { BadSegment, cutAtBorders, distinctTexts, pathsOf, placeIn, readNumbers } from './segment-files.ts';
import type { SegmentSpine } from './segment-spine.ts';

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

const FIGURES = {
  life: 'life',
  pid: 'pid',
  firstT: 'first_t',
  lastT: 'last_t',
  started: 'started',
  samples: 'samples',
  rssMin: 'coalesce(rss_min_bytes, rss_max_bytes)',
  rssMax: 'rss_max_bytes',
  rssSum: 'coalesce(rss_sum_bytes, samples * rss_max_bytes)',
  subtreeMax: 'coalesce(subtree_rss_max_bytes, rss_max_bytes)',
  subtreeSum: `coalesce(subtree_rss_sum_bytes, samples * subtree_rss_max_bytes, rss_sum_bytes, samples * rss_max_bytes)`,
};

/** What keys begin with. Whatever lies between two texts that begin alike begins so too: it need not be looked at. */
async function readHeads(
  connection: DuckDBConnection,
  { key, head }: KeyParts,
  from: string,
): Promise<readonly string[]> {
  const [ends] = await distinctTexts(connection, [`unnest([min(${key}), max(${key})])`], from);
  const heads = new Set(ends.map((end) => end.split('-')[0]));
  if (heads.size <= 1) return [...heads];
  return (await distinctTexts(connection, [head], from))[0];
}

/** Lives of segments of one host, in order of time, that have keys of one kind. @throws BadSegment */
export async function readLives(
  connection: DuckDBConnection,
  names: LifeNames,
  segments: readonly SegmentFiles[],
  spines: readonly SegmentSpine[],
): Promise<readonly SegmentLives[]> {
  const from = pathsOf(segments, 'lives');
  const parts = keyPartsOf(segments[0].manifest);
  const heads = await readHeads(connection, parts, from);
  // Mostly one boot: what every key begins with need not be looked for in each.
  const head = heads.length === 1 ? '0' : placeIn(heads, parts.head);
  const columns = await readNumbers(connection, { ...FIGURES, head, tail: parts.tail }, from);
  const headIds = heads.map((head) => names.headOf(head));
  return cutAtBorders(columns, columns.firstT, segments).map((cut, at) => {
    if (cut.life.length !== segments[at].manifest.lives)
      throw new BadSegment('holds another number of lives than its manifest says');
    const id = nameLives(names, headIds, cut);
    findStarts(cut, spines[at]);
    return { id, ...figuresOf(cut) };
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

/** When lives began of which that is not said: their age in their first sample. */
function findStarts({ started, firstT, tail }: Numbers, spine: SegmentSpine): void {
  for (let at = 0; at < started.length; at++) {
    if (!Number.isNaN(started[at])) continue;
    const sample = firstAtOrAfter(spine.t, firstT[at]);
    started[at] = startedAt(firstT[at], tail[at], spine.uptimeSeconds[sample], spine.clockTicks[sample]);
  }
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
