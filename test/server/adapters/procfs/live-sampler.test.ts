import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultRecorderOptions } from '../../../../collector/options.ts';
import { openRecorder } from '../../../../collector/recorder.ts';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import { openLiveSampler, parseCpuTicks } from '../../../../server/adapters/procfs/live-sampler.ts';
import { parseLoad } from '../../../../server/adapters/procfs/parse-host.ts';
import { openLivePointBuilder } from '../../../../server/domain/build-live-point.ts';
import type { LiveReading } from '../../../../server/domain/live-reading.ts';
import type { Sample } from '../../../../server/domain/sample.ts';
import type { WatchGroup } from '../../../../server/domain/watch-group.ts';
import type { FakeProcess } from '../../../collector/fake-proc.ts';
import { fakeProc, putFile, putProcess, temporaryFolder } from '../../../collector/fake-proc.ts';

/** What the recorder writes of a host now, as the rest of the product reads it. */
async function recordOnce(procRoot: string): Promise<Sample> {
  const out = temporaryFolder();
  const options = { ...defaultRecorderOptions(), out, once: true, intervalMs: null };
  expect(await openRecorder(options, { procRoot, passwdPath: '/nowhere' }).done).toBe(0);
  const folder = openDumpFolder({ root: out, timeZone: 'UTC', now: () => Date.now() + 60_000 });
  const { pairs } = await folder.list();
  const { sample, rejects } = await folder.read(pairs[0]);
  expect(rejects).toEqual([]);
  if (!sample?.processes) throw new Error('nothing was recorded');
  return sample;
}

function openOn(procRoot: string) {
  const sampler = openLiveSampler({ procRoot, passwdPath: '/nowhere' });
  onTestFinished(sampler.close);
  return sampler;
}

function pointOf(reading: LiveReading, groups: readonly WatchGroup[]) {
  return openLivePointBuilder()(reading, groups, 1).point;
}

function hostWith(...processes: readonly FakeProcess[]): string {
  const root = fakeProc(...processes);
  putFile(
    root,
    'meminfo',
    'MemTotal: 2048 kB\nMemFree: 1000 kB\nMemAvailable: 1500 kB\nSwapTotal: 8 kB\nSwapFree: 2 kB\n',
  );
  putFile(root, 'uptime', '100.00 1.00\n');
  putFile(root, 'vmstat', 'pgmajfault 7\noom_kill 1\n');
  putFile(root, 'stat', 'cpu  10 1 5 70 4 2 1 7 10 0\ncpu0 1 1 1 1\nintr 1\n');
  putFile(root, 'loadavg', '0.50 1.25 2.00 1/300 4242\n');
  return root;
}

const GROUP: WatchGroup = {
  name: 'all',
  members: [
    { name: 'sleepers', rule: { pattern: 'sleep' } },
    { name: 'of 1', rule: { pid: 1 } },
  ],
};

describe('a live point and a recorded sample of the same instant', () => {
  test('tell the same of the system, of processes and of groups', async () => {
    const root = hostWith(
      { pid: 1, ppid: 0, rss: 10, comm: 'init', cmdline: '/sbin/init\0' },
      { pid: 2, rss: 20 },
      { pid: 3, ppid: 2, rss: 30, cmdline: 'sleep\x009\0' },
    );
    const sample = await recordOnce(root);
    const reading = await openOn(root).read(new Set([1, 2, 3]));
    const recorded = {
      ...reading,
      ...sample,
      system: { ...sample.system, t: reading.system.t },
    } as LiveReading;
    expect(pointOf(reading, [GROUP])).toEqual(pointOf(recorded, [GROUP]));
    expect(pointOf(reading, [GROUP]).groups[0]).toMatchObject({
      total: { processes: 3, pss_known: 3 },
      ambiguous: 2,
    });
    expect(reading.system.values).toEqual(sample.system.values);
  });

  test('agree on this host about a process that does not change', async () => {
    const child = spawn('sleep', ['86400']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const group = { name: 'g', members: [{ name: 'm', rule: { pid: child.pid ?? 0 } }] };
    const sampler = openOn('/proc');
    await sampler.read(new Set());
    const sample = await recordOnce('/proc');
    const reading = await sampler.read(new Set([child.pid ?? 0]));
    const [live, recorded] = [reading, { ...reading, ...sample } as LiveReading].map((one) =>
      pointOf(one, [group]),
    );
    const { processes, rss_bytes, vsz_bytes } = live.groups[0].total;
    expect(processes).toBe(1);
    expect(rss_bytes).toBeGreaterThan(100_000);
    expect(recorded.groups[0].total).toMatchObject({ processes, rss_bytes, vsz_bytes });
    expect(recorded.system.metrics.mem_total_bytes).toBe(live.system.metrics.mem_total_bytes);
  });
});

describe('a process of this host that ends between two readings', () => {
  /** What is told of it at the first reading after it was there. */
  async function departureOf(child: ChildProcess, end: () => void) {
    const group = { name: 'g', members: [{ name: 'm', rule: { pid: child.pid ?? 0 } }] };
    const sampler = openOn('/proc');
    const build = openLivePointBuilder();
    const read = async () => build(await sampler.read(new Set()), [group], 1).point.groups[0].members[0];
    const before = Date.now();
    expect(await read()).toMatchObject({ processes: 1, departure: null });
    const seenBy = Date.now();
    end();
    await expect.poll(read, { interval: 20 }).toMatchObject({ departure: { pid: child.pid, exited: true } });
    const { departure } = await read();
    if (!departure) throw new Error('forgotten');
    expect(departure.seen).toBeGreaterThanOrEqual(before);
    expect(departure.gone).toBeGreaterThanOrEqual(seenBy);
    expect(departure.gone).toBeGreaterThan(departure.seen);
    return departure;
  }

  test('is told of, with its command', async () => {
    const child = spawn('sleep', ['86400']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const { cmd, comm } = await departureOf(child, () => child.kill('SIGKILL'));
    expect([cmd, comm]).toEqual(['sleep 86400', 'sleep']);
  });

  test('is told of before its parent takes the exit code', async () => {
    const parent = spawn('bash', ['-c', 'sleep 86399 & echo $!; exec sleep 86400']);
    onTestFinished(() => void parent.kill('SIGKILL'));
    const pid = Number(await new Promise((done) => parent.stdout.once('data', (text) => done(String(text)))));
    onTestFinished(() => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, as it should.
      }
    });
    const { cmd } = await departureOf({ pid } as ChildProcess, () => process.kill(pid, 'SIGTERM'));
    expect(cmd).toBe('sleep 86399');
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(' Z ');
  });
});

describe('the live sampler', () => {
  test('reads PSS and swap of the processes that are watched, and of no others', async () => {
    const root = hostWith({ pid: 1, ppid: 0 }, { pid: 2, rss: 20 }, { pid: 3, rss: 30 });
    const sampler = openOn(root);
    await sampler.read(new Set());
    const { processes } = await sampler.read(new Set([2]));
    const known = Object.fromEntries(
      Array.from(processes.numbers.pid, (pid, row) => [pid, processes.numbers.pss_bytes[row]]),
    );
    expect(known).toEqual({ 1: Number.NaN, 2: 20 * 2048, 3: Number.NaN });
  });

  test('keeps PSS while the sizes of a process stay the same, tells its age, and reads it anew when they change', async () => {
    const [still, moving] = [
      { pid: 2, rss: 20 },
      { pid: 3, rss: 30 },
    ];
    const root = hostWith({ pid: 1, ppid: 0 }, still, moving);
    const sampler = openOn(root);
    const read = async () => {
      const { processes, pssAge } = await sampler.read(new Set([2, 3]));
      const rows = [2, 3].map((pid) => processes.numbers.pid.indexOf(pid));
      return {
        pss: rows.map((row) => processes.numbers.pss_bytes[row]),
        ages: rows.map((row) => pssAge[row]),
      };
    };
    await read();
    const first = await read();
    // Its sharers have gone, which its sizes do not tell.
    const rollup = 'Rss: 80 kB\nPss: 70 kB\n';
    putProcess(root, { ...still, files: { smaps_rollup: rollup } });
    // As many pages, of which others are shared.
    putProcess(root, { ...moving, files: { smaps_rollup: rollup, statm: '500 30 49 5 0 100 0\n' } });
    const second = await read();
    expect([first.pss, second.pss]).toEqual([
      [20 * 2048, 30 * 2048],
      [20 * 2048, 70 * 1024],
    ]);
    expect(second.ages[0]).toBeGreaterThan(first.ages[0]);
    expect(second.ages[1]).toBeLessThan(second.ages[0]);
  });

  test('reads PSS anew when it is too old', async () => {
    const root = hostWith({ pid: 1, ppid: 0, rss: 10 });
    const sampler = openLiveSampler({ procRoot: root, passwdPath: '/nowhere', keepPssMs: 1 });
    onTestFinished(sampler.close);
    const pss = async () => (await sampler.read(new Set([1]))).processes.numbers.pss_bytes[0];
    await pss();
    putProcess(root, { pid: 1, ppid: 0, rss: 10, files: { smaps_rollup: 'Pss: 7 kB\n' } });
    await new Promise((done) => setTimeout(done, 5));
    expect(await pss()).toBe(7 * 1024);
  });

  test('reads the CPU time of watched processes each time, of others where their size changed', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);']);
    onTestFinished(() => void busy.kill('SIGKILL'));
    const pid = busy.pid ?? 0;
    const sampler = openOn('/proc');
    const cpuOf = ({ processes: { numbers } }: LiveReading) => numbers.cpu_seconds[numbers.pid.indexOf(pid)];
    await expect.poll(async () => cpuOf(await sampler.read(new Set([pid])))).toBeGreaterThan(0.1);
    const before = cpuOf(await sampler.read(new Set([pid])));
    await expect
      .poll(async () => cpuOf(await sampler.read(new Set([pid]))) - before, { interval: 20 })
      .toBeGreaterThan(0.02);
  });

  test('gives its descriptors back when it is closed', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return /^\/proc\/\d+\/statm$/.test(readlinkSync(`/proc/self/fd/${fd}`));
        } catch {
          return false;
        }
      }).length;
    const before = open();
    const sampler = openLiveSampler();
    await sampler.read(new Set());
    expect(open()).toBeGreaterThan(before);
    sampler.close();
    expect(open()).toBe(before);
  });

  test('fails by name where there is no proc file system', async () => {
    await expect(openOn('/nowhere').read(new Set())).rejects.toMatchObject({ code: 'source_unavailable' });
  });
});

test('CPU time of guests is in that of user already; waiting for a disk is idle', () => {
  expect(parseCpuTicks('cpu  10 1 5 70 4 2 1 7 10 0\ncpu0 1\n')).toEqual({ idle: 74, busy: 26 });
  expect(parseCpuTicks('cpu  10 1 5 70\n')).toEqual({ idle: 70, busy: 16 });
  expect(parseCpuTicks('intr 1\n')).toBe(null);
});

test('load is over 1, 5 and 15 minutes', () => {
  expect(parseLoad('0.50 1.25 2.00 1/300 4242\n')).toEqual([0.5, 1.25, 2]);
  expect(parseLoad('')).toBe(null);
});
