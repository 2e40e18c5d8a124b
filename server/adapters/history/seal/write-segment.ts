import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { STORED_PROCESS_METRICS } from '../../../domain/metrics.ts';
import type { WeakProcess } from '../../../domain/process-lives.ts';
import { SYSTEM_METRICS } from '../../../domain/system-metrics.ts';
import { segmentPath } from '../manifests.ts';
import type { SegmentKind, SegmentManifest, SegmentSource } from '../segment.ts';
import { SEGMENT_KINDS } from '../segment.ts';
import type { SegmentName } from '../segment-paths.ts';
import { manifestPath, sourcesPath } from '../segment-paths.ts';
import type { RowStream } from './row-stream.ts';
import { openSegmentTables } from './segment-columns.ts';
import type { SegmentFiles } from './segment-files.ts';
import { cannotWrite, putFile, putFiles, removeQuietly, sizeOf } from './segment-files.ts';
import type { SortedDay } from './sort-day.ts';
import { formatSources } from './sources.ts';
import type { StreamColumn, StreamTable } from './stream-columns.ts';

/** Where segments are written, and with what. */
export interface SegmentWriter {
  readonly index: string;
  readonly files: SegmentFiles;
  readonly connection: DuckDBConnection;
  readonly stream: RowStream;
}

export interface NewSegment {
  readonly date: string;
  readonly sorted: SortedDay;
  readonly sources: readonly SegmentSource[];
  readonly weak: readonly WeakProcess[];
  /** For its manifest, see there. */
  readonly around: Pick<SegmentManifest, 'first' | 'last' | 'context' | 'part'>;
}

/**
 * Nothing asks the engine for single texts or figures of all files, which Bloom filters are for. Of zstd's levels 6 takes
 * 2 % less room than 3, and 1.2 of 16 s of CPU more; 1 takes 4 % more, for 0.4 s.
 */
const PARQUET =
  'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 3, WRITE_BLOOM_FILTER false, USE_TMP_FILE false';
/**
 * Figures that jitter have too many values for a dictionary: split into their bytes they take two thirds. So do those of
 * a short table that have a value every few rows.
 */
const MOST_VALUES = 256;
const ROWS_PER_VALUE = 8;
/** But instants, which each life repeats, take a third with one; and the engine has one limit for all columns. */
const MOST_INSTANTS = 1024;
/** A row group may have more samples than others. */
const UNEVEN = 1.1;
/** An enumeration is in each row group as a whole: of more texts than that, a group has only its own. */
const MOST_WORDS = 512;

/** Options of COPY for a table of so many rows. @param instants in each row group, where lives repeat them */
export function parquetOptions(rows: number, groupRows: number, instants = 0): string {
  const few = Math.min(MOST_VALUES, Math.ceil(rows / ROWS_PER_VALUE) + 1);
  const values = instants > few && instants <= MOST_INSTANTS ? instants : few;
  return `${PARQUET}, DICTIONARY_SIZE_LIMIT ${values}, ROW_GROUP_SIZE ${groupRows}`;
}

function timeOfDay(t: number): string {
  return new Date(t).toISOString().slice(11, 23).replace(/\D/g, '');
}

export function newSegmentId(from: number, to: number): string {
  return `${timeOfDay(from)}-${timeOfDay(to)}-${randomBytes(4).toString('hex')}`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function selectItem({ name, words }: StreamColumn, groups: number): string {
  return groups > 1 && words > MOST_WORDS ? `${name}::VARCHAR AS ${name}` : name;
}

/** What the catalogue says of the columns, for whoever opens the file elsewhere: JSON, help by name. */
function describeColumns({ columns }: StreamTable): string {
  const metrics = [...STORED_PROCESS_METRICS, ...SYSTEM_METRICS];
  const helpOf = new Map<string, string>(metrics.map(({ id, help }) => [id, help]));
  const known = columns.flatMap(({ name }) => {
    const help = helpOf.get(name);
    return help === undefined ? [] : [[name, help]];
  });
  return JSON.stringify(Object.fromEntries(known));
}

async function writeTable(
  { connection, stream }: SegmentWriter,
  table: StreamTable,
  samples: number,
  path: string,
) {
  stream.offer(table);
  const { columns, rows, ends, groupRows } = table;
  const items = columns.map((column) => selectItem(column, ends.length)).join(', ');
  const options = `${parquetOptions(rows, groupRows, Math.ceil((samples * UNEVEN) / ends.length))}, KV_METADATA {columns: ${sqlText(describeColumns(table))}}`;
  await connection.run(`COPY (SELECT ${items} FROM ${stream.table}) TO ${sqlText(path)} (${options})`);
}

async function writeFiles(writer: SegmentWriter, name: SegmentName, segment: NewSegment): Promise<number> {
  const { index, files } = writer;
  const tables = openSegmentTables(segment.sorted);
  const kindOf = new Map<string, SegmentKind>(
    SEGMENT_KINDS.map((kind) => [segmentPath(index, name, kind), kind]),
  );
  const sources = sourcesPath(index, name);
  await putFiles(files, [...kindOf.keys(), sources], (path, temporary) => {
    const kind = kindOf.get(path);
    const samples = kind === 'processes' ? segment.sorted.samples.length : 0;
    if (kind) return writeTable(writer, tables[kind](), samples, temporary);
    return files.write(temporary, formatSources(segment.sources));
  });
  return [...kindOf.keys(), sources].reduce((total, path) => total + sizeOf(path), 0);
}

/** Takes segments away: the manifest first, so that no reader looks for files that have gone. */
export function removeSegments(
  { index, files }: Pick<SegmentWriter, 'index' | 'files'>,
  segments: readonly SegmentName[],
): void {
  for (const name of segments) removeQuietly(files, manifestPath(index, name));
  for (const name of segments) {
    for (const kind of SEGMENT_KINDS) removeQuietly(files, segmentPath(index, name, kind));
    removeQuietly(files, sourcesPath(index, name));
  }
}

/**
 * Writes the files of a segment. It does not count before it is committed.
 * @throws MemoryInspectorError `cannot_write`; then nothing of it is left
 */
export async function writeSegment(writer: SegmentWriter, segment: NewSegment): Promise<SegmentManifest> {
  const { index } = writer;
  const { sorted, date } = segment;
  const { host } = sorted.day;
  const from = sorted.samples[0].system.t;
  const to = sorted.samples[sorted.samples.length - 1].system.t;
  const name: SegmentName = { id: newSegmentId(from, to), host, date };
  try {
    const bytes = await writeFiles(writer, name, segment);
    return {
      version: 4,
      ...name,
      from,
      to,
      samples: sorted.samples.length,
      rows: sorted.day.rows.count,
      lives: sorted.lives.length,
      bytes,
      replaces: [],
      sealedAt: new Date().toISOString(),
      weak: segment.weak,
      ...segment.around,
    };
  } catch (error) {
    removeSegments(writer, [name]);
    throw cannotWrite(index, error);
  }
}

function inSet(written: readonly SegmentManifest[]): readonly SegmentManifest[] {
  if (written.length === 1) return written;
  const set = randomBytes(8).toString('hex');
  return written.map((one, place) => ({ ...one, part: { set, place, of: written.length } }));
}

/**
 * Makes written segments of one host and date count, all at once, in the place of others.
 * @throws MemoryInspectorError `cannot_write`; then nothing of them is left, and the others are as they were
 */
export async function commitSegments(
  writer: SegmentWriter,
  written: readonly SegmentManifest[],
  replaced: readonly SegmentManifest[],
): Promise<void> {
  const { index, files } = writer;
  const replaces = replaced.map(({ id }) => id);
  try {
    for (const one of inSet(written)) {
      const text = `${JSON.stringify({ ...one, replaces })}\n`;
      await putFile(files, manifestPath(index, one), Buffer.from(text));
    }
  } catch (error) {
    removeSegments(writer, written);
    throw cannotWrite(index, error);
  }
  removeSegments(writer, replaced);
}
