import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import { isLong } from '../../../support/effort.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/**
 * What a host has to be set up for: pages of hugetlbfs, swap, limits of control groups. The tests set it up and take it
 * back, so they need root, and somebody who asks for them: make test-long.
 */

const PYTHON = '/usr/bin/python3';
const MIB = 1024 * 1024;
const probe = openProcessProbe();
const never = new AbortController().signal;

/** What speaks against setting this host up; '' is nothing. */
function obstacle(...needs: readonly string[]): string {
  if (!isLong) return 'changes this host: only in make test-long';
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = needs.filter((file) => !existsSync(file));
  return missing.length > 0 ? `this host has no ${missing.join(', ')}` : '';
}

function needs({ skip }: TestContext, ...files: readonly string[]): void {
  const why = obstacle(...files);
  if (why !== '') skip(why);
}

type Stopped = ChildProcess & { readonly pid: number };

/** A program that holds something, stopped. */
async function startStopped(...lines: readonly string[]): Promise<Stopped> {
  const code = ['import mmap, time', ...lines, 'print("ready", flush=True)', 'time.sleep(600)'].join('\n');
  const child = spawn(PYTHON, ['-c', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [ready] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (!String(ready).startsWith('ready')) throw new Error(`the program did not start: ${ready}`);
  const { pid = 0 } = child;
  process.kill(pid, 'SIGSTOP');
  await expect.poll(async () => (await probe.identify(pid, never)).state, { interval: 5 }).toBe('T');
  return Object.assign(child, { pid });
}

function rollupOf(pid: number, key: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return 1024 * Number(new RegExp(`^${key}: +(\\d+) kB$`, 'm').exec(text)?.[1]);
}

async function readBoth(pid: number) {
  const subject = await probe.identify(pid, never);
  const { figures } = await probe.readRegions(subject, never);
  if (!figures) throw new Error('its regions could not be read');
  return { regions: figures, memory: (await probe.readMemory(subject, never)).figures };
}

const NR_HUGEPAGES = '/proc/sys/vm/nr_hugepages';

describe('pages of hugetlbfs', () => {
  test('are told apart from RSS, by size, and as private and shared', async (context) => {
    needs(context, PYTHON, NR_HUGEPAGES);
    const before = readFileSync(NR_HUGEPAGES, 'utf8');
    const folder = tempFolder();
    onTestFinished(() => writeFileSync(NR_HUGEPAGES, before));
    writeFileSync(NR_HUGEPAGES, String(Number(before) + 8));
    if (Number(readFileSync(NR_HUGEPAGES, 'utf8')) < Number(before) + 8)
      context.skip('no huge pages are free');
    execFileSync('mount', ['-t', 'hugetlbfs', 'none', folder]);
    onTestFinished(() => void execFileSync('umount', ['-l', folder]));
    const { pid } = await startStopped(
      'p = mmap.mmap(-1, 4 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000)',
      'p[0] = 1; p[2 << 20] = 1',
      `f = open(${JSON.stringify(join(folder, 'arena'))}, 'w+b'); f.truncate(6 << 20)`,
      's = mmap.mmap(f.fileno(), 6 << 20); s[0] = 1; s[2 << 20] = 1; s[4 << 20] = 1',
    );
    const { regions, memory } = await readBoth(pid);
    const { totals, layout, regions: table } = regions;
    expect([totals.rss_bytes, totals.hugetlb_bytes]).toEqual([rollupOf(pid, 'Rss'), 10 * MIB]);
    expect([memory.hugetlb_bytes, layout.hugetlb_bytes]).toEqual([10 * MIB, 10 * MIB]);
    expect(layout.resident_bytes).toBe(totals.rss_bytes + 10 * MIB);
    expect(layout.page_sizes.find(({ page_bytes }) => page_bytes === 2 * MIB)).toMatchObject({
      regions: 2,
      size_bytes: 10 * MIB,
    });
    const huge = Array.from({ length: table.length }, (_, at) => table.at(at)).filter(
      ({ kernel_page_bytes }) => kernel_page_bytes === 2 * MIB,
    );
    expect(huge.map((one) => [one.class, one.private_hugetlb_bytes, one.shared_hugetlb_bytes])).toEqual(
      expect.arrayContaining([
        [expect.any(String), 4 * MIB, 0],
        ['file', 6 * MIB, 0],
      ]),
    );
  });
});

describe('swap', () => {
  test('of a process is the sum over its regions, and not in RSS any more', async (context) => {
    needs(context, PYTHON, '/proc/swaps');
    const file = join(tempFolder(), 'swap');
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'count=96', 'status=none']);
    execFileSync('chmod', ['600', file]);
    try {
      execFileSync('mkswap', [file], { stdio: 'ignore' });
      execFileSync('swapon', [file], { stdio: 'ignore' });
    } catch {
      context.skip('this file system takes no swap file');
    }
    onTestFinished(() => {
      execFileSync('swapoff', [file]);
      rmSync(file);
    });
    const { pid } = await startStopped(
      'm = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)',
      'for at in range(0, 64 << 20, 4096): m[at:at + 8] = at.to_bytes(8, "little")',
      'm.madvise(21) # MADV_PAGEOUT',
    );
    await expect.poll(() => rollupOf(pid, 'Swap')).toBeGreaterThan(32 * MIB);
    await sleep(200);
    const { regions, memory } = await readBoth(pid);
    expect(regions.totals.swap_bytes).toBe(rollupOf(pid, 'Swap'));
    expect(memory.swap_bytes).toBe(regions.totals.swap_bytes);
    expect(regions.classes.find((one) => one.class === 'anonymous')?.swap_bytes).toBeGreaterThan(32 * MIB);
    expect(regions.totals.rss_bytes).toBe(rollupOf(pid, 'Rss'));
  });
});

const GROUP = `pmi-test-${process.pid}`;

/** Makes a group with limits and puts a process into it. */
function limit(folder: string, limits: Readonly<Record<string, string>>, child: Stopped): void {
  mkdirSync(folder);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await expect.poll(() => readFileSync(join(folder, 'cgroup.procs'), 'utf8'), { timeout: 5000 }).toBe('');
    rmdirSync(folder);
  });
  for (const [name, value] of Object.entries(limits)) writeFileSync(join(folder, name), value);
  writeFileSync(join(folder, 'cgroup.procs'), String(child.pid));
}

describe('limits of control groups', () => {
  test('of version 1 are told for the CPU and the memory', async (context) => {
    needs(
      context,
      PYTHON,
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes',
    );
    const child = await startStopped('kept = bytes(8 << 20)');
    limit(`/sys/fs/cgroup/cpu/${GROUP}`, { 'cpu.cfs_quota_us': '50000' }, child);
    limit(`/sys/fs/cgroup/memory/${GROUP}`, { 'memory.limit_in_bytes': String(64 * MIB) }, child);
    const subject = await probe.identify(child.pid, never);
    const { memory } = await readBoth(child.pid);
    expect(memory).toMatchObject({ cgroup_limit_bytes: 64 * MIB, cgroup_is_limited: true });
    expect(memory.cgroup_memory_bytes).toEqual(expect.any(Number));
    const { figures } = await probe.readCpu(subject, never);
    expect(figures?.quota).toMatchObject({ cgroup: `/${GROUP}`, quota_cpus: 0.5, period_seconds: 0.1 });
  });

  test('of version 2 are told for the CPU and the memory', async (context) => {
    needs(context, PYTHON, '/sys/fs/cgroup/cgroup.controllers');
    const controllers = readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').split(/\s/);
    if (!controllers.includes('cpu') || !controllers.includes('memory'))
      context.skip('this host has cpu or memory under version 1');
    writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+cpu +memory');
    const child = await startStopped('kept = bytes(8 << 20)');
    limit(`/sys/fs/cgroup/${GROUP}`, { 'cpu.max': '50000 100000', 'memory.max': String(64 * MIB) }, child);
    const subject = await probe.identify(child.pid, never);
    expect((await probe.readMemory(subject, never)).figures.cgroup_limit_bytes).toBe(64 * MIB);
    expect((await probe.readCpu(subject, never)).figures?.quota.quota_cpus).toBe(0.5);
  });
});
