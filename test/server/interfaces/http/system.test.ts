import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSystemReader } from '../../../../server/adapters/procfs/system-reading.ts';
import type { SystemReading } from '../../../../server/application/system-reading.ts';
import type { SystemAnswer } from '../../../../server/interfaces/http/schemas/system.ts';
import { bareSurroundings } from '../../../support/bare-surroundings.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import type { TestServer } from './test-server.ts';
import { PAGE, serveFolder } from './test-server.ts';

/** Without a single dump: the page is about now. */
const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;
let reading: SystemReading;

beforeAll(async () => {
  reading = await openSystemReader()();
  const surroundings = { ...bareSurroundings(basename(dumps)), system: async () => reading };
  server = await serveFolder(dumps, scratch, { surroundings });
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

async function answerWith(changes: Partial<SystemReading>): Promise<SystemAnswer> {
  const before = reading;
  reading = { ...before, ...changes };
  try {
    return await server.json<SystemAnswer>('/api/v1/system');
  } finally {
    reading = before;
  }
}

test('the system is one answer under two names, and a page', async () => {
  const answer = await server.json<SystemAnswer>('/api/v1/system');
  expect(await server.json('/system')).toEqual(answer);
  expect(await (await server.get('/system', { accept: 'text/html' })).text()).toBe(PAGE);
  expect(answer.memory.total_bytes).toBe(reading.metrics.mem_total_bytes);
  expect(answer.meminfo.find(({ key }) => key === 'MemTotal')).toMatchObject({
    value: reading.metrics.mem_total_bytes,
    help: 'All RAM that the kernel can use.',
  });
  expect(answer.overhead).toEqual({
    recorder: null,
    server: { rss_bytes: 3, cpu_seconds: 0.5, cpu_share: 0.5 },
  });
});

test('boot is now less the uptime', async () => {
  const { boot } = await answerWith({ t: 5000, uptimeSeconds: 2.5 });
  expect(boot).toBe('1970-01-01T00:00:02.500Z');
  expect((await answerWith({ uptimeSeconds: null })).boot).toBeNull();
});

const FILE_SYSTEM = { path: '/run', type: 'tmpfs', size_bytes: 100, used_bytes: 30 };
const SEGMENT = {
  ...{ id: 1, size_bytes: 9, rss_bytes: 8, swap_bytes: 0, creator_pid: 1, last_pid: 0, attached: 0 },
  user: 'root',
};

test('what Shmem holds beyond the lists is told, and unknown where a part of them is', async () => {
  const shared = {
    file_systems: [FILE_SYSTEM, { ...FILE_SYSTEM, path: '/huge', type: 'hugetlbfs', used_bytes: 70 }],
    segments: { items: [SEGMENT], total: 1 },
    files: null,
  };
  const metrics = { shmem_bytes: 50 };
  expect((await answerWith({ metrics, shared })).shared.unlisted_bytes).toBe(12);
  const hidden = { ...shared, file_systems: [{ ...FILE_SYSTEM, used_bytes: null }] };
  expect((await answerWith({ metrics, shared: hidden })).shared.unlisted_bytes).toBeNull();
  const more = { ...shared, segments: { items: [SEGMENT], total: 51 } };
  expect((await answerWith({ metrics, shared: more })).shared.unlisted_bytes).toBeNull();
  expect((await answerWith({ metrics: {}, shared })).shared.unlisted_bytes).toBeNull();
});

test('an unknown figure is null', async () => {
  const { memory, swap, load } = await answerWith({ metrics: {}, load: null });
  expect(new Set([...Object.values(memory), ...Object.values(swap)])).toEqual(new Set([null]));
  expect(load).toBeNull();
});
