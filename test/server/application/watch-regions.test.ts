import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { RegionWatch, RegionWatchWorld } from '../../../server/application/watch-regions.ts';
import { openRegionWatch } from '../../../server/application/watch-regions.ts';
import { MemoryInspectorError } from '../../../server/domain/errors.ts';
import type { RegionMoment } from '../../../server/domain/region-moments.ts';
import type { WatchedProcess, WatchGroup } from '../../../server/domain/watch-group.ts';

const SUMS = { regions: 1, size_bytes: 4096, rss_bytes: 4096, pss_bytes: 0, private_bytes: 0, swap_bytes: 0 };

/** Of the reading of one process. */
const READ_SECONDS = 0.0002;

type Regions = RegionWatchWorld['analysis']['regions'];
type Reading = Awaited<ReturnType<Regions>>;

function processOf(pid: number): WatchedProcess {
  return { pid, ppid: 1, user: 'me', cgroup: '/', cmd: `worker ${pid}`, comm: 'worker' };
}

function groupOf(name: string, pattern: string, regions?: string): WatchGroup {
  return { name, members: [{ name: 'All', rule: { pattern } }], ...(regions ? { regions } : {}) };
}

const open: RegionWatch[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((watch) => watch.close()));
});

/** A host whose processes are read in no time, of which some may not be. */
function openHost(
  groups: { current: readonly WatchGroup[] },
  options: {
    readonly pids?: readonly number[];
    readonly refused?: ReadonlyMap<number, MemoryInspectorError>;
    readonly readSeconds?: number;
    readonly obstacle?: string | null;
  } = {},
) {
  const { pids = [1, 2, 3], refused = new Map(), readSeconds = READ_SECONDS, obstacle = null } = options;
  const kept: { readonly pid: number; readonly at: number; readonly moment: RegionMoment }[] = [];
  const failures: unknown[] = [];
  let listed = 0;
  const regions: Regions = async ({ pid }) => {
    const refusal = refused.get(pid);
    if (refusal) throw refusal;
    const figures = { totals: SUMS, classes: [], files: [] } as unknown as Reading['figures'];
    const process = { pid, key: `s1-${pid}-1` } as Reading['process'];
    return { process, figures, missing: [], measuredAt: Date.now(), readSeconds };
  };
  const watch = openRegionWatch({
    analysis: { regions },
    records: {
      append: async ({ pid }, moment) => {
        kept.push({ pid, moment, at: performance.now() });
      },
    },
    groups: () => groups.current,
    processes: async () => {
      listed++;
      return pids.map(processOf);
    },
    obstacle: async () => obstacle,
    onFailure: (error) => failures.push(error),
  });
  open.push(watch);
  return { watch, kept, failures, listed: () => listed };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 400) throw new Error('it did not come');
    await sleep(10);
  }
}

describe('Regions over time of watch groups', () => {
  test('are kept of the members of a group that asks, and of nobody else', async () => {
    const groups = { current: [groupOf('shop', 'worker 2', '10s'), groupOf('quiet', 'worker 1')] };
    const { watch, kept } = openHost(groups);
    await until(() => watch.kept('shop') !== null);
    expect(kept.map(({ pid }) => pid)).toEqual([2]);
    expect(watch.kept('shop')).toMatchObject({ obstacle: null, processes: 1, skipped: [] });
    expect(watch.kept('quiet')).toBeNull();
  });

  test('are of a process once, whatever groups it is in, and not before its interval is over', async () => {
    const groups = { current: [groupOf('shop', 'worker', '5m'), groupOf('all', 'worker', '10m')] };
    const { watch, kept } = openHost(groups);
    await until(() => watch.kept('all') !== null);
    groups.current = [...groups.current];
    await sleep(100);
    expect(kept.map(({ pid }) => pid)).toEqual([1, 2, 3]);
    expect(watch.kept('all')?.processes).toBe(3);
  });

  test('take one CPU for a hundredth of the time: after each reading it waits a hundred times as long', async () => {
    const readSeconds = 0.002;
    const { watch, kept } = openHost({ current: [groupOf('shop', 'worker', '10s')] }, { readSeconds });
    await until(() => watch.kept('shop') !== null);
    const [first, second, third] = kept.map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(195);
    expect(third - second).toBeGreaterThanOrEqual(195);
    expect(watch.kept('shop')?.roundSeconds).toBeGreaterThanOrEqual(0.585);
  });

  test('that may not be read are told with the reason, a process that has ended is not', async () => {
    const next = 'Run as root.';
    const refused = new Map([
      [1, new MemoryInspectorError('not_permitted', 'No', { next })],
      [2, new MemoryInspectorError('process_gone', 'It ended')],
    ]);
    const { watch, kept, failures } = openHost({ current: [groupOf('shop', 'worker', '10s')] }, { refused });
    await until(() => watch.kept('shop') !== null);
    expect(watch.kept('shop')?.skipped).toEqual([{ pid: 1, comm: 'worker', text: next }]);
    expect([kept.map(({ pid }) => pid), failures]).toEqual([[3], []]);
  });

  test('that cannot be written are told as a failure, and the round goes on', async () => {
    const full = new MemoryInspectorError('cannot_write', 'Cannot write x: ENOSPC', { next: 'Free some.' });
    const { watch, kept, failures } = openHost(
      { current: [groupOf('shop', 'worker', '10s')] },
      { refused: new Map([[1, full]]) },
    );
    await until(() => watch.kept('shop') !== null);
    expect([kept.length, failures]).toEqual([2, [full]]);
  });

  test('are not kept where something speaks against it, which is told; processes are not even listed', async () => {
    const groups = { current: [groupOf('shop', 'worker', '10s')] };
    const { watch, kept, listed } = openHost(groups, { obstacle: 'Nobody records.' });
    await until(() => watch.kept('shop') !== null);
    expect(watch.kept('shop')?.obstacle).toBe('Nobody records.');
    expect([kept.length, listed()]).toEqual([0, 0]);
  });

  test('end with the group that asked for them, and at once when it is closed', async () => {
    const groups = { current: [groupOf('shop', 'worker', '10s')] };
    const { watch, kept } = openHost(groups, { readSeconds: 0.01 });
    await until(() => kept.length === 1);
    groups.current = [groupOf('shop', 'worker')];
    await sleep(1300);
    expect(kept).toHaveLength(1);
    const began = performance.now();
    await watch.close();
    expect(performance.now() - began).toBeLessThan(500);
  });
});
