import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecorderStatus } from '../../../../collector/status.ts';
import type { FilesAnswer } from '../../../../server/interfaces/http/schemas/files.ts';
import type { StatusAnswer } from '../../../../server/interfaces/http/schemas/status.ts';
import { bareSurroundings } from '../../../support/bare-surroundings.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { FIRST, SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { PAGE, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const NO_FILE = 'process_mem_20260115_120500Z.csv';
const DAMAGE = 'x=<script>alert(1)</script>,secret';
const NOW = Date.UTC(2026, 0, 15, 13);
let server: TestServer;
let damaged: string;

beforeAll(async () => {
  const [first] = writeHistory(dumps, SMALL_RECORDING);
  damaged = first.processFile ?? '';
  appendFileSync(join(dumps, damaged), `${DAMAGE}\n`);
  mkdirSync(join(dumps, NO_FILE));
  server = await serveFolder(dumps, scratch, {
    surroundings: {
      ...bareSurroundings(basename(dumps)),
      recorder: () => readRecorderStatus(dumps, NOW),
      index: async () => ({ segments: 2, bytes: 77 }),
    },
  });
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

test('files tells every dump, and what cannot be one last', async () => {
  const answer = await server.json<FilesAnswer>('/api/v1/files');
  expect(answer).toMatchObject({ folder: basename(dumps), total: 5, shown: 5 });
  expect(answer.dumps.map(({ kind, state, rows }) => [kind, state, rows])).toEqual([
    ['system', 'read', null],
    ['pair', 'read', 5],
    ['pair', 'read', 5],
    ['pair', 'incomplete', 4],
    ['other', 'rejected', null],
  ]);
  expect(answer.dumps[3]).toMatchObject({ name: damaged, instant: FIRST, rejected_rows: 1 });
  expect(answer.dumps[4]).toMatchObject({
    name: NO_FILE,
    instant: null,
    reasons: [{ file: NO_FILE, line: null, column: null, reason: 'is a directory' }],
  });
  const { ingest } = await server.json<StatusAnswer>('/api/v1/status');
  const { rejected_files, rejected_rows } = answer;
  expect(ingest).toMatchObject({ rejected_files, rejected_rows });
  expect(rejected_rows).toBe(1);
});

test('files takes a state and a limit', async () => {
  const ask = async (query: string) => {
    const { dumps: found, total } = await server.json<FilesAnswer>(`/api/v1/files?${query}`);
    return [total, ...found.map(({ name }) => name)];
  };
  expect(await ask('state=damaged')).toEqual([2, damaged, NO_FILE]);
  expect(await ask('state=rejected')).toEqual([1, NO_FILE]);
  expect(await ask('state=damaged&limit=1')).toEqual([2, damaged]);
  expect(await ask('state=pending')).toEqual([0]);
});

test('files as CSV has the reasons in one cell', async () => {
  const text = await (await server.get('/api/v1/files?format=csv')).text();
  const rows: Record<string, string>[] = parse(text, { columns: true });
  expect(rows).toHaveLength(5);
  expect(rows[4]).toMatchObject({ name: NO_FILE, reasons: `${NO_FILE}: is a directory` });
  expect(rows[3].reasons).toContain(`${damaged}:6`);
});

test('status tells recorder, server, disk, hosts and index', async () => {
  const answer = await server.json<StatusAnswer>('/api/v1/status');
  expect(answer.recorder).toEqual(
    await readRecorderStatus(dumps, NOW).then((one) => ({
      ...one,
      disk: { ...one.disk, free_bytes: answer.recorder?.disk.free_bytes },
      days_until_full: answer.recorder?.days_until_full,
    })),
  );
  expect(answer).toMatchObject({
    version: '0.0.0-test',
    now: '1970-01-01T00:00:02.000Z',
    server: {
      started: '1970-01-01T00:00:01.000Z',
      uptime_seconds: 1,
      rss_bytes: 3,
      node: 'v20',
      sealed_by: null,
    },
    clients: { live: 0 },
    hosts: [{ host: 'test-1', samples: 4, first: FIRST, last: '2026-01-15T12:03:00.000Z' }],
    index: { segments: 2, bytes: 77 },
    disk: { index_bytes: 77, dumps_bytes: answer.recorder?.disk.bytes },
  });
});

test('neither tells a path of this machine, nor all of what a file holds', async () => {
  for (const path of ['/api/v1/files', '/api/v1/files?format=csv', '/api/v1/status']) {
    const text = await (await server.get(path)).text();
    expect(text).not.toContain(dumps);
    expect(text).not.toContain(DAMAGE);
  }
});

test('both are pages for those who accept text/html', async () => {
  for (const path of ['/api/v1/files', '/api/v1/status'])
    expect(await (await server.get(path, { accept: 'text/html' })).text()).toBe(PAGE);
});
