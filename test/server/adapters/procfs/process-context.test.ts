import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openHost } from '../../../../server/adapters/procfs/host.ts';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import { readCgroupMemory } from '../../../../server/adapters/procfs/read-cgroup-memory.ts';
import { readQuota } from '../../../../server/adapters/procfs/read-quota.ts';
import { readSystem } from '../../../../server/adapters/procfs/read-system.ts';
import { putFile } from '../../../collector/fake-proc.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const MIB = 1024 * 1024;
const PID = 812;
/** How version 1 writes "no limit". */
const UNLIMITED = '9223372036854771712\n';

/** A host that has these files below /proc and /sys, and no others. */
function hostOf(proc: Readonly<Record<string, string>>, sys: Readonly<Record<string, string>> = {}) {
  const [procRoot, sysRoot] = [tempFolder(), tempFolder()];
  for (const [name, text] of Object.entries(proc)) putFile(procRoot, name, text);
  for (const [name, text] of Object.entries(sys)) putFile(sysRoot, name, text);
  return openHost(procRoot, sysRoot);
}

const cgroup = (text: string) => ({ [`${PID}/cgroup`]: text });

describe('the control group of a process', () => {
  test('of version 2 has its memory, and the tightest limit of it and those above', () => {
    const host = hostOf(cgroup('0::/shop/web\n'), {
      'fs/cgroup/shop/web/memory.current': `${300 * MIB}\n`,
      'fs/cgroup/shop/web/memory.max': 'max\n',
      'fs/cgroup/shop/memory.max': `${512 * MIB}\n`,
      'fs/cgroup/shop/web/cpu.max': '150000 100000\n',
      'fs/cgroup/shop/cpu.max': 'max 100000\n',
      'fs/cgroup/shop/web/cpu.weight': '100\n',
      'fs/cgroup/shop/web/cpu.stat': 'usage_usec 5\nnr_throttled 7\nthrottled_usec 2500000\n',
    });
    expect(readCgroupMemory(host, PID)).toEqual({
      cgroup_memory_bytes: 300 * MIB,
      cgroup_limit_bytes: 512 * MIB,
      cgroup_is_limited: true,
    });
    expect(readQuota(host, PID)).toEqual({
      cgroup: '/shop/web',
      quota_cpus: 1.5,
      period_seconds: 0.1,
      weight: 100,
      throttled_periods: 7,
      throttled_seconds: 2.5,
    });
  });

  test('of version 1 has them under its controller, and none where the kernel says the largest number', () => {
    const host = hostOf(cgroup('5:cpu,cpuacct:/a\n4:memory:/a/b\n0::/elsewhere\n'), {
      'fs/cgroup/memory/a/b/memory.usage_in_bytes': `${MIB}\n`,
      'fs/cgroup/memory/a/b/memory.limit_in_bytes': UNLIMITED,
      'fs/cgroup/memory/memory.limit_in_bytes': UNLIMITED,
      'fs/cgroup/cpu/a/cpu.cfs_quota_us': '20000\n',
      'fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
    });
    expect(readCgroupMemory(host, PID)).toEqual({
      cgroup_memory_bytes: MIB,
      cgroup_limit_bytes: null,
      cgroup_is_limited: false,
    });
    expect(readQuota(host, PID)).toMatchObject({ cgroup: '/a', quota_cpus: 0.2 });
  });

  test('is unknown where nothing of it can be read, which is not the same as no limit', () => {
    const unknown = { cgroup_memory_bytes: null, cgroup_limit_bytes: null, cgroup_is_limited: null };
    expect(readCgroupMemory(hostOf({}), PID)).toEqual(unknown);
    expect(readCgroupMemory(hostOf(cgroup('0::/\n')), PID)).toEqual(unknown);
  });
});

describe('the host around a process', () => {
  test('says how huge pages are given, and how often the OOM killer came', () => {
    const host = hostOf(
      { vmstat: 'nr_free_pages 5\noom_kill 3\n' },
      { 'kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n' },
    );
    expect(readSystem(host)).toMatchObject({ thp_mode: 'madvise', oom_kills: 3 });
  });

  test('says unknown where the kernel has neither', () => {
    expect(readSystem(hostOf({}))).toMatchObject({ thp_mode: null, oom_kills: null });
  });
});

test.runIf(process.platform === 'linux')(
  'the OOM score is that of the kernel, with its adjustment',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e9)'], { stdio: 'ignore' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const { pid = 0 } = child;
    writeFileSync(`/proc/${pid}/oom_score_adj`, '500');
    const probe = openProcessProbe();
    const never = new AbortController().signal;
    const { figures } = await probe.readMemory(await probe.identify(pid, never), never);
    expect(figures.oom_score_adj).toBe(500);
    const kernel = Number(readFileSync(`/proc/${pid}/oom_score`, 'utf8'));
    expect(Math.abs((figures.oom_score ?? 0) - kernel)).toBeLessThanOrEqual(5);
  },
);
