import type { DuckDBConnection } from '@duckdb/node-api';
import type { LifeSpan, RowTable } from '../../application/ports.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import { depthFirst } from './depth-first.ts';
import { integers, known, readColumns } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';
import { bySibling, ofLives } from './row-source.ts';
import { lastRows, wholeRows } from './segment-rows.ts';

/** Whole rows of processes, as snapshots show them. */

const TREE = [
  't::DOUBLE AS t',
  'life',
  'coalesce(parent, -1)',
  'level::DOUBLE',
  'coalesce(subtree_processes, 1)::DOUBLE',
  'coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE',
];
const STORED = STORED_PROCESS_METRICS.map((metric) =>
  isTextMetric(metric) ? metric.id : `${metric.id}::DOUBLE`,
);
const SELECT = `SELECT ${[...TREE, ...STORED].join(', ')}`;

type Columns = Awaited<ReturnType<typeof readColumns>>;

function processTable(cells: Columns, textOf: RowSource['textOf']): ProcessTable {
  const numbers: Record<string, Float64Array> = {};
  const texts: Record<string, (string | null)[]> = {};
  STORED_PROCESS_METRICS.forEach((metric, at) => {
    if (isTextMetric(metric)) texts[metric.id] = cells[at].map(textOf);
    else numbers[metric.id] = known(cells[at]);
  });
  return { count: cells[0].length, numbers, texts } as unknown as ProcessTable;
}

/** @param spanOf of what the source calls a life, and the row */
function rowTable(
  columns: Columns,
  textOf: RowSource['textOf'],
  spanOf: (life: number, row: number) => LifeSpan,
): RowTable {
  const [t, life, , level, subtreeProcesses, subtreeRss] = columns.slice(0, TREE.length).map(known);
  return {
    t,
    processes: processTable(columns.slice(TREE.length), textOf),
    lives: Array.from(life, spanOf),
    level,
    subtreeProcesses,
    subtreeRss,
  };
}

/** The processes of the sample at exactly `t`, in depth-first order, siblings by pid. */
export async function readSnapshotRows(
  connection: DuckDBConnection,
  source: RowSource,
  t: number,
  spanOf: (id: number) => LifeSpan,
): Promise<RowTable> {
  const from = await wholeRows(connection, source);
  const sql = `${SELECT} FROM ${from} WHERE t = ${integers([t])} ${bySibling(source)}`;
  const columns = depthFirst(await readColumns(connection, sql), { life: 1, parent: 2 });
  return rowTable(columns, source.textOf, (life) => spanOf(source.idOf(life)));
}

/** A moment as a source calls it, and its place in the answer. */
export interface PlacedMoment {
  readonly life: number;
  readonly t: number;
  readonly place: number;
}

type PlacedRows = { readonly table: RowTable; readonly places: readonly number[] };

/** Several instants of several lives. The plain conditions are what a file can be searched by. */
async function readByPairs(
  connection: DuckDBConnection,
  from: string,
  moments: readonly PlacedMoment[],
): Promise<{ readonly columns: Columns; readonly places: readonly number[] }> {
  const lives = moments.map(({ life }) => life);
  const instants = moments.map(({ t }) => t);
  const wanted = moments.map(({ life, t, place }) => `(${integers([life, t, place])})`).join(', ');
  const sql = `${SELECT}, place::DOUBLE FROM ${from}
    JOIN (SELECT col0 AS life, col1 AS t, col2 AS place FROM (VALUES ${wanted})) AS wanted USING (life, t)
    WHERE life BETWEEN ${Math.min(...lives)} AND ${Math.max(...lives)}
      AND t BETWEEN ${Math.min(...instants)} AND ${Math.max(...instants)} ORDER BY place`;
  const columns = await readColumns(connection, sql);
  return { columns: columns.slice(0, -1), places: columns[columns.length - 1].map((place) => place ?? 0) };
}

/** Lives at one instant, each once: a third of the time, and what is asked for mostly. */
async function readAtInstant(
  connection: DuckDBConnection,
  from: string,
  moments: readonly PlacedMoment[],
): Promise<{ readonly columns: Columns; readonly places: readonly number[] }> {
  const placeOf = new Map(moments.map(({ life, place }) => [life, place]));
  const sql = `${SELECT} FROM ${from} WHERE t = ${integers([moments[0].t])} AND ${ofLives(placeOf.keys())}`;
  const columns = await readColumns(connection, sql);
  return { columns, places: columns[1].map((life) => placeOf.get(life ?? -1) ?? 0) };
}

/** Rows of single moments of one source. */
export async function readMomentRows(
  connection: DuckDBConnection,
  source: RowSource,
  moments: readonly PlacedMoment[],
  spanOf: (id: number) => LifeSpan,
): Promise<PlacedRows> {
  const from = await wholeRows(connection, source);
  const isOneInstant = moments.every(({ t }) => t === moments[0].t);
  const isEachOnce = new Set(moments.map(({ life }) => life)).size === moments.length;
  const read = isOneInstant && isEachOnce ? readAtInstant : readByPairs;
  const { columns, places } = await read(connection, from, moments);
  return { table: rowTable(columns, source.textOf, (life) => spanOf(source.idOf(life))), places };
}

/** A moment with its source. */
export type SourceMoment = PlacedMoment & { readonly source: RowSource };

/** Last rows, of all segments at once: those of other segments whose lives have these numbers are left out. */
export async function readLastRows(
  connection: DuckDBConnection,
  moments: readonly SourceMoment[],
  spanOf: (id: number) => LifeSpan,
): Promise<PlacedRows> {
  const sources = [...new Set(moments.map(({ source }) => source))];
  const from = lastRows(sources.flatMap(({ segment }) => segment ?? []));
  const lives = ofLives(new Set(moments.map(({ life }) => life)));
  const sql = `${SELECT}, file_index::DOUBLE FROM ${from} WHERE ${lives}`;
  const columns = await readColumns(connection, sql);
  const files = columns[columns.length - 1];
  const found = moments.flatMap(({ source, life, place }) => {
    const file = sources.indexOf(source);
    const row = columns[1].findIndex((one, at) => one === life && files[at] === file);
    return row < 0 ? [] : [{ row, place, span: spanOf(source.idOf(life)) }];
  });
  const rows = columns.slice(0, -1).map((cells) => found.map(({ row }) => cells[row]));
  const table = rowTable(rows, sources[0].textOf, (_, at) => found[at].span);
  return { table, places: found.map(({ place }) => place) };
}
