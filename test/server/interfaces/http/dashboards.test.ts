import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { FIRST, NEWEST, SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const sleeper = spawn('sleep', ['86400']);
let server: TestServer;

/** Members as the predecessor's dashboards had them, in a group of the name that they knew. */
const GROUPS = () => [
  {
    name: 'clipboard',
    members: [
      { name: 'menubar', rule: { pid: sleeper.pid } },
      { name: 'service', rule: { pattern: 'no such program anywhere' } },
    ],
  },
  {
    name: 'sums',
    members: ['Total', 'total', 'total_2'].map((name, at) => ({
      name,
      rule: at === 1 ? { pid: sleeper.pid } : { pattern: 'no such program anywhere' },
    })),
  },
  { name: 'shop', members: [{ name: 'workers', rule: { pattern: '/usr/bin/web worker' } }] },
];

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  writeFileSync(join(scratch, 'config.json'), JSON.stringify({ watch_groups: GROUPS() }));
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  sleeper.kill('SIGKILL');
  await server.close();
  expect(server.failures).toEqual([]);
});

const SYSTEM = {
  total_gb: expect.any(Number),
  available_gb: expect.any(Number),
  used_gb: expect.any(Number),
  percent: expect.any(Number),
  swap_total_gb: expect.any(Number),
  swap_used_gb: expect.any(Number),
  swap_percent: expect.any(Number),
};
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);

interface Memory {
  readonly system: Readonly<Record<string, number>>;
  readonly clipboard: {
    readonly processes: readonly Readonly<Record<string, number>>[];
    readonly total_memory_mb: number;
    readonly process_count: number;
  };
}

describe('/api/memory', () => {
  test('has the system and each group in the shape of the dashboards, field by field', async () => {
    const { clipboard, ...rest } = await server.json<Memory>('/api/memory');
    expect(rest).toMatchObject({ system: SYSTEM, timestamp: TIMESTAMP, shop: { processes: [] } });
    expect(Object.keys(rest.system)).toEqual(Object.keys(SYSTEM));
    expect(clipboard).toEqual({
      processes: [
        {
          pid: sleeper.pid,
          name: 'sleep',
          memory_mb: clipboard.total_memory_mb,
          cpu_percent: null,
          create_time: expect.any(Number),
        },
      ],
      total_memory_mb: expect.any(Number),
      process_count: 1,
    });
    expect(clipboard.total_memory_mb).toBeGreaterThan(0.1);
    expect(clipboard.total_memory_mb * 100).toBeCloseTo(Math.round(clipboard.total_memory_mb * 100));
    expect(Math.abs(clipboard.processes[0].create_time - Date.now() / 1000)).toBeLessThan(120);
  });

  test('adds up, and knows the CPU from the second reading on', async () => {
    const { used_gb, available_gb, total_gb } = (await server.json<Memory>('/api/memory')).system;
    expect(used_gb + available_gb).toBeCloseTo(total_gb, 1);
    const cpu = async () => (await server.json<Memory>('/api/memory')).clipboard.processes[0].cpu_percent;
    await expect.poll(cpu).toBe(0);
  });
});

test('/api/processes and /api/system are its parts', async () => {
  const processes = await server.json<Memory>('/api/processes');
  expect(Object.keys(processes)).toEqual(expect.arrayContaining(['clipboard', 'shop', 'timestamp']));
  expect(processes).not.toHaveProperty('system');
  expect(await server.json('/api/system')).toEqual({ system: SYSTEM, timestamp: TIMESTAMP });
});

test('/api/history has the newest points, each member under its name', async () => {
  await expect.poll(async () => (await server.json<unknown[]>('/api/history')).length).toBeGreaterThan(2);
  const points = await server.json<{ clipboard: Record<string, number> }[]>('/api/history?n=2');
  expect(points).toHaveLength(2);
  for (const point of points)
    expect(point).toEqual({
      system: SYSTEM,
      timestamp: TIMESTAMP,
      clipboard: {
        menubar_memory: point.clipboard.total_memory,
        service_memory: 0,
        total_memory: expect.any(Number),
        process_count: 1,
      },
      sums: {
        total_memory: point.clipboard.total_memory,
        Total_memory: 0,
        total_2_memory: 0,
        total_2_2_memory: point.clipboard.total_memory,
        process_count: 1,
      },
      shop: {
        workers_memory: expect.any(Number),
        total_memory: expect.any(Number),
        process_count: expect.any(Number),
      },
    });
});

test('/api/current says of each member whether it runs', async () => {
  expect(await server.json('/api/current')).toMatchObject({
    clipboard: {
      menubar: {
        running: true,
        rss_mb: expect.any(Number),
        vms_mb: expect.any(Number),
        percent: expect.any(Number),
      },
      service: { running: false, rss_mb: 0, vms_mb: 0, percent: 0 },
    },
    system: SYSTEM,
    timestamp: TIMESTAMP,
  });
});

test('reading it changes nothing: no point more, however often it is asked', async () => {
  const seqOf = async () => (await server.json<{ seq: number }>('/api/v1/live')).seq;
  const before = await seqOf();
  const start = performance.now();
  for (let k = 0; k < 20; k++) await server.json('/api/current');
  expect((await seqOf()) - before).toBeLessThanOrEqual(Math.ceil((performance.now() - start) / 1000) + 1);
});

describe('what was recorded', () => {
  interface Recorded {
    readonly system: readonly { timestamp: string; used_gb: number; percent: number }[];
    readonly shop: { readonly workers: readonly { timestamp: string; rss_mb: number; vms_mb: number }[] };
  }

  test('/api/historical has each member along time', async () => {
    const { system, shop } = await server.json<Recorded>('/api/historical?hours=24');
    expect(system[0]).toEqual({ timestamp: FIRST, used_gb: expect.any(Number), percent: expect.any(Number) });
    expect(shop.workers.at(-1)).toEqual({
      timestamp: NEWEST,
      rss_mb: expect.any(Number),
      vms_mb: expect.any(Number),
      percent: expect.any(Number),
    });
    for (const { rss_mb, vms_mb } of shop.workers) expect(vms_mb).toBeCloseTo(2 * rss_mb);
    expect(Math.max(...shop.workers.map(({ rss_mb }) => rss_mb))).toBeGreaterThan(0);
  });

  test('/api/analysis tells growth, and that it is no verdict', async () => {
    const { shop } = await server.json<{ shop: { workers: Record<string, unknown> } }>(
      '/api/analysis?hours=24',
    );
    const { shop: recorded } = await server.json<Recorded>('/api/historical?hours=24');
    const values = recorded.workers.map(({ rss_mb }) => rss_mb);
    expect(shop.workers).toMatchObject({
      status: 'insufficient',
      level: null,
      growth_rate_mb_per_hour: null,
      note: `not enough data: ${values.length} of 30 points`,
      total_growth_mb: values[values.length - 1] - values[0],
      current_mb: values.at(-1),
      points: values.length,
    });
  });
});

describe('monitoring', () => {
  const post = (path: string, headers: Readonly<Record<string, string>> = { origin: server.origin }) =>
    fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('is stopped and started by this server’s own pages only, and never by GET', async () => {
    for (const path of ['/api/start_monitoring', '/api/stop_monitoring']) {
      expect((await server.get(path)).status).toBe(405);
      expect((await post(path, {})).status).toBe(403);
      expect((await post(path, { origin: 'https://evil.com' })).status).toBe(403);
    }
    const stopped = await post('/api/stop_monitoring');
    expect(await stopped.json()).toEqual({ monitoring: false, interval_seconds: expect.any(Number) });
    expect(await server.json('/api/dashboard_status')).toMatchObject({ status: 'inactive' });
    const started = await post('/api/start_monitoring?interval=0.5');
    expect(await started.json()).toEqual({ monitoring: true, interval_seconds: 0.5 });
    expect(await server.json('/api/dashboard_status')).toMatchObject({ status: 'active_in_use' });
    await post('/api/start_monitoring?interval=1');
  });

  test('has an interval of 0.5 to 60 s', async () => {
    for (const interval of ['0.4', '61', 'often']) {
      const refused = await post(`/api/start_monitoring?interval=${interval}`);
      expect([refused.status, await refused.json()]).toMatchObject([400, { field: 'interval' }]);
    }
  });
});

test('/api/dashboard_status is in /api/v1/status too', async () => {
  const { use } = await server.json<{ use: object }>('/api/v1/status');
  const own = await server.json<Record<string, unknown>>('/api/dashboard_status');
  expect(own).toEqual({
    status: 'active_in_use',
    clients: 0,
    idle_seconds: expect.any(Number),
    countdown_seconds: null,
  });
  expect(Object.keys(use)).toEqual(Object.keys(own));
});
