import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { DOUBLE, INTEGER, LIST, listValue } from '@duckdb/node-api';
import type {
  InstantRange,
  LifeStatistics,
  LifeTimeline,
  Moment,
  RowTable,
  SystemSeries,
} from '../../application/ports.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import { SYSTEM_METRICS } from '../../domain/system-metrics.ts';
import type { LifeRegistry } from './life-registry.ts';
import type { TextPool } from './text-pool.ts';

/** Every question that the history asks of DuckDB. Parameters are bound; names come from the catalogue. */

type Cells = readonly (number | null)[];

async function readColumns(
  connection: DuckDBConnection,
  sql: string,
  parameters: Readonly<Record<string, number>>,
): Promise<readonly Cells[]> {
  const reader = await connection.runAndReadAll(sql, { ...parameters });
  return columnsOf(reader);
}

/** The reader gives no columns at all where there are no rows. */
function columnsOf(reader: DuckDBResultReader): readonly Cells[] {
  const columns = reader.getColumns() as unknown as readonly Cells[];
  return Array.from({ length: reader.columnCount }, (_, at) => columns[at] ?? []);
}

function known(cells: Cells): Float64Array {
  return Float64Array.from(cells, (cell) => cell ?? Number.NaN);
}

const SYSTEM_NAMES = ['process_rss_bytes', ...SYSTEM_METRICS.map((metric) => metric.id)] as const;

export async function readSystem(
  connection: DuckDBConnection,
  host: number,
  range: InstantRange,
): Promise<SystemSeries> {
  const [t, ...cells] = await readColumns(
    connection,
    `SELECT t, ${SYSTEM_NAMES.join(', ')} FROM system_samples
     WHERE host = $host AND t BETWEEN $from AND $to ORDER BY t`,
    { host, from: range.from, to: range.to },
  );
  const values = Object.fromEntries(SYSTEM_NAMES.map((name, at) => [name, known(cells[at])]));
  return { t: t as readonly number[], values: values as unknown as SystemSeries['values'] };
}

const TREE_NAMES = ['t', 'life', 'level', 'position', 'subtree_processes', 'subtree_rss_bytes'] as const;
const STORED_NAMES = STORED_PROCESS_METRICS.map((metric) => metric.id);
const SELECT_ROWS = `SELECT ${[...TREE_NAMES, ...STORED_NAMES].join(', ')} FROM process_samples`;

function processTable(cells: readonly Cells[], pool: TextPool): ProcessTable {
  const numbers: Record<string, Float64Array> = {};
  const texts: Record<string, (string | null)[]> = {};
  STORED_PROCESS_METRICS.forEach((metric, at) => {
    if (isTextMetric(metric)) texts[metric.id] = cells[at].map((id) => pool.textOf(id));
    else numbers[metric.id] = known(cells[at]);
  });
  return { count: cells[0].length, numbers, texts } as unknown as ProcessTable;
}

function rowTable(cells: readonly Cells[], pool: TextPool, lives: LifeRegistry): RowTable {
  const [t, life, level, position, subtreeProcesses, subtreeRss] = cells
    .slice(0, TREE_NAMES.length)
    .map(known);
  return {
    t,
    processes: processTable(cells.slice(TREE_NAMES.length), pool),
    lives: Array.from(life, (id) => lives.ofId(id)),
    level,
    position,
    subtreeProcesses,
    subtreeRss,
  };
}

/** The processes of the sample at exactly `t`, in depth-first order. */
export async function readSnapshot(
  connection: DuckDBConnection,
  where: { readonly host: number; readonly t: number },
  pool: TextPool,
  lives: LifeRegistry,
): Promise<RowTable> {
  const sql = `${SELECT_ROWS} WHERE host = $host AND t = $t ORDER BY position`;
  return rowTable(await readColumns(connection, sql, { ...where }), pool, lives);
}

/** The rows of single lives at single instants, in the order given. */
export async function readMoments(
  connection: DuckDBConnection,
  host: number,
  moments: readonly Moment[],
  pool: TextPool,
  lives: LifeRegistry,
): Promise<RowTable> {
  const reader = await connection.runAndReadAll(
    `${SELECT_ROWS} JOIN (SELECT unnest($lives) AS life, unnest($instants) AS t, generate_subscripts($lives, 1) AS place)
     USING (life, t) WHERE host = $host ORDER BY place`,
    {
      host,
      lives: listValue(moments.map((moment) => moment.life)),
      instants: listValue(moments.map((moment) => moment.t)),
    },
    { lives: LIST(INTEGER), instants: LIST(DOUBLE) },
  );
  return rowTable(columnsOf(reader), pool, lives);
}

export async function readStatistics(
  connection: DuckDBConnection,
  host: number,
  lives: readonly number[],
  range: InstantRange,
): Promise<ReadonlyMap<number, LifeStatistics>> {
  const reader = await connection.runAndReadAll(
    `SELECT life, min(rss_bytes), sum(rss_bytes) / count(*), max(rss_bytes),
            sum(subtree_rss_bytes) / count(*), max(subtree_rss_bytes)
     FROM process_samples
     WHERE host = $host AND t BETWEEN $from AND $to AND life IN (SELECT unnest($lives))
     GROUP BY life`,
    { host, from: range.from, to: range.to, lives: listValue([...lives]) },
    { lives: LIST(INTEGER) },
  );
  const rows = reader.getRows() as unknown as readonly (readonly number[])[];
  return new Map(
    rows.map(([life, rssMin, rssMean, rssMax, subtreeRssMean, subtreeRssMax]) => [
      life,
      { rssMin, rssMean, rssMax, subtreeRssMean, subtreeRssMax },
    ]),
  );
}

export async function readTimeline(
  connection: DuckDBConnection,
  host: number,
  life: number,
  range: InstantRange,
): Promise<LifeTimeline> {
  const [t, rss, subtreeRss] = await readColumns(
    connection,
    `SELECT t, rss_bytes, subtree_rss_bytes FROM process_samples
     WHERE host = $host AND life = $life AND t BETWEEN $from AND $to ORDER BY t`,
    { host, life, from: range.from, to: range.to },
  );
  return { t, rss, subtreeRss } as LifeTimeline;
}

/** Timelines of all direct children by life id, each in order of time. */
export async function readChildren(
  connection: DuckDBConnection,
  host: number,
  life: number,
  range: InstantRange,
): Promise<ReadonlyMap<number, LifeTimeline>> {
  const [child, t, rss, subtreeRss] = await readColumns(
    connection,
    `SELECT life, t, rss_bytes, subtree_rss_bytes FROM process_samples
     WHERE host = $host AND parent_life = $life AND t BETWEEN $from AND $to ORDER BY life, t`,
    { host, life, from: range.from, to: range.to },
  );
  const children = new Map<number, { t: number[]; rss: number[]; subtreeRss: number[] }>();
  child.forEach((id, row) => {
    const timeline = children.get(id ?? 0) ?? { t: [], rss: [], subtreeRss: [] };
    timeline.t.push(t[row] ?? 0);
    timeline.rss.push(rss[row] ?? 0);
    timeline.subtreeRss.push(subtreeRss[row] ?? 0);
    children.set(id ?? 0, timeline);
  });
  return children;
}
