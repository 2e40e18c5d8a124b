import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import type { CellValue } from '../../../../server/domain/cell-type.ts';
import { typedColumn } from '../../../../server/domain/cell-type.ts';
import { PROCESS_METRICS } from '../../../../server/domain/metrics.ts';
import type { LevelAnswer, PidAnswer, PlotAnswer } from '../../../../server/interfaces/http/schemas.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { HOSTILE_NAMES } from '../../../web/support/vectors.ts';
import { SMALL_RECORDING, VIEWS, withParameters } from './small-recording.ts';
import { openTestServer } from './test-server.ts';

/** Views with a table, also of nothing. */
const TABLES = [...VIEWS, '/api/v1/files', '/api/v1/snapshot/level?min_rss=1000000'] as const;

const server = openTestServer((dumps) => {
  const hostile = HOSTILE_NAMES.map((cmd, at) => ({ pid: 2000 + at, ppid: 1, cmd, start: 1, user: '=1+1' }));
  const [first, ...rest] = SMALL_RECORDING;
  const processes = [...(first.processes ?? []), ...hostile];
  writeHistory(dumps, [{ ...first, processes }, ...rest]);
});

type Row = Readonly<Record<string, unknown>>;

async function readParquet(bytes: Uint8Array): Promise<{ types: Record<string, string>; rows: Row[] }> {
  const file = join(tempFolder(), 'table.parquet');
  writeFileSync(file, bytes);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const described = await connection.runAndReadAll(`DESCRIBE FROM '${file}'`);
    const types = described
      .getRowObjectsJson()
      .map(({ column_name, column_type }) => [String(column_name), String(column_type)] as const);
    const items = types.map(([name, type]) => {
      const column = `"${String(name).replaceAll('"', '""')}"`;
      if (type === 'TIMESTAMP') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${column}`;
      return type === 'BIGINT' ? `${column}::DOUBLE AS ${column}` : column;
    });
    const rows = await connection.runAndReadAll(`SELECT ${items.join(', ')} FROM '${file}'`);
    return { types: Object.fromEntries(types), rows: rows.getRowObjectsJson() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function table(path: string, format: 'ndjson' | 'parquet') {
  const response = await server().get(withParameters(path, `format=${format}`));
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([path, response.status]).toEqual([path, 200]);
  expect(response.headers.get('content-disposition')).toMatch(
    new RegExp(`^attachment; filename="memory_[\\w.-]+\\.${format}"$`),
  );
  return { type: response.headers.get('content-type'), bytes };
}

async function ndjson(path: string): Promise<Row[]> {
  const { type, bytes } = await table(path, 'ndjson');
  expect(type).toBe('application/x-ndjson; charset=utf-8');
  const lines = new TextDecoder().decode(bytes).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Row);
}

async function parquet(path: string) {
  const { type, bytes } = await table(path, 'parquet');
  expect(type).toBe('application/vnd.apache.parquet');
  return readParquet(bytes);
}

const METRIC_IDS = PROCESS_METRICS.map(({ id }) => id);
const only = (names: readonly string[]) => (row: Row) =>
  Object.fromEntries(names.map((name) => [name, row[name]]));

describe('a view as NDJSON', () => {
  test('of rows is the rows of the JSON, an object a line', async () => {
    const { rows } = await server().json<LevelAnswer>(
      '/api/v1/snapshot/level?lvl=1&ts=20260115_120000Z&limit=1000',
    );
    const lines = await ndjson('/api/v1/snapshot/level?lvl=1&ts=20260115_120000Z&limit=1000');
    expect(lines).toEqual(rows.map((row) => only(METRIC_IDS)(row as unknown as Row)));
    expect(lines.map(({ cmd }) => cmd)).toEqual(expect.arrayContaining([...HOSTILE_NAMES]));
  });

  test('of a series has an instant a line, unknown as null', async () => {
    const { own, subtree } = await server().json<PlotAnswer>('/api/v1/snapshot/pid/plot?pid=20');
    expect(await ndjson('/api/v1/snapshot/pid/plot?pid=20')).toEqual(
      own.t.map((t, at) => ({
        t: new Date(t).toISOString(),
        rss_bytes: own.rss_bytes[at],
        subtree_rss_bytes: subtree.rss_bytes[at],
      })),
    );
  });

  test('of nothing is empty', async () => {
    expect(await ndjson('/api/v1/snapshot/level?min_rss=1000000')).toEqual([]);
  });
});

describe('a view as Parquet', () => {
  test.each(TABLES)('%s holds what its NDJSON holds', async (path) => {
    expect((await parquet(path)).rows).toEqual(await ndjson(path));
  });

  test('of hostile names holds them as they are, formulas not guarded', async () => {
    const path = '/api/v1/snapshot/pid?pid=1&ts=20260115_120000Z&limit=1000';
    const { rows } = await parquet(path);
    const answer = await server().json<PidAnswer>(path);
    const columns = [...METRIC_IDS, 'depth', 'matched'];
    expect(rows).toEqual(answer.rows.map((row) => only(columns)(row as unknown as Row)));
    expect(rows.map(({ cmd }) => cmd)).toEqual(expect.arrayContaining([...HOSTILE_NAMES]));
    expect(rows.some(({ user }) => user === '=1+1')).toBe(true);
  });

  test('has types: bytes whole, means and seconds not, instants as timestamps', async () => {
    const EXPECTED = {
      pid: 'BIGINT',
      rss_bytes: 'BIGINT',
      pss_bytes: 'BIGINT',
      rss_mean_bytes: 'DOUBLE',
      lifetime_seconds: 'DOUBLE',
      started: 'TIMESTAMP',
      first_seen: 'TIMESTAMP',
      weak_identity: 'BOOLEAN',
      cmd: 'VARCHAR',
    };
    expect((await parquet('/api/v1/snapshot/level')).types).toMatchObject(EXPECTED);
    const { types, rows } = await parquet('/api/v1/snapshot/level?min_rss=1000000');
    expect(types).toMatchObject(EXPECTED);
    expect(rows).toEqual([]);
    expect((await parquet('/api/v1/')).types).toMatchObject({ t: 'TIMESTAMP', used_bytes: 'BIGINT' });
    expect((await parquet('/api/v1/snapshots')).types).toEqual({ t: 'TIMESTAMP' });
  });

  test('that cannot be made is a problem document', async () => {
    const response = await server().get('/api/v1/snapshot/pid?pid=4242&format=parquet');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

test('a table of many vectors, odd names and every kind of value comes back as it went', async () => {
  const history = await openHistory();
  const count = 5000;
  const valuesOf = (at: (row: number) => CellValue) => Array.from({ length: count }, (_, row) => at(row));
  const columns = [
    typedColumn(
      'rss_bytes',
      valuesOf((row) => (row % 7 === 0 ? null : row * 2 ** 40)),
    ),
    typedColumn(
      'a "quoted"; DROP name',
      valuesOf((row) => HOSTILE_NAMES[row % HOSTILE_NAMES.length]),
    ),
    typedColumn(
      'raw',
      valuesOf((row) => ['\u0000', '😀', '\u2028', '', 'ok'][row % 5]),
    ),
    typedColumn(
      't',
      valuesOf((row) => new Date(row * 1234).toISOString()),
    ),
    typedColumn(
      'matched',
      valuesOf((row) => row % 3 === 0),
    ),
    typedColumn(
      'ratio',
      valuesOf((row) => row / 3),
    ),
  ];
  const { rows } = await readParquet(await history.encodeParquet(columns));
  expect(rows).toEqual(
    Array.from({ length: count }, (_, row) =>
      Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
    ),
  );
  await history.close();
});

describe('figures that are no table', () => {
  test.each(['/api/v1/status', '/api/v1/system'])('%s is one figure a row in every form', async (path) => {
    const lines = (await (await server().get(`${path}?format=ndjson`)).text()).trim().split('\n');
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(Object.keys(JSON.parse(line))).toEqual(['figure', 'value', 'text']);
    const csv = await (await server().get(`${path}?format=csv`)).text();
    expect(csv.split(/\r?\n/)[0]).toBe('figure,value,text');
    const bytes = new Uint8Array(await (await server().get(`${path}?format=parquet`)).arrayBuffer());
    const { types, rows } = await readParquet(bytes);
    expect(types).toEqual({ figure: 'VARCHAR', value: 'DOUBLE', text: 'VARCHAR' });
    expect(rows.length).toBeGreaterThan(20);
  });
});
