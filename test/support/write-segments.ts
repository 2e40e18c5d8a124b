import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { segmentPath } from '../../server/adapters/history/manifests.ts';
import type { SegmentManifest } from '../../server/adapters/history/segment.ts';
import { SEGMENT_KINDS } from '../../server/adapters/history/segment.ts';
import { manifestPath } from '../../server/adapters/history/segment-paths.ts';
import { lifetimeSeconds } from '../../server/domain/lifetime.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../../server/domain/metrics.ts';
import { formatDay } from '../../server/domain/stamp.ts';
import { SYSTEM_METRICS } from '../../server/domain/system-metrics.ts';
import type { PlacedProcesses, PlacedSample } from './place-samples.ts';
import { survivorsOf } from './place-samples.ts';

/**
 * A second writer of segments, in plain SQL after docs/segments.md: what is sealed by it and by the product must
 * read the same.
 */

const RAW = ['t', 'key', 'parent_key', 'age', 'level', 'subtree_processes', 'subtree_rss_bytes'];
const isText = (name: string) =>
  name.endsWith('key') || STORED_PROCESS_METRICS.some((metric) => metric.id === name && isTextMetric(metric));
const RAW_COLUMNS = [...RAW, ...STORED_PROCESS_METRICS.map((metric) => metric.id)];
const SYSTEM_TEXTS = ['boot_id', 'label'];
const SYSTEM_COLUMNS = [
  ...['t', 'boot_id', 'uptime_seconds', 'clock_ticks', 'interval_seconds', 'has_processes', 'incomplete'],
  ...['label', 'process_rss_bytes', ...SYSTEM_METRICS.map((metric) => metric.id)],
];

type Cell = number | string | null;

function appendRow(appender: DuckDBAppender, cells: readonly Cell[]): void {
  for (const cell of cells)
    if (typeof cell === 'string') appender.appendVarchar(cell);
    else if (cell === null || Number.isNaN(cell)) appender.appendNull();
    else appender.appendDouble(cell);
  appender.endRow();
}

function appendProcesses(appender: DuckDBAppender, { sample }: PlacedSample, placed: PlacedProcesses): void {
  const { t, uptimeSeconds, clockTicks } = sample.system;
  const { processes, tree, keys, since } = placed;
  for (let row = 0; row < processes.count; row++) {
    const age = lifetimeSeconds(
      uptimeSeconds ?? Number.NaN,
      processes.numbers.start_ticks[row],
      clockTicks ?? Number.NaN,
    );
    const weakAge = (t - since[row]) / 1000;
    const own = [age, weakAge, 0].find((seconds) => !Number.isNaN(seconds)) ?? 0;
    const parent = tree.parent[row];
    appendRow(appender, [
      ...[t, keys[row], parent < 0 ? null : keys[parent], own],
      ...[tree.level[row], tree.subtreeProcesses[row], tree.subtreeRss[row]],
      ...STORED_PROCESS_METRICS.map(
        (metric): Cell =>
          isTextMetric(metric)
            ? processes.texts[metric.id as keyof typeof processes.texts][row]
            : processes.numbers[metric.id as keyof typeof processes.numbers][row],
      ),
    ]);
  }
}

function appendSystem(appender: DuckDBAppender, { sample, placed }: PlacedSample): void {
  const { system, incomplete } = sample;
  appendRow(appender, [
    ...[system.t, system.bootId, system.uptimeSeconds, system.clockTicks, system.intervalSeconds],
    ...[placed ? 1 : 0, incomplete ? 1 : 0, system.label],
    placed ? placed.processes.numbers.rss_bytes.reduce((sum, rss) => sum + rss, 0) : null,
    ...SYSTEM_METRICS.map((metric) => system.values[metric.id] ?? null),
  ]);
}

const LIVES = `CREATE TABLE lives AS
  SELECT (row_number() OVER (ORDER BY pid, start_ticks, key) - 1)::INTEGER AS life, * FROM (
    SELECT key, min(pid)::INTEGER AS pid, key LIKE 'w%' AS weak, min(start_ticks)::BIGINT AS start_ticks,
      min(t)::BIGINT AS first_t, max(t)::BIGINT AS last_t, round(min(t) - arg_min(age, t) * 1000)::BIGINT AS started,
      arg_max_null(cmd, t) AS cmd, arg_max_null(comm, t) AS comm, arg_max_null("user", t) AS "user", count(*)::INTEGER AS samples,
      min(rss_bytes)::BIGINT AS rss_min_bytes, max(rss_bytes)::BIGINT AS rss_max_bytes,
      sum(rss_bytes)::BIGINT AS rss_sum_bytes, max(subtree_rss_bytes)::BIGINT AS subtree_rss_max_bytes,
      sum(subtree_rss_bytes)::BIGINT AS subtree_rss_sum_bytes
    FROM raw GROUP BY key)`;

const OTHER_BYTES = STORED_PROCESS_METRICS.map((metric) =>
  metric.unit === 'bytes' ? `r.${metric.id}::BIGINT AS ${metric.id}` : `r.${metric.id}`,
);

const PROCESSES = `SELECT l.life, r.t::BIGINT AS t, p.life AS parent, r.level::SMALLINT AS level,
    nullif(r.subtree_processes, 1)::INTEGER AS subtree_processes,
    nullif(r.subtree_rss_bytes, r.rss_bytes)::BIGINT AS subtree_rss_bytes, ${OTHER_BYTES.join(', ')}
  FROM raw r JOIN lives l USING (key) LEFT JOIN lives p ON p.key = r.parent_key ORDER BY l.life, r.t`;

/** Of equal values the first instant. */
function extremes(name: string): string {
  return `min(${name}_bytes)::BIGINT AS ${name}_min_bytes,
    arg_min(t, struct_pack(v := ${name}_bytes, t := t))::BIGINT AS ${name}_min_t,
    max(${name}_bytes)::BIGINT AS ${name}_max_bytes,
    arg_min(t, struct_pack(v := -${name}_bytes, t := t))::BIGINT AS ${name}_max_t,
    sum(${name}_bytes)::BIGINT AS ${name}_sum_bytes`;
}

const ROLLUP = `SELECT l.life, p.life AS parent, (floor(r.t / 3600000) * 3600000)::BIGINT AS hour,
    min(r.t)::BIGINT AS first_t, max(r.t)::BIGINT AS last_t, count(*)::INTEGER AS samples,
    ${extremes('rss')}, ${extremes('subtree_rss')}
  FROM raw r JOIN lives l USING (key) LEFT JOIN lives p ON p.key = r.parent_key
  GROUP BY l.life, p.life, hour ORDER BY l.life, p.life, hour`;

const QUERY = {
  processes: PROCESSES,
  lives: 'SELECT * FROM lives ORDER BY life',
  rollup: ROLLUP,
  system: `SELECT * REPLACE (t::BIGINT AS t, has_processes = 1 AS has_processes, incomplete = 1 AS incomplete)
    FROM system ORDER BY t`,
};

async function loadRaw(connection: DuckDBConnection, samples: readonly PlacedSample[]): Promise<void> {
  const columns = RAW_COLUMNS.map((name) => `${name} ${isText(name) ? 'VARCHAR' : 'DOUBLE'}`);
  await connection.run(`CREATE TABLE raw (${columns.join(', ')})`);
  const system = SYSTEM_COLUMNS.map(
    (name) => `${name} ${SYSTEM_TEXTS.includes(name) ? 'VARCHAR' : 'DOUBLE'}`,
  );
  await connection.run(`CREATE TABLE system (${system.join(', ')})`);
  const processRows = await connection.createAppender('raw');
  const systemRows = await connection.createAppender('system');
  for (const sample of samples) {
    if (sample.placed) appendProcesses(processRows, sample, sample.placed);
    appendSystem(systemRows, sample);
  }
  processRows.closeSync();
  systemRows.closeSync();
  await connection.run(LIVES);
}

function timeOfDay(t: number): string {
  return new Date(t).toISOString().slice(11, 23).replaceAll(/[:.]/g, '');
}

function openManifest(samples: readonly PlacedSample[], replaces: readonly string[]): SegmentManifest {
  const from = samples[0].sample.system.t;
  const to = samples[samples.length - 1].sample.system.t;
  return {
    version: 1,
    id: `${timeOfDay(from)}-${timeOfDay(to)}-${randomBytes(4).toString('hex')}`,
    host: samples[0].sample.system.host,
    date: formatDay(from),
    from,
    to,
    samples: samples.length,
    rows: samples.reduce((sum, { placed }) => sum + (placed?.processes.count ?? 0), 0),
    lives: new Set(samples.flatMap(({ placed }) => placed?.keys ?? [])).size,
    bytes: 0,
    replaces,
    sealedAt: new Date(to).toISOString(),
    weak: survivorsOf(samples),
  };
}

/** Samples of one host and one UTC day, as `placeSamples` gives them. @returns the segment */
export async function writeSegment(
  index: string,
  samples: readonly PlacedSample[],
  replaces: readonly string[] = [],
): Promise<SegmentManifest> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await loadRaw(connection, samples);
  const manifest = openManifest(samples, replaces);
  const paths = SEGMENT_KINDS.map((kind) => segmentPath(index, manifest, kind));
  for (const [at, kind] of SEGMENT_KINDS.entries()) {
    mkdirSync(dirname(paths[at]), { recursive: true });
    const options = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536';
    await connection.run(`COPY (${QUERY[kind]}) TO '${paths[at].replaceAll("'", "''")}' (${options})`);
  }
  connection.closeSync();
  instance.closeSync();
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const path = manifestPath(index, manifest);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...manifest, bytes }));
  return { ...manifest, bytes };
}
