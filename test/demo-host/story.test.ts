import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { Seen } from './look-at.ts';
import { figure, groupBy, processesOf, samplesOf } from './look-at.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const samples = samplesOf();
const seen = samples.flatMap(processesOf);
const lives = groupBy(seen, ({ boot, pid, start }) => `${boot} ${pid} ${start}`);

describe('the story of the three days', () => {
  test('three days at two minutes end at the asked instant', () => {
    expect(samples[0].system.t).toBe(Date.parse('2026-03-01T06:02:00Z'));
    expect(samples.at(-1)?.system.t).toBe(Date.parse('2026-03-04T06:00:00Z'));
    expect(samples.every(({ system }) => system.label === 'demo' && system.host === 'demo-1')).toBe(true);
    expect(seen.length / samples.length).toBeGreaterThan(115);
    expect(seen.length / samples.length).toBeLessThan(135);
  });

  const spacings = samples.slice(1).map((sample, at) => ({ before: samples[at], after: sample }));

  test('the web service leaks until the kernel kills it, once, and it comes back under a new pid', () => {
    const kills = spacings.filter(
      ({ before, after }) => figure(after, 'oom_kill') > figure(before, 'oom_kill'),
    );
    expect(kills).toHaveLength(1);
    const web = [...lives.values()].filter(([first]) => first.cmd.includes('/releases/1.9.0/server.js'));
    expect(web).toHaveLength(2);
    const [killed, restarted] = web;
    expect(killed[killed.length - 1].rss).toBeGreaterThan(8 * killed[0].rss);
    expect(killed[killed.length - 1].t).toBe(kills[0].before.system.t);
    expect(restarted[0].t).toBe(kills[0].after.system.t);
    expect(restarted[0].pid).not.toBe(killed[0].pid);
    expect(restarted[restarted.length - 1].t).toBe(samples.at(-1)?.system.t);
  });

  test('memory pressure and swap rise towards the kill and are nothing the night before', () => {
    const kill = spacings.findIndex(
      ({ before, after }) => figure(after, 'oom_kill') > figure(before, 'oom_kill'),
    );
    const worst = (from: number, to: number) =>
      Math.max(...samples.slice(from, to).map((sample) => figure(sample, 'psi_some_avg10')));
    expect(worst(kill - 60, kill + 1)).toBeGreaterThan(10);
    expect(worst(kill - 300, kill - 240)).toBeLessThan(1);
    expect(worst(kill + 30, samples.length)).toBeLessThan(1);
    expect(figure(samples[kill], 'swap_free_bytes')).toBeLessThan(
      figure(samples[kill], 'swap_total_bytes') / 2,
    );
  });

  test('a batch job holds several GiB with a tree of children for twenty minutes from 03:12, every night', () => {
    const job = seen.filter(({ user }) => user === 'batch');
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-04']) {
      const from = Date.parse(`${day}T03:12:00Z`);
      const tonight = job.filter(({ t }) => Math.abs(t - from) < 6 * HOUR);
      const times = tonight.map(({ t }) => t);
      expect(Math.min(...times) - from).toBeLessThanOrEqual(2 * MINUTE);
      expect(Math.max(...times) - from).toBeLessThanOrEqual(20 * MINUTE);
      expect(Math.max(...times) - from).toBeGreaterThanOrEqual(18 * MINUTE);
      const sums = [...groupBy(tonight, ({ t }) => String(t)).values()].map((rows) =>
        rows.reduce((sum, { rss }) => sum + rss, 0),
      );
      expect(Math.max(...sums)).toBeGreaterThan(3 * 1024 * MIB);
      const parents = new Set(tonight.map(({ ppid }) => ppid));
      expect(tonight.filter(({ pid }) => parents.has(pid)).length).toBeGreaterThan(0);
    }
  });

  test('the recorder stood still for more than two hours, and the host was started anew once', () => {
    const long = spacings.filter(({ before, after }) => after.system.t - before.system.t > 2 * HOUR);
    expect(long).toHaveLength(1);
    expect(long[0].after.system.bootId).toBe(long[0].before.system.bootId);

    const boots = spacings.filter(({ before, after }) => after.system.bootId !== before.system.bootId);
    expect(boots).toHaveLength(1);
    expect(boots[0].after.system.uptimeSeconds).toBeLessThan(5 * 60);
    expect(boots[0].before.system.uptimeSeconds).toBeGreaterThan(9 * 24 * 3600);
  });

  test('a pid is used again in the same boot', () => {
    const startsOfPid = groupBy(
      [...lives.values()].map(([first]) => first),
      ({ boot, pid }) => `${boot} ${pid}`,
    );
    expect([...startsOfPid.values()].filter((starts) => starts.length > 1).length).toBeGreaterThan(5);
  });

  test('a wrapper execs its program: same pid, same start, another command', () => {
    const etl = [...lives.values()].find(([first]) => first.cmd.startsWith('/bin/sh /srv/etl/start.sh'));
    expect(etl?.at(-1)?.cmd).toBe('python3 /srv/etl/ingest.py --queue orders');
  });

  test('the backup outlives its shell and is handed to pid 1', () => {
    const backup = [...lives.values()].find(([first]) => first.cmd.startsWith('restic backup'));
    expect(backup?.at(0)?.ppid).not.toBe(1);
    expect(backup?.at(-1)?.ppid).toBe(1);
  });

  test('the database shares memory: its PSS is far below its RSS', () => {
    const backends = seen.filter(
      ({ t, cmd }) => t === samples.at(-1)?.system.t && cmd.startsWith('postgres: '),
    );
    const sum = (of: (process: Seen) => number) => backends.reduce((total, one) => total + of(one), 0);
    expect(sum(({ rss }) => rss)).toBeGreaterThan(4 * sum(({ pss }) => pss));
  });

  test('kernel threads are a family below pid 2 that holds nothing', () => {
    const kernel = processesOf(samples[0]).filter(({ cmd }) => cmd === '');
    expect(kernel.length).toBeGreaterThan(10);
    expect(kernel.every(({ pid, ppid, rss }) => rss === 0 && (pid === 2 || ppid === 2))).toBe(true);
  });

  test('every parent is there, and nobody is older than its host', () => {
    for (const sample of samples) {
      const processes = processesOf(sample);
      const pids = new Set(processes.map(({ pid }) => pid));
      expect(pids.size).toBe(processes.length);
      expect(processes.every(({ ppid }) => ppid === 0 || pids.has(ppid))).toBe(true);
      const uptimeTicks = (sample.system.uptimeSeconds ?? 0) * 100;
      expect(processes.every(({ start }) => start >= 0 && start <= uptimeTicks)).toBe(true);
    }
  });

  test('the parts of /proc/meminfo add up, but for the little that no line tells', () => {
    for (const sample of samples) {
      const parts = (
        [
          'mem_free_bytes',
          'buffers_bytes',
          'cached_bytes',
          'anon_pages_bytes',
          'slab_bytes',
          'kernel_stack_bytes',
          'page_tables_bytes',
        ] as const
      ).map((id) => figure(sample, id));
      const unlisted = figure(sample, 'mem_total_bytes') - parts.reduce((sum, part) => sum + part, 0);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      expect(unlisted).toBeGreaterThanOrEqual(0);
      expect(unlisted).toBeLessThan(256 * MIB);
      expect(figure(sample, 'shmem_bytes')).toBeLessThanOrEqual(figure(sample, 'cached_bytes'));
      expect(figure(sample, 'mem_available_bytes')).toBeLessThanOrEqual(figure(sample, 'mem_total_bytes'));
    }
  });
});

describe('the demo host tells its story at any length', () => {
  test.for([
    '--days 1',
    '--days 1 --interval 60s --processes 300',
    '--days 7 --interval 10m',
    '--days 3 --end 2026-03-04T17:30:00Z --seed 7',
  ])('%s has one kill, one reboot and one long gap', (flags) => {
    const all = samplesOf(flags);
    const kills = all.map((sample) => figure(sample, 'oom_kill'));
    const rises = kills.filter((count, at) => count > (kills[at - 1] ?? 0));
    expect(rises).toHaveLength(1);
    expect(new Set(all.map(({ system }) => system.bootId)).size).toBe(2);
    const long = all.filter(({ system }, at) => {
      const before = all[at - 1]?.system ?? system;
      return (
        system.bootId === before.bootId && system.t - before.t > 10 * (system.intervalSeconds ?? 0) * 1000
      );
    });
    expect(long).toHaveLength(1);
  });
});
