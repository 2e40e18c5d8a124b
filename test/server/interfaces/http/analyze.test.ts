import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import { openRegionRecords } from '../../../../server/adapters/regions/region-records.ts';
import { openAnalysis } from '../../../../server/application/analysis.ts';
import { recordRegions } from '../../../../server/application/record-regions.ts';
import type {
  AnalyzeAllAnswer,
  AnalyzeCpuAnswer,
  AnalyzeMemoryAnswer,
  AnalyzeRegionsAnswer,
} from '../../../../server/interfaces/http/schemas/analyze.ts';
import type {
  AnalyzeCompareAnswer,
  AnalyzeMomentsAnswer,
  AnalyzeTrendsAnswer,
} from '../../../../server/interfaces/http/schemas/analyze-over-time.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const regions = sharedTempFolder();
const MIB = 1024 * 1024;
const NEWEST_MOMENT = Date.UTC(2026, 0, 15, 12);
let server: TestServer;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  server = await serveFolder(dumps, scratch, { regions });
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

/** A program that says it is ready; `code` may wait for a line of its input. */
async function startSubject(code: string, argv: readonly string[] = []) {
  const child = spawn(process.execPath, ['-e', code, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return Object.assign(child, { pid: child.pid ?? 0 });
}

const READY = 'console.log("ready"); setInterval(() => globalThis.kept, 1e9);';

describe.runIf(process.platform === 'linux')('/api/v1/analyze', () => {
  test('tells the memory of the server itself where no pid is given', async () => {
    const {
      process: subject,
      memory,
      missing,
    } = await server.json<AnalyzeMemoryAnswer>('/api/v1/analyze/memory');
    expect(subject).toMatchObject({ pid: process.pid, kind: 'program', ppid: process.ppid });
    expect(missing).toEqual([]);
    expect(memory.uss_bytes).toBe(Number(memory.private_clean_bytes) + Number(memory.private_dirty_bytes));
    expect(memory.rss_bytes).toBe(Number(memory.uss_bytes) + Number(memory.shared_bytes));
    expect(Number(memory.rss_peak_bytes)).toBeGreaterThan(0);
  });

  test('tells one process in all views, and they agree', async () => {
    const { pid } = await startSubject(`globalThis.kept = Buffer.alloc(${40 * MIB}, 1); ${READY}`);
    const all = await server.json<AnalyzeAllAnswer>(`/api/v1/analyze/all?pid=${pid}`);
    expect(all.process.pid).toBe(pid);
    expect(all.totals?.rss_bytes).toBe(all.classes.reduce((sum, one) => sum + one.rss_bytes, 0));
    expect(all.layout?.resident_bytes).toBe(all.totals?.rss_bytes);
    expect(all.layout?.virtual_bytes).toBe(all.totals?.size_bytes);
    expect(Number(all.memory.rss_bytes)).toBeGreaterThan(40 * MIB);
    const anonymous = all.classes.find((one) => one.class === 'anonymous');
    expect(Number(anonymous?.rss_bytes)).toBeGreaterThanOrEqual(40 * MIB);
    expect(all.map.reduce((sum, one) => sum + one.regions, 0)).toBe(all.totals?.regions);
    expect(all.system.meminfo.find(({ key }) => key === 'MemTotal')?.value).toBe(
      all.system.memory.total_bytes,
    );
  });

  test('answers again from what it read, for 5 s, and reads anew on refresh=1', async () => {
    const { pid } = await startSubject(READY);
    const path = `/api/v1/analyze/memory?pid=${pid}`;
    const first = await server.json<AnalyzeMemoryAnswer>(path);
    const second = await server.json<AnalyzeMemoryAnswer>(path);
    const third = await server.json<AnalyzeMemoryAnswer>(`${path}&refresh=1`);
    expect(second.measured_at).toBe(first.measured_at);
    expect(second.age_seconds).toBeGreaterThanOrEqual(first.age_seconds);
    expect(third.measured_at > first.measured_at).toBe(true);
  });

  test('sorts and limits regions, and has them as a table', async () => {
    const { pid } = await startSubject(READY);
    const path = `/api/v1/analyze/regions?pid=${pid}&class=library&sort=rss`;
    const { rows, matched, shown } = await server.json<AnalyzeRegionsAnswer>(`${path}&limit=7`);
    expect([rows.length, shown]).toEqual([7, 7]);
    expect(matched).toBeGreaterThan(7);
    expect(rows.every((row) => row.class === 'library')).toBe(true);
    expect(rows.map((row) => row.rss_bytes)).toEqual(
      rows.map((row) => row.rss_bytes).toSorted((a, b) => b - a),
    );
    const csv = await (await server.get(`${path}&format=csv`)).text();
    expect(csv.trimEnd().split('\n').length).toBe(matched + 1);
    expect(csv).toMatch(/^start,end,class,permissions,offset,device,inode,path,/);
  });

  test('tells the CPU of a process that computes, by thread', async () => {
    const { pid } = await startSubject('console.log("ready"); for (;;);');
    const { cpu } = await server.json<AnalyzeCpuAnswer>(`/api/v1/analyze/cpu?pid=${pid}`);
    expect(Number(cpu?.percent)).toBeGreaterThan(5);
    expect(Number(cpu?.percent)).toBeLessThan(150);
    expect(cpu?.threads[0]).toMatchObject({ tid: pid, policy: 'other' });
    expect(cpu?.threads.length).toBe(cpu?.threads_total);
    expect(cpu?.affinity).toMatch(/^\d/);
  });

  test('masks secrets in the command as recordings do', async () => {
    const { pid } = await startSubject(READY, ['--', '--password=hunter2']);
    const text = await (await server.get(`/api/v1/analyze/memory?pid=${pid}`)).text();
    expect(text).toContain('--password=********');
    expect(text).not.toContain('hunter2');
  });

  test('of a kernel thread and of a zombie says what they are, and has no zeros for figures', async () => {
    const zombie = await startSubject(
      'require("child_process").spawn("true", { stdio: "ignore" }).on("spawn", () => { console.log("ready"); for (;;); })',
    );
    const { stdout } = spawn('/bin/sh', [
      '-c',
      `sleep 0.3; cat /proc/${zombie.pid}/task/${zombie.pid}/children`,
    ]);
    const pid = Number(
      String((await once(stdout, 'data'))[0])
        .trim()
        .split(' ')[0],
    );
    for (const [asked, kind] of [
      [pid, 'zombie'],
      [2, 'kernel_thread'],
    ] as const) {
      const answer = await server.json<AnalyzeAllAnswer>(`/api/v1/analyze/all?pid=${asked}`);
      expect(answer.process.kind).toBe(kind);
      expect([answer.memory.rss_bytes, answer.totals, answer.layout]).toEqual([null, null, null]);
      expect(answer.missing.map(({ reason }) => reason)).toContain(kind);
    }
  });

  test.each(['-1', '0', '1e9', 'self', '1;ls', '%00', '2147483648'])(
    'refuses pid=%s, naming it',
    async (pid) => {
      const response = await server.get(`/api/v1/analyze/regions?pid=${pid}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'bad_parameter', field: 'pid' });
    },
  );

  test('of a pid that nobody has is 404, with what to do', async () => {
    const response = await server.get('/api/v1/analyze/memory?pid=2147483647');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'process_gone',
      title: 'There is no process 2147483647 on this host',
    });
  });

  test('is 403 where it is not offered', async () => {
    const folder = tempFolder();
    const off = await serveFolder(folder, tempFolder(), { isAnalysisOff: true });
    for (const view of ['memory', 'regions', 'cpu', 'layout', 'system', 'summary', 'all']) {
      const response = await off.get(`/api/v1/analyze/${view}`);
      expect([view, response.status, (await response.json()).code]).toEqual([view, 403, 'analysis_off']);
    }
    await off.close();
  });

  test('is given up when its client leaves, without a trace of failure', async () => {
    const { pid } = await startSubject(READY);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /api/v1/analyze/cpu?pid=${pid} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    const { cpu } = await server.json<AnalyzeCpuAnswer>(`/api/v1/analyze/cpu?pid=${pid}`);
    expect(cpu?.threads_total).toBeGreaterThan(0);
  });
});

describe.runIf(process.platform === 'linux')('/api/v1/analyze over time', () => {
  test('compares two recorded moments of a process that grew', async () => {
    const subject = await startSubject(
      `process.stdin.once('data', () => { globalThis.kept = Buffer.alloc(${64 * MIB}, 1); console.log('grown'); }); ${READY}`,
    );
    const { pid } = subject;
    const records = openRegionRecords(regions);
    const record = () =>
      recordRegions(openAnalysis(openProcessProbe()), records, {
        pid,
        intervalMs: 1,
        durationMs: 1,
        signal: new AbortController().signal,
        onMoment: () => undefined,
      });
    expect(await record()).toMatchObject({ moments: 1, ended: 'duration' });
    subject.stdin.write('go\n');
    await once(subject.stdout, 'data');
    await record();
    const [{ moments, key }] = await records.read({ pid });
    const a = encodeURIComponent(new Date(moments[0].t).toISOString());
    const answer = await server.json<AnalyzeCompareAnswer>(`/api/v1/analyze/compare?pid=${pid}&a=${a}`);
    expect(answer).toMatchObject({ pid, key });
    expect(answer.classes[0].class).toBe('anonymous');
    expect(answer.classes[0].delta_bytes).toBeGreaterThanOrEqual(64 * MIB);
    expect(answer.text).toMatch(/^RSS \+6\d\.\d MiB in \d+s: anonymous \+6\d\.\d MiB, /);
    const csv = await (await server.get(`/api/v1/analyze/compare?pid=${pid}&a=${a}&format=csv`)).text();
    expect(csv).toMatch(/^kind,name,is_deleted,a_bytes,b_bytes,delta_bytes\nclass,anonymous,,/);
    const early = await server.get(`/api/v1/analyze/compare?pid=${pid}&a=2020-01-01`);
    expect([early.status, (await early.json()).code]).toEqual([400, 'bad_parameter']);
    const before = await server.get(`/api/v1/analyze/compare?pid=${pid}&a=20200101_000000Z`);
    expect([before.status, (await before.json()).code]).toEqual([404, 'unknown_timestamp']);
  });

  async function takeMoment(body: unknown, on = server): Promise<Response> {
    const headers = { origin: on.origin, 'content-type': 'application/json' };
    return fetch(`${on.origin}/api/v1/analyze/moments`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  }

  test('takes a moment when a page asks for it, lists it, and compares it with now', async () => {
    const subject = await startSubject(
      `process.stdin.once('data', () => { globalThis.kept = Buffer.alloc(${32 * MIB}, 1); console.log('grown'); }); ${READY}`,
    );
    const { pid } = subject;
    const list = () => server.json<AnalyzeMomentsAnswer>(`/api/v1/analyze/moments?pid=${pid}`);
    expect(await list()).toEqual({ pid, key: null, moments: [], moments_total: 0, can_record: true });
    const taken = await (await takeMoment({ pid })).json();
    expect(taken).toMatchObject({ pid, key: expect.stringContaining(`-${pid}-`) });
    subject.stdin.write('go\n');
    await once(subject.stdout, 'data');
    const { key, moments } = await list();
    expect([key, moments.map(({ ts }) => ts)]).toEqual([taken.key, [taken.ts]]);
    const answer = await server.json<AnalyzeCompareAnswer>(`/api/v1/analyze/compare?key=${key}&b=now`);
    expect([answer.a, answer.classes[0].class]).toEqual([taken.ts, 'anonymous']);
    expect(answer.delta_bytes).toBeGreaterThanOrEqual(32 * MIB);
    subject.kill('SIGKILL');
    await once(subject, 'exit');
    const gone = await server.get(`/api/v1/analyze/compare?key=${key}&b=now`);
    expect([gone.status, (await gone.json()).code]).toEqual([404, 'process_gone']);
  });

  test('takes no moment of what cannot be read, nor where analysis is off', async () => {
    expect((await takeMoment({ pid: 999_999_999 })).status).toBe(404);
    const bad = await takeMoment({ pid: 'x' });
    expect([bad.status, (await bad.json()).field]).toEqual([400, 'pid']);
    const kernel = await takeMoment({ pid: 2 });
    expect([kernel.status, await kernel.json()]).toMatchObject([
      404,
      { code: 'no_data_for_pid', field: 'pid', detail: 'A kernel thread has no memory of its own.' },
    ]);
    const off = await serveFolder(dumps, tempFolder(), { isAnalysisOff: true });
    const refused = await takeMoment({ pid: process.pid }, off);
    expect((await refused.json()).code).toBe('analysis_off');
    expect(await off.json('/api/v1/analyze/moments')).toMatchObject({ pid: process.pid, can_record: false });
    await off.close();
  });

  test('lists at most 200 moments, evenly spread from the first to the last', async () => {
    const records = openRegionRecords(regions);
    const sums = { regions: 1, size_bytes: 0, rss_bytes: 0, pss_bytes: 0, private_bytes: 0, swap_bytes: 0 };
    const t = (minute: number) => NEWEST_MOMENT - (999 - minute) * 60_000;
    for (let minute = 0; minute < 1000; minute++)
      await records.append(
        { pid: 77, key: 's1-77-1' },
        { t: t(minute), readSeconds: 0, total: sums, classes: [], files: [] },
      );
    const { moments, moments_total } = await server.json<AnalyzeMomentsAnswer>(
      '/api/v1/analyze/moments?pid=77',
    );
    expect([moments.length, moments_total]).toEqual([200, 1000]);
    expect([moments[0].ts, moments[199].ts].map((one) => Date.parse(one))).toEqual([t(0), t(999)]);
  });

  test('has nothing of a process that was not recorded, and says how to record it', async () => {
    const response = await server.get('/api/v1/analyze/compare?pid=1&a=latest');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'no_data_for_pid',
      detail: 'No regions of it are recorded: pmi analyze 1 --record',
    });
  });

  test('tells the trend of a recorded life, with the rule of each figure', async () => {
    const trend = await server.json<AnalyzeTrendsAnswer>('/api/v1/analyze/trends?pid=20');
    expect(trend).toMatchObject({
      pid: 20,
      key: expect.stringContaining('-20-2000'),
      samples: 3,
      current_bytes: 70 * MIB,
      direction: { value: 'unknown' },
      rate: { bytes_per_hour: null },
      peak: { bytes: 70 * MIB, at: '2026-01-15T12:02:00.000Z' },
    });
    for (const { rule } of [trend.direction, trend.rate, trend.peak, trend.near_peak])
      expect(rule).not.toBe('');
    const ofServer = await server.get('/api/v1/analyze/trends');
    expect((await ofServer.json()).title).toBe(`No data for PID ${process.pid}`);
    const missing = await server.get('/api/v1/analyze/trends?pid=4711');
    expect([missing.status, (await missing.json()).code]).toEqual([404, 'no_data_for_pid']);
  });
});
