import { describe, expect, test } from 'vitest';
import { openTopFrames, TOP_POINTS } from '../../../../../server/interfaces/cli/top/frame.ts';
import { PAGE, sampleOfProcesses, TREE } from './live-samples.ts';

describe('a frame', () => {
  test('is the tree, depth first, the heaviest subtree first among siblings', async () => {
    const { processes, processRss } = openTopFrames()(await sampleOfProcesses(...TREE));
    expect(
      processes.map(({ pid, depth, descendants, figures }) => [
        pid,
        depth,
        descendants,
        figures.subtree / PAGE,
      ]),
    ).toEqual([
      [1, 0, 4, 123],
      [10, 1, 2, 72],
      [12, 2, 0, 40],
      [11, 2, 0, 30],
      [20, 1, 0, 50],
    ]);
    expect(processRss).toBe(123 * PAGE);
  });

  test('keeps the last points and the peak of a life, and of a life only', async () => {
    const frameOf = openTopFrames();
    const at = (rss: number, startTicks = 1000) => sampleOfProcesses({ pid: 7, ppid: 0, rss, startTicks });
    let frame = frameOf(await at(9));
    for (let rss = 1; rss <= TOP_POINTS; rss++) frame = frameOf(await at(rss));
    const [process] = frame.processes;
    expect(process.points.map(({ rss }) => rss / PAGE)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(process.peak.rss).toBe(10 * PAGE);
    expect(frameOf(await at(3, 2000)).processes[0]).toMatchObject({ peak: { rss: 3 * PAGE } });
    expect(frameOf(await at(4)).processes[0].points).toHaveLength(1);
  });

  test('has the PSS that was read last, until it is read again; what was never read is unknown', async () => {
    const frameOf = openTopFrames();
    const life = { pid: 7, ppid: 0, rss: 10 };
    const denied = { ...life, files: { smaps_rollup: null } };
    expect(frameOf(await sampleOfProcesses(denied)).processes[0].figures.pss).toBeNaN();
    expect(frameOf(await sampleOfProcesses(life)).processes[0].figures.pss).toBe(20 * 1024);
    expect(frameOf(await sampleOfProcesses(denied)).processes[0].figures.pss).toBe(20 * 1024);
  });

  test('says which watch groups a process is in', async () => {
    const groups = [{ name: 'workers', members: [{ name: 'all', rule: { pattern: 'worker' } }] }];
    const { processes } = openTopFrames(groups)(await sampleOfProcesses(...TREE));
    expect(processes.filter((process) => process.groups.includes('workers')).map(({ pid }) => pid)).toEqual([
      12, 11,
    ]);
  });

  test('shows names fit for a terminal, and kernel threads in brackets', async () => {
    const { processes } = openTopFrames()(
      await sampleOfProcesses(
        { pid: 2, ppid: 0, rss: 2, cmdline: 'evil\x1b[2J\0' },
        { pid: 3, ppid: 0, rss: 1, cmdline: '', comm: 'kswapd0' },
      ),
    );
    expect(processes.map(({ name }) => name)).toEqual(['evil\\x1b[2J', '[kswapd0]']);
  });
});
