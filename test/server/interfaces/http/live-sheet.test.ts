import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InitialData } from '../../../../server/domain/live-point.ts';
import { liveSheet } from '../../../../server/interfaces/http/live-sheet.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import type { TestServer } from './test-server.ts';
import { serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;

const members = ['Total', 'total', '=1+1, "x"'].map((name) => ({ name, rule: { pid: process.pid } }));

beforeAll(async () => {
  const watch_groups = [
    { name: 'app', members },
    { name: 'app_a', members: [{ name: 'b', rule: { pid: 1 } }] },
  ];
  writeFileSync(join(scratch, 'config.json'), JSON.stringify({ watch_groups }));
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

test.each(['/api/v1/live', '/live'])(
  '%s is a table of a row a point, of host, sum and members',
  async (path) => {
    await server.json('/live');
    await expect
      .poll(async () => (await server.json<InitialData>('/live')).history.length)
      .toBeGreaterThan(1);
    const response = await server.get(`${path}?n=1000&format=ndjson`);
    expect(response.headers.get('content-disposition')).toMatch(/filename="memory_live_[\w.-]+\.ndjson"/);
    const rows = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { history } = await server.json<InitialData>('/live?n=1000');
    const told = history.slice(0, rows.length);
    expect(rows.length).toBeGreaterThan(1);
    expect(
      rows.map(({ t, seq, used_bytes, mem_total_bytes }) => [t, seq, used_bytes, mem_total_bytes]),
    ).toEqual(
      told.map(({ t, seq, system }) => [
        ...[new Date(t).toISOString(), seq, system.used_bytes, system.metrics.mem_total_bytes],
      ]),
    );
    expect(
      rows.map(({ app_total_rss_bytes, app_Total_2_rss_bytes }) => [
        app_total_rss_bytes,
        app_Total_2_rss_bytes,
      ]),
    ).toEqual(told.map(({ groups: [{ total, members }] }) => [total.rss_bytes, members[0].rss_bytes]));
  },
);

test('as CSV and Parquet it has the same columns, each once', async () => {
  const csv = await (await server.get('/live?n=1&format=csv')).text();
  const head = csv.split(/\r?\n/)[0];
  expect(head).toContain(',app_total_3_pss_bytes,');
  expect(head).toContain(',"app_=1+1, ""x""_cpu_percent",');
  expect(head).toContain(',app_a_b_rss_bytes,');
  const parquet = await server.get('/api/v1/live?n=1&format=parquet');
  expect([parquet.status, parquet.headers.get('content-type')]).toEqual([
    200,
    'application/vnd.apache.parquet',
  ]);
});

test('what a point does not have is unknown: groups and members come and go', async () => {
  const { history, ...initial } = await server.json<InitialData>('/live?n=1');
  const [point] = history;
  const [app, other] = point.groups;
  const changed = {
    ...{ ...point, t: point.t + 1000, seq: point.seq + 1 },
    groups: [{ ...app, members: [{ ...app.members[0], name: 'new' }] }],
  };
  const { rows } = liveSheet({ ...initial, history: [point, changed] });
  expect(
    rows.map(({ app_new_processes, app_a_total_processes }) => [app_new_processes, app_a_total_processes]),
  ).toEqual([
    [null, other.total.processes],
    [app.members[0].processes, null],
  ]);
  expect(liveSheet({ ...initial, history: [] })).toEqual({ name: ['live'], columns: ['t'], rows: [] });
});
