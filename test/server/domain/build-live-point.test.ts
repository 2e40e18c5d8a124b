import { describe, expect, test } from 'vitest';
import { openLivePointBuilder } from '../../../server/domain/build-live-point.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import type { ProcessLiteral } from '../../support/dump-builder.ts';
import { readingOf } from '../../support/live-world.ts';

const GROUP: WatchGroup = {
  name: 'web',
  members: [
    { name: 'server', rule: { pattern: 'serve' } },
    { name: 'worker', rule: { pattern: 'work' } },
  ],
};
const SERVER: ProcessLiteral = {
  pid: 10,
  cmd: 'serve',
  comm: 'serve',
  rss_mb: 30,
  pss_mb: 20,
  swap_mb: 1,
  cpu: 5,
};
const WORKER: ProcessLiteral = { pid: 11, ppid: 10, cmd: 'work', comm: 'work', rss_mb: 8, cpu: 1 };

/** @returns the group of each of these readings, a second apart */
function groupsOf(...readings: readonly (readonly ProcessLiteral[])[]) {
  const build = openLivePointBuilder();
  return readings.map(
    (processes, at) => build(readingOf(at * 1000, { processes }), [GROUP], at).point.groups[0],
  );
}

describe('a group of a point', () => {
  test('sums what is known of each member and of all, and says of how many processes PSS is', () => {
    const [group] = groupsOf([SERVER, WORKER, { pid: 12, rss_mb: 100 }]);
    expect(group.total).toMatchObject({
      processes: 2,
      rss_bytes: 38 * MIB,
      vsz_bytes: 76 * MIB,
      pss_bytes: 20 * MIB,
      pss_known: 1,
      swap_bytes: MIB,
    });
    expect(group.members[1]).toMatchObject({
      name: 'worker',
      rss_bytes: 8 * MIB,
      pss_bytes: null,
      pids: [11],
    });
  });

  test('of which nothing runs holds nothing, which is known', () => {
    const [group] = groupsOf([{ pid: 12 }]);
    const nothing = { processes: 0, rss_bytes: 0, pss_bytes: 0, pss_known: 0, swap_bytes: 0, cpu_percent: 0 };
    expect(group.total).toMatchObject(nothing);
    expect(group.members[0].pids).toEqual([]);
  });

  test('counts a process that two members match once, and says so', () => {
    const [group] = groupsOf([{ ...SERVER, cmd: 'serve work' }]);
    expect(group).toMatchObject({ total: { processes: 1 }, ambiguous: 1 });
    expect(group.members.map(({ processes }) => processes)).toEqual([1, 0]);
  });

  test('tells those that have ended apart, and names them nowhere', () => {
    const [group] = groupsOf([SERVER, { ...WORKER, rss_mb: 0, state: 'Z' }]);
    expect(group.total).toMatchObject({ processes: 2, zombies: 1, rss_bytes: 30 * MIB, pss_known: 1 });
    expect(group.members[1]).toMatchObject({ processes: 1, zombies: 1, pids: [] });
  });

  test('tells how old the oldest PSS of its sum is', () => {
    const reading = readingOf(0, { processes: [SERVER, { ...WORKER, pss_mb: 5 }] });
    const build = (pssAge: readonly number[]) =>
      openLivePointBuilder()({ ...reading, pssAge }, [GROUP], 1).point.groups[0];
    expect(build([3, 12]).total.pss_age_seconds).toBe(12);
    expect(build([3, Number.POSITIVE_INFINITY]).members[1].pss_age_seconds).toBe(null);
  });

  test('names the five processes with the most RSS', () => {
    const many = Array.from({ length: 7 }, (_, k) => ({ ...SERVER, pid: 20 + k, rss_mb: 50 - k }));
    expect(groupsOf(many)[0].members[0].pids).toEqual([20, 21, 22, 23, 24]);
  });
});

describe('the CPU of a group', () => {
  const cpuOf = (...readings: readonly (readonly ProcessLiteral[])[]) =>
    groupsOf(...readings).map(({ total }) => total.cpu_percent);

  test('is not known at the first point, and then of one CPU since the point before', () => {
    expect(cpuOf([SERVER], [{ ...SERVER, cpu: 5.5 }], [{ ...SERVER, cpu: 7 }])).toEqual([null, 50, 150]);
  });

  test('counts all that a process used which started since, and nothing that another life of its pid did', () => {
    const started = { ...SERVER, start: 100_050, cpu: 0.2 };
    expect(cpuOf([], [started])).toEqual([0, 20]);
    expect(cpuOf([SERVER], [started])).toEqual([null, 20]);
  });

  test('is not known of a process that comes into the group, until its time was read twice', () => {
    const outside = { ...SERVER, cmd: 'other', comm: 'other' };
    const readings = [[outside], [outside], [SERVER], [{ ...SERVER, cpu: 6 }], [{ ...SERVER, cpu: 7 }]];
    expect(cpuOf(...readings)).toEqual([0, 0, null, null, 100]);
  });
});

describe('the system of a point', () => {
  test('has the shares of used memory, load, and all that the kernel tells', () => {
    const build = openLivePointBuilder();
    const { point } = build(readingOf(0, { processes: [SERVER, WORKER] }), [], 1);
    expect(point.system).toMatchObject({
      uptime_seconds: 1000,
      used_bytes: 2048 * MIB,
      used_htop_bytes: null,
      cpu_percent: null,
      load1: 1,
      load15: 3,
      processes: 2,
      process_rss_bytes: 38 * MIB,
      metrics: { mem_total_bytes: 8192 * MIB },
    });
  });

  test('has the CPU of all since the point before; unknown where the counters went back', () => {
    const build = openLivePointBuilder();
    const cpus = [
      { busy: 100, idle: 100 },
      { busy: 130, idle: 170 },
      { busy: 10, idle: 10 },
    ].map(
      (cpu, at) => build(readingOf(at * 1000, { processes: [], ...cpu }), [], at).point.system.cpu_percent,
    );
    expect(cpus).toEqual([null, 30, null]);
  });
});

test('processes of a group are told with their member, start and share of a CPU', () => {
  const build = openLivePointBuilder();
  build(readingOf(0, { processes: [{ ...SERVER, start: 50_000 }] }), [GROUP], 1);
  const { processes, watched, point } = build(
    readingOf(1000, { processes: [{ ...SERVER, start: 50_000, cpu: 5.1 }] }),
    [GROUP],
    2,
  );
  expect(processes[0]).toMatchObject([
    { pid: 10, member: 'server', comm: 'serve', rss_bytes: 30 * MIB, started: point.t - 501_000 },
  ]);
  expect(processes[0][0].cpu_percent).toBeCloseTo(10);
  expect([...watched]).toEqual([10]);
});

test('a process has one start in every reading, also where clock and uptime are read at odd distances', () => {
  const build = openLivePointBuilder();
  const startOf = (t: number, offsetSeconds: number) => {
    const reading = readingOf(t, { processes: [SERVER] });
    const uptimeSeconds = (reading.system.uptimeSeconds ?? 0) + offsetSeconds;
    const system = { ...reading.system, uptimeSeconds };
    return build({ ...reading, system }, [GROUP], 1).processes[0][0].started ?? 0;
  };
  const first = startOf(0, 0);
  expect([startOf(1000, 0.004), startOf(2000, -0.3)]).toEqual([first, first]);
  expect(startOf(3000, -3600)).toBe(first + 3_600_000);
});
