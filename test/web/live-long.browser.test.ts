import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import { textOf } from './support/browser.ts';
import { openLiveSite } from './support/live-site.ts';
import {
  connected,
  drawnLine,
  drawnUntil,
  GROUPS,
  hideTab,
  INIT,
  MEMORY,
  SERVER,
  stepsOf,
  USED,
  WORKERS,
} from './support/live-view.ts';

const site = openLiveSite(GROUPS);

describe('For as long as it is left open', () => {
  test('a tab out of sight draws nothing, and all of it when it is seen again', async () => {
    const { page, go } = await site.visit();
    await go('/live?points=300');
    await drawnUntil(page, site.newest() + 2000);
    await hideTab(page, true);
    const from = site.newest();
    const before = await drawnLine(page, MEMORY, USED);
    await expect.poll(site.newest).toBeGreaterThan(from + 20_000);
    expect((await drawnLine(page, MEMORY, USED)).at(-1)).toEqual(before.at(-1));
    await hideTab(page, false);
    const line = await drawnUntil(page, from + 20_000);
    expect(new Set(stepsOf(line.filter(([t]) => t >= from)))).toEqual(new Set([1]));
  });

  test('two thousand points later all is as at first: the ring has turned, nothing has grown', async () => {
    site.live().host = { processes: [INIT, SERVER, ...WORKERS] };
    const { page, go, expectQuiet } = await site.visit();
    await go('/live?watch=app&points=1000&metric=rss');
    await connected(page);
    const session = await page.createCDPSession();
    const size = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { Nodes, JSHeapUsedSize, JSEventListeners } = await page.metrics();
      return { nodes: Nodes ?? 0, heap: JSHeapUsedSize ?? 0, listeners: JSEventListeners ?? 0 };
    };
    const pass = async (points: number) => {
      const from = site.newest();
      site.pace(1);
      await expect.poll(site.newest, { timeout: 60_000, interval: 20 }).toBeGreaterThan(from + points * 1000);
      site.pace(100);
      return drawnUntil(page, site.newest(), 'Total Usage');
    };
    await pass(1100);
    const first = await size();
    const line = await pass(1000);
    const second = await size();
    expect(line.length).toBeLessThanOrEqual(1005);
    expect(line.length).toBeGreaterThan(990);
    expect(new Set(stepsOf(line))).toEqual(new Set([1]));
    expect(second.nodes).toBeLessThan(first.nodes * 1.5);
    expect(second.listeners).toBeLessThan(first.listeners * 1.5);
    expect(second.heap).toBeLessThan(first.heap * 1.5 + 5 * MIB);
    expect(await textOf(page, '.live-state [role=status]')).toBe('Connected - Receiving real-time data');
    expectQuiet();
  });
});
