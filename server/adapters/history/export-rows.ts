import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExportRequest } from '../../application/ports.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../../domain/metrics.ts';
import type { HostSources } from './answers.ts';
import { keySql } from './life-keys.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { integers, parquet, textLiteral } from './read-chunks.ts';
import { segmentRows } from './segment-rows.ts';
import { TAIL_TABLE } from './tail.ts';
import type { TextPool } from './text-pool.ts';

/** Every row of a host in a stretch of time, written by the engine: segments and tail as one table, in order of time. */

type Format = ExportRequest['format'];

/** As `guarded` of the CSV writer: what a spreadsheet would run is a text. */
const FORMULA = '^[\\s\\x00\\x{feff}\\x{200b}]*[=+\\-@|%\\x{ff0b}\\x{ff0d}\\x{ff1d}\\x{ff20}]';

/** Instants are ISO 8601 in texts, timestamps in Parquet. */
function instant(format: Format): string {
  const t = 'make_timestamp_ms(r.t::BIGINT)';
  return format === 'parquet' ? t : `strftime(${t}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

function guarded(sql: string, { format, isRaw }: ExportRequest): string {
  if (format !== 'csv' || isRaw) return sql;
  return `CASE WHEN regexp_matches(${sql}, ${textLiteral(FORMULA)}) THEN concat('''', ${sql}) ELSE ${sql} END`;
}

interface Table {
  /** SQL of rows `r` and what is joined to them. */
  readonly from: string;
  /** SQL of a text column. */
  text(id: string): string;
  readonly key: string;
  readonly weak: string;
}

function selectOf(host: string, { from, text, key, weak }: Table, request: ExportRequest): string {
  const stored = STORED_PROCESS_METRICS.map((metric) => {
    if (isTextMetric(metric)) return `${guarded(text(metric.id), request)} AS ${metric.id}`;
    return `r.${metric.id}::${metric.unit === 'seconds' ? 'DOUBLE' : 'BIGINT'} AS ${metric.id}`;
  });
  const columns = [
    `${instant(request.format)} AS ts`,
    `${guarded(textLiteral(host), request)} AS host`,
    `${key} AS key`,
    `${weak} AS weak_identity`,
    'r.level::INTEGER AS level',
    'coalesce(r.subtree_processes, 1)::INTEGER AS subtree_processes',
    'coalesce(r.subtree_rss_bytes, r.rss_bytes)::BIGINT AS subtree_rss_bytes',
    ...stored,
  ];
  const { from: first, to: last } = request.range;
  return `(SELECT ${columns.join(', ')} FROM ${from}
    WHERE r.t BETWEEN ${integers([first])} AND ${integers([last])} ORDER BY r.t, r.pid)`;
}

async function segmentTable(connection: DuckDBConnection, segment: LoadedSegment): Promise<Table> {
  const rows = await segmentRows(connection, segment);
  return {
    from: `${rows} AS r JOIN (SELECT life, weak, ${keySql(segment.manifest)} AS key
      FROM ${parquet([segment.paths.lives])}) AS l USING (life)`,
    text: (id) => `r.${id}`,
    key: 'l.key',
    weak: 'l.weak',
  };
}

/** The tail's rows hold numbers for texts and lives: both are put beside them. */
async function putTail(
  connection: DuckDBConnection,
  { host: { lives } }: HostSources,
  pool: TextPool,
): Promise<void> {
  await connection.run('CREATE OR REPLACE TEMP TABLE export_texts (id INTEGER, text VARCHAR)');
  const texts = await connection.createAppender('export_texts');
  pool.all().forEach((text, id) => {
    texts.appendInteger(id);
    texts.appendVarchar(text);
    texts.endRow();
  });
  texts.closeSync();
  await connection.run('CREATE OR REPLACE TEMP TABLE export_lives (id INTEGER, key VARCHAR, weak BOOLEAN)');
  const keys = await connection.createAppender('export_lives');
  for (const { id, key, weak } of lives.all()) {
    keys.appendInteger(id);
    keys.appendVarchar(key);
    keys.appendBoolean(weak);
    keys.endRow();
  }
  keys.closeSync();
}

function tailTable(host: number): Table {
  return {
    from: `(SELECT * FROM ${TAIL_TABLE} WHERE host = ${integers([host])}) AS r JOIN export_lives AS l ON l.id = r.life`,
    text: (id) => `(SELECT text FROM export_texts AS x WHERE x.id = r.${id})`,
    key: 'l.key',
    weak: 'l.weak',
  };
}

const OPTIONS: Readonly<Record<Format, string>> = {
  csv: 'FORMAT csv, HEADER',
  ndjson: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
};

/** @returns how many rows were written */
export async function exportRows(
  sources: HostSources,
  pool: TextPool,
  request: ExportRequest,
): Promise<number> {
  const { connection, host } = sources;
  const { range, file, format } = request;
  const segments = host.sealed.segments.filter(
    ({ manifest }) => manifest.from <= range.to && manifest.to >= range.from,
  );
  await putTail(connection, sources, pool);
  const sealed = await Promise.all(segments.map((one) => segmentTable(connection, one)));
  const tables = [...sealed, tailTable(host.id)];
  const selects = tables.map((table) => selectOf(host.name, table, request));
  const result = await connection.runAndReadAll(
    `COPY (${selects.join('\nUNION ALL\n')}) TO ${textLiteral(file)} (${OPTIONS[format]})`,
  );
  return Number(result.getRows()[0]?.[0] ?? 0);
}
