import type { DuckDBConnection } from '@duckdb/node-api';
import { hasTextKeys } from './life-keys.ts';
import type { LifeNames } from './life-names.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { parquet } from './read-chunks.ts';
import type { SegmentFiles } from './segment-files.ts';
import { readLives } from './segment-lives.ts';
import { readSpines } from './segment-spine.ts';

/** What of segments is read when they are taken over. */

/** So many files at once. */
const BATCH = 8;

async function loadBatch(
  connection: DuckDBConnection,
  names: LifeNames,
  files: readonly SegmentFiles[],
): Promise<LoadedSegment[]> {
  const spines = await readSpines(connection, files);
  const lives = await readLives(connection, names, files, spines);
  return files.map((one, at) => ({
    ...one,
    spine: spines[at],
    lives: lives[at],
    figures: {},
    rollup: null,
    ends: null,
    commands: [],
    lacks: null,
    askedAt: 0,
  }));
}

export interface Loading {
  /** The engine reads for one while what another has read is put into columns. */
  readonly connections: readonly DuckDBConnection[];
  readonly names: LifeNames;
  readonly onLoaded: (segments: readonly LoadedSegment[]) => void;
  readonly onFailure: (files: SegmentFiles, error: unknown) => void;
}

/** One by one where they cannot be loaded together: who is bad must cost only itself. */
async function load(
  loading: Loading,
  connection: DuckDBConnection,
  files: readonly SegmentFiles[],
): Promise<void> {
  try {
    loading.onLoaded(await loadBatch(connection, loading.names, files));
  } catch (error) {
    if (files.length === 1) loading.onFailure(files[0], error);
    else for (const one of files) await load(loading, connection, [one]);
  }
}

export function* batchesOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Those that one question can be asked of: of one host, and with keys of one kind. */
function alikeOf(files: readonly SegmentFiles[]): readonly (readonly SegmentFiles[])[] {
  const alike = new Map<string, SegmentFiles[]>();
  for (const one of files) {
    const kind = `${hasTextKeys(one.manifest)} ${one.manifest.host}`;
    const known = alike.get(kind);
    if (known) known.push(one);
    else alike.set(kind, [one]);
  }
  return [...alike.values()];
}

/** Loads segments, in any order. */
export async function loadSegments(loading: Loading, files: readonly SegmentFiles[]): Promise<void> {
  const batches = alikeOf(files)
    .flatMap((alike) => [...batchesOf(alike, BATCH)])
    .values();
  await Promise.all(
    loading.connections.map(async (connection) => {
      for (const batch of batches) await load(loading, connection, batch);
    }),
  );
}

/** Fails where columns that are read only when somebody asks cannot be read. */
export async function probeSegment(connection: DuckDBConnection, { paths }: SegmentFiles): Promise<void> {
  await connection.run(`SELECT max(t), max(life), max(rss_bytes) FROM ${parquet([paths.processes])}`);
  await connection.run(`SELECT max(first_t), max(life), max(rss_max_bytes) FROM ${parquet([paths.rollup])}`);
  await connection.run(`SELECT max(cmd) FROM ${parquet([paths.lives])}`);
}
