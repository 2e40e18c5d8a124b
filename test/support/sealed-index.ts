import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { keySql } from '../../server/adapters/history/life-keys.ts';
import { readManifests, segmentPath } from '../../server/adapters/history/manifests.ts';
import type { SegmentManifest } from '../../server/adapters/history/segment.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { STORED_PROCESS_METRICS } from '../../server/domain/metrics.ts';
import type { Sample } from '../../server/domain/sample.ts';
import { SYSTEM_METRICS } from '../../server/domain/system-metrics.ts';
import type { PlacedSample } from './place-samples.ts';

/** What the files of an index hold, read by plain SQL; and the same by brute force from samples. */

export type Cells = Readonly<Record<string, unknown>>;

export interface SealedHost {
  /** In order of time, then by pid; lives by their keys, NULLs that stand for something filled in. */
  readonly rows: readonly Cells[];
  readonly lives: readonly Cells[];
  readonly rollup: readonly Cells[];
  readonly system: readonly Cells[];
}

const STORED = STORED_PROCESS_METRICS.map(({ id }) => id);
const STORED_SQL = STORED_PROCESS_METRICS.map(({ id, unit }) =>
  unit === 'seconds' ? `p.${id}::DOUBLE AS ${id}` : `p.${id}`,
);

const ROWS = (file: string, lives: string) => `
  SELECT l.key, p.t, up.key AS parent, p.level,
    coalesce(p.subtree_processes, 1) AS subtree_processes,
    coalesce(p.subtree_rss_bytes, p.rss_bytes) AS subtree_rss_bytes, ${STORED_SQL.join(', ')}
  FROM ${file} AS p JOIN ${lives} AS l USING (life) LEFT JOIN ${lives} AS up ON up.life = p.parent
  ORDER BY p.t, p.pid`;
const asOwn = (...ends: readonly string[]) =>
  ends.map((end) => `coalesce(subtree_rss_${end}, rss_${end}) AS subtree_rss_${end}`).join(', ');
const LAST_TREE = `coalesce(last_subtree_processes, 1) AS last_subtree_processes,
  CASE WHEN last_subtree_processes > 1
    THEN coalesce(last_subtree_rss_bytes, subtree_rss_max_bytes)
    ELSE coalesce(last_rss_bytes, rss_max_bytes) END AS last_subtree_rss_bytes,
  coalesce(last_rss_bytes, rss_max_bytes) AS last_rss_bytes`;
const STARTED = `coalesce(l.started, round(l.first_t
  - coalesce(greatest(0, s.uptime_seconds - l.start_ticks / s.clock_ticks), 0) * 1000)::BIGINT) AS started`;
const FULL_LIVES = (
  lives: string,
  system: string,
  manifest: SegmentManifest,
) => `(SELECT * EXCLUDE (key_prefix)
  REPLACE (${asOwn('max_bytes', 'sum_bytes')}, ${LAST_TREE}), ${keySql(manifest)} AS key
  FROM (SELECT l.* REPLACE (${STARTED}, last_cpu_seconds::DOUBLE AS last_cpu_seconds,
    coalesce(rss_min_bytes, rss_max_bytes) AS rss_min_bytes,
    coalesce(rss_sum_bytes, samples * rss_max_bytes) AS rss_sum_bytes,
    coalesce(subtree_rss_sum_bytes, samples * subtree_rss_max_bytes) AS subtree_rss_sum_bytes)
    FROM ${lives} AS l JOIN ${system} AS s ON s.t = l.first_t))`;
const LIVES = (lives: string) => `SELECT * EXCLUDE (life) FROM ${lives} ORDER BY key`;
const ofLife = (...names: readonly string[]) =>
  names.map((name) => `coalesce(r.${name}, l.${name}) AS ${name}`).join(', ');
const WHOLE_LIFE = ofLife('first_t', 'last_t', 'samples', 'rss_min_bytes', 'rss_max_bytes', 'rss_sum_bytes');
const WHOLE_TREE = ['max_bytes', 'sum_bytes']
  .map((end) => `coalesce(r.subtree_rss_${end}, r.rss_${end}, l.subtree_rss_${end}) AS subtree_rss_${end}`)
  .join(', ');
const ROLLUP = (rollup: string, lives: string) => `
  SELECT l.key, up.key AS parent, r.* EXCLUDE (life, parent)
  FROM (SELECT * REPLACE (${asOwn('min_bytes', 'min_t', 'max_t')}) FROM (
    SELECT r.* REPLACE (${WHOLE_LIFE}, ${WHOLE_TREE},
      coalesce(r.rss_min_t, r.first_t, l.first_t) AS rss_min_t,
      coalesce(r.rss_max_t, r.first_t, l.first_t) AS rss_max_t)
    FROM ${rollup} AS r JOIN ${lives} AS l USING (life))) AS r
  JOIN ${lives} AS l USING (life) LEFT JOIN ${lives} AS up ON up.life = r.parent
  ORDER BY l.key, up.key NULLS FIRST, r.hour`;

function plain(cell: unknown): unknown {
  return typeof cell === 'bigint' ? Number(cell) : cell;
}

async function query(connection: DuckDBConnection, sql: string): Promise<Cells[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plain(cell)])));
}

async function readSegment(
  connection: DuckDBConnection,
  index: string,
  one: SegmentManifest,
): Promise<SealedHost> {
  const file = (kind: keyof SealedHost | 'processes') =>
    `read_parquet('${segmentPath(index, one, kind === 'rows' ? 'processes' : kind)}', hive_partitioning = false)`;
  const lives = FULL_LIVES(file('lives'), file('system'), one);
  return {
    rows: await query(connection, ROWS(file('rows'), lives)),
    lives: await query(connection, LIVES(lives)),
    rollup: await query(connection, ROLLUP(file('rollup'), lives)),
    system: await query(
      connection,
      `SELECT * REPLACE (uptime_seconds::DOUBLE AS uptime_seconds) FROM ${file('system')} ORDER BY t`,
    ),
  };
}

/** Runs a query on files in an index. */
export async function queryFiles(sql: string): Promise<Cells[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return await query(connection, sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Each segment of an index in order of host and time. */
export async function readSealed(
  index: string,
): Promise<readonly { readonly manifest: SegmentManifest; readonly holds: SealedHost }[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const { manifests } = await readManifests(index);
    const segments = [];
    for (const manifest of manifests)
      segments.push({ manifest, holds: await readSegment(connection, index, manifest) });
    return segments;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const known = (value: number) => (Number.isNaN(value) ? null : value);

function expectedRows({ sample, placed }: PlacedSample): Cells[] {
  if (!placed) return [];
  const { processes, tree, keys } = placed;
  const cells = { ...processes.numbers, ...processes.texts } as Record<
    string,
    ArrayLike<number | string | null>
  >;
  const rows = keys.map((key, row) => ({
    key,
    t: sample.system.t,
    parent: tree.parent[row] < 0 ? null : keys[tree.parent[row]],
    level: tree.level[row],
    subtree_processes: tree.subtreeProcesses[row],
    subtree_rss_bytes: tree.subtreeRss[row],
    ...Object.fromEntries(
      STORED.map((id) => {
        const cell = cells[id][row];
        return [id, typeof cell === 'number' ? known(cell) : cell];
      }),
    ),
  }));
  const { pid } = processes.numbers;
  return [...rows.keys()].sort((a, b) => pid[a] - pid[b]).map((row) => rows[row]);
}

function expectedSystem({ system, processes, incomplete }: Sample): Cells {
  const { t, bootId, uptimeSeconds, clockTicks, intervalSeconds, label, values } = system;
  return {
    t,
    boot_id: bootId,
    uptime_seconds: uptimeSeconds,
    clock_ticks: clockTicks,
    interval_seconds: intervalSeconds,
    has_processes: processes !== null,
    incomplete,
    label,
    process_rss_bytes: processes ? sum([...processes.numbers.rss_bytes]) : null,
    ...Object.fromEntries(SYSTEM_METRICS.map(({ id }) => [id, values[id] ?? null])),
  };
}

function groupBy(rows: readonly Cells[], nameOf: (row: Cells) => string): Map<string, Cells[]> {
  const groups = new Map<string, Cells[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return groups;
}

const numbersOf = (rows: readonly Cells[], id: string) => rows.map((row) => row[id] as number);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function expectedExtent(rows: readonly Cells[], id: string, name: string): Cells {
  const values = numbersOf(rows, id);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return {
    [`${name}_min_bytes`]: min,
    [`${name}_min_t`]: rows[values.indexOf(min)].t,
    [`${name}_max_bytes`]: max,
    [`${name}_max_t`]: rows[values.indexOf(max)].t,
    [`${name}_sum_bytes`]: sum(values),
  };
}

const hourOf = (row: Cells) => Math.floor((row.t as number) / HOUR_MS) * HOUR_MS;

function expectedRollup(rows: readonly Cells[]): Cells[] {
  const groups = groupBy(rows, (row) => `${row.key} ${row.parent ?? ''} ${hourOf(row)}`);
  return [...groups.values()].map((group) => ({
    key: group[0].key,
    parent: group[0].parent,
    hour: hourOf(group[0]),
    first_t: group[0].t,
    last_t: group[group.length - 1].t,
    samples: group.length,
    ...expectedExtent(group, 'rss_bytes', 'rss'),
    ...expectedExtent(group, 'subtree_rss_bytes', 'subtree_rss'),
  }));
}

/** A row of processes as the lives file tells it of the life. */
function expectedLast({ key, t, parent, pid, start_ticks, cmd, comm, user, ...rest }: Cells): Cells {
  return {
    ...{ cmd, comm, user },
    ...Object.fromEntries(Object.entries(rest).map(([id, cell]) => [`last_${id}`, cell])),
  };
}

function expectedLife(rows: readonly Cells[], samples: readonly PlacedSample[]): Cells {
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const { system } = (samples.find(({ sample }) => sample.system.t === first.t) as PlacedSample).sample;
  const weak = first.start_ticks === null;
  const since = weak ? Number.parseInt(String(first.key).split('-')[2], 36) : Number.NaN;
  const age =
    (system.uptimeSeconds ?? Number.NaN) - (first.start_ticks as number) / (system.clockTicks ?? Number.NaN);
  const rss = numbersOf(rows, 'rss_bytes');
  const subtree = numbersOf(rows, 'subtree_rss_bytes');
  return {
    key: first.key,
    pid: first.pid,
    weak,
    start_ticks: first.start_ticks,
    first_t: first.t,
    last_t: last.t,
    started: weak
      ? since
      : Math.round((first.t as number) - (Number.isNaN(age) ? 0 : Math.max(0, age)) * 1000),
    ...expectedLast(last),
    samples: rows.length,
    rss_min_bytes: Math.min(...rss),
    rss_max_bytes: Math.max(...rss),
    rss_sum_bytes: sum(rss),
    subtree_rss_max_bytes: Math.max(...subtree),
    subtree_rss_sum_bytes: sum(subtree),
  };
}

function byName(...names: readonly string[]): (a: Cells, b: Cells) => number {
  const nameOf = (row: Cells) => names.map((name) => String(row[name] ?? '')).join(' ');
  return (a, b) => (nameOf(a) < nameOf(b) ? -1 : 1);
}

/** What a segment of these samples, of one host and in order of time, must hold. */
export function expectSealed(samples: readonly PlacedSample[]): SealedHost {
  const rows = samples.flatMap(expectedRows);
  return {
    rows,
    lives: [...groupBy(rows, ({ key }) => String(key)).values()]
      .map((group) => expectedLife(group, samples))
      .sort(byName('key')),
    rollup: expectedRollup(rows).sort(byName('key', 'parent', 'hour')),
    system: samples.map(({ sample }) => expectedSystem(sample)),
  };
}
