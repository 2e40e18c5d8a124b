import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSystemReader } from '../../../../server/adapters/procfs/system-reading.ts';
import { fakeProc, putFile, temporaryFolder } from '../../../collector/fake-proc.ts';

const MIB = 1024 * 1024;
const UNIFIED = '30 20 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n';
const LEGACY = '31 20 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';

function hostOf(mounts: string): { procRoot: string; sysRoot: string; shmRoot: string; passwdPath: string } {
  const procRoot = fakeProc({ pid: 1, ppid: 0, rss: 10 }, { pid: 2, rss: 30, cmdline: 'db\0--password=x\0' });
  const [sysRoot, shmRoot] = [temporaryFolder(), temporaryFolder()];
  putFile(procRoot, 'meminfo', 'MemTotal: 2048 kB\nNovelty:  7 kB\nHugePages_Free:   3\n');
  putFile(procRoot, 'self/mountinfo', mounts);
  const passwdPath = join(procRoot, 'passwd');
  writeFileSync(passwdPath, 'app:x:1000:1000::/:/bin/sh\n');
  return { procRoot, sysRoot, shmRoot, passwdPath };
}

describe('the system', () => {
  test('is told with every key of meminfo, load, counters and pressure', async () => {
    const host = hostOf('');
    putFile(host.procRoot, 'loadavg', '0.50 1.25 2.00 1/164 15525\n');
    putFile(host.procRoot, 'uptime', '100.00 1.00\n');
    putFile(host.procRoot, 'stat', 'cpu  1 2\ncpu0 1 2\ncpu1 0 0\nintr 77 1 2\nctxt 42\nprocesses 9\n');
    const some = 'some avg10=1.50 avg60=0.25 avg300=0.00 total=10\n';
    putFile(host.procRoot, 'pressure/cpu', some);
    const reading = await openSystemReader(host)();
    expect(reading).toMatchObject({
      uptimeSeconds: 100,
      load: [0.5, 1.25, 2],
      cpus: 2,
      counters: { context_switches: 42, interrupts: 77, forks: 9 },
      pressure: { cpu: { some: { avg10: 1.5, avg60: 0.25, avg300: 0 }, full: null }, memory: null, io: null },
    });
    expect(reading.meminfo).toEqual([
      { key: 'MemTotal', value: 2 * MIB, unit: 'bytes' },
      { key: 'Novelty', value: 7 * 1024, unit: 'bytes' },
      { key: 'HugePages_Free', value: 3, unit: 'count' },
    ]);
  });

  test('without these files is unknown, not zero', async () => {
    const { load, cpus, counters, cgroups, shared, uptimeSeconds } = await openSystemReader({
      ...hostOf(''),
      shmRoot: '/nowhere',
    })();
    expect({ load, cpus, uptimeSeconds }).toEqual({ load: null, cpus: null, uptimeSeconds: null });
    expect(Object.values(counters)).toEqual([null, null, null]);
    expect(cgroups).toEqual({ version: null, groups: [], is_cut: false });
    expect(shared).toEqual({ file_systems: [], segments: { items: [], total: 0 }, files: null });
  });

  test('lists the largest processes first, their secrets masked', async () => {
    const { processes } = await openSystemReader(hostOf(''))();
    expect(processes.total).toBe(2);
    expect(processes.rss_bytes).toBe(40 * 4096);
    expect(processes.items.map(({ pid, rss_bytes }) => [pid, rss_bytes])).toEqual([
      [2, 30 * 4096],
      [1, 10 * 4096],
    ]);
    expect(processes.items[0]).toMatchObject({ cmd: 'db --password=********', swap_bytes: 12 * 1024 });
  });
});

describe('control groups', () => {
  test('of version 2 come depth first with their figures, siblings by memory', async () => {
    const host = hostOf(UNIFIED);
    const put = (name: string, text: string) => putFile(host.sysRoot, `fs/cgroup/${name}`, text);
    put('cgroup.controllers', 'cpu memory pids\n');
    put('small/memory.current', '4096\n');
    put('small/memory.max', 'max\n');
    put('large/memory.current', `${3 * MIB}\n`);
    put('large/memory.max', `${4 * MIB}\n`);
    put('large/memory.high', 'max\n');
    put('large/memory.swap.current', '8192\n');
    put('large/memory.peak', `${4 * MIB}\n`);
    put('large/memory.events', 'low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\noom_group_kill 0\n');
    put(
      'large/memory.pressure',
      'some avg10=2.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=1.00 avg60=0.00 avg300=0.00 total=1\n',
    );
    put('large/inner/memory.current', '1\n');
    const { cgroups } = await openSystemReader(host)();
    expect(cgroups).toMatchObject({ version: 2, is_cut: false });
    expect(cgroups.groups.map(({ path, depth }) => [path, depth])).toEqual([
      ['/', 0],
      ['/large', 1],
      ['/large/inner', 2],
      ['/small', 1],
    ]);
    expect(cgroups.groups[1]).toEqual({
      path: '/large',
      depth: 1,
      current_bytes: 3 * MIB,
      peak_bytes: 4 * MIB,
      swap_bytes: 8192,
      is_limited: true,
      max_bytes: 4 * MIB,
      high_bytes: null,
      oom_kills: 1,
      some_avg10: 2,
      full_avg10: 1,
    });
    expect(cgroups.groups[3]).toMatchObject({ is_limited: false, max_bytes: null, oom_kills: null });
    expect(cgroups.groups[0]).toMatchObject({ current_bytes: null, is_limited: null });
  });

  test('of version 1 tell what they have: the unified hierarchy beside it has no memory', async () => {
    const host = hostOf(UNIFIED.replace('/cgroup rw', '/cgroup/unified rw') + LEGACY);
    const put = (name: string, text: string) => putFile(host.sysRoot, `fs/cgroup/${name}`, text);
    put('unified/cgroup.controllers', '\n');
    put('memory/box/memory.usage_in_bytes', '4096\n');
    put('memory/box/memory.memsw.usage_in_bytes', '6144\n');
    put('memory/box/memory.limit_in_bytes', '9223372036854771712\n');
    put('memory/box/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n');
    const { cgroups } = await openSystemReader(host)();
    expect(cgroups.version).toBe(1);
    expect(cgroups.groups[1]).toMatchObject({
      path: '/box',
      current_bytes: 4096,
      swap_bytes: 2048,
      is_limited: false,
      max_bytes: null,
      oom_kills: 3,
      peak_bytes: null,
    });
  });

  test('keep names of any bytes in dump notation', async () => {
    const host = hostOf(UNIFIED);
    const root = join(host.sysRoot, 'fs/cgroup');
    mkdirSync(root, { recursive: true });
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff, 0x1b, 0x5b])]));
    const { cgroups } = await openSystemReader(host)();
    expect(cgroups.groups.map(({ path }) => path)).toEqual(['/', '/a\\xff\\x1b[']);
  });

  test('are cut where there are too many, the deepest first, and say so', async () => {
    const host = hostOf(UNIFIED);
    for (let group = 0; group < 498; group++)
      mkdirSync(join(host.sysRoot, `fs/cgroup/g${group}/inner`), { recursive: true });
    const { cgroups } = await openSystemReader(host)();
    expect(cgroups.is_cut).toBe(true);
    expect(cgroups.groups).toHaveLength(500);
    expect(cgroups.groups.filter(({ depth }) => depth === 1)).toHaveLength(498);
  });
});

describe('shared memory', () => {
  test('of System V is a segment with its owner and who is attached, the largest first', async () => {
    const host = hostOf('');
    putFile(
      host.procRoot,
      'sysvipc/shm',
      '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n' +
        '         0          3  1600                  4096    11    12      2  1000  1000  1000  1000          0          0          0                  4096                     0\n' +
        '         0          7  1600              10485760    21    22      0    55     0     0     0          0          0          0               8388608                  4096\n',
    );
    const { shared } = await openSystemReader(host)();
    expect(shared.segments.items).toEqual([
      {
        id: 7,
        size_bytes: 10 * MIB,
        rss_bytes: 8 * MIB,
        swap_bytes: 4096,
        creator_pid: 21,
        last_pid: 22,
        attached: 0,
        user: '55',
      },
      {
        id: 3,
        size_bytes: 4096,
        rss_bytes: 4096,
        swap_bytes: 0,
        creator_pid: 11,
        last_pid: 12,
        attached: 2,
        user: 'app',
      },
    ]);
  });

  test('of POSIX is a file, by what it holds and not by what it may grow to', async () => {
    const host = hostOf('');
    putFile(host.shmRoot, 'pool/buffers', 'x'.repeat(20_000));
    writeFileSync(join(host.shmRoot, 'sparse'), '');
    truncateSync(join(host.shmRoot, 'sparse'), MIB);
    const { shared } = await openSystemReader(host)();
    expect(shared.files?.total).toBe(2);
    expect(shared.files?.items.map(({ name, size_bytes }) => [name, size_bytes])).toEqual([
      ['pool/buffers', 20_000],
      ['sparse', MIB],
    ]);
    expect(shared.files?.items[1].used_bytes).toBe(0);
  });

  test('file systems are listed once each, and only where what is mounted there is what was said', async () => {
    const ordinary = temporaryFolder();
    const mounts = [
      '1 0 0:40 / /dev/shm rw shared:2 - tmpfs tmpfs rw,size=1k',
      '2 0 0:40 / /mnt/again rw - tmpfs tmpfs rw',
      `3 0 0:41 / ${ordinary} rw - tmpfs odd\\040name rw`,
      '4 0 0:42 / /no\\040where rw - ramfs ramfs rw',
      '5 0 8:1 / / rw - ext4 /dev/sda1 rw',
    ];
    const { shared } = await openSystemReader(hostOf(`${mounts.join('\n')}\n`))();
    expect(shared.file_systems.map(({ path, type }) => [path, type]).sort()).toEqual(
      [
        ['/dev/shm', 'tmpfs'],
        [ordinary, 'tmpfs'],
        ['/no where', 'ramfs'],
      ].sort(),
    );
    const unknown = shared.file_systems.filter(({ path }) => path !== '/dev/shm');
    expect(unknown.map(({ size_bytes, used_bytes }) => [size_bytes, used_bytes])).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});

test('this very host can be read', async () => {
  const reading = await openSystemReader()();
  const keys = reading.meminfo.map(({ key }) => key);
  expect(keys).toContain('MemTotal');
  expect(reading.processes.items.length).toBeGreaterThan(0);
  expect(reading.t).toBeGreaterThan(Date.now() - 60_000);
});
