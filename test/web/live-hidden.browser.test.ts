import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { textOf } from './support/browser.ts';
import { openLiveSite } from './support/live-site.ts';
import { connected, drawnUntil, hideTab } from './support/live-view.ts';

const site = openLiveSite([]);

describe('A tab that is out of sight', () => {
  const MINUTE_MS = 60_000;
  const HURRIED_MS = 1500;

  /** A page whose minute is short. */
  async function hurriedPage() {
    const visit = await site.visit();
    await visit.page.evaluateOnNewDocument(
      (minute, hurried) => {
        const native = window.setTimeout;
        const sooner = (call: TimerHandler, ms?: number, ...args: unknown[]) =>
          native(call, ms === minute ? hurried : ms, ...args);
        Object.assign(window, { setTimeout: sooner });
      },
      MINUTE_MS,
      HURRIED_MS,
    );
    await visit.go('/live?points=300');
    await connected(visit.page);
    return visit;
  }

  const clients = () => site.live().feed.clients();

  test('for a minute is told no more, and takes up again when it is seen, without a reload', async () => {
    const { page, expectQuiet } = await hurriedPage();
    await expect.poll(clients).toBe(1);
    const line = await drawnUntil(page, site.newest() + 2000);
    await page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await hideTab(page, true);
    await sleep(HURRIED_MS / 3);
    expect(clients()).toBe(1);
    await expect.poll(clients).toBe(0);
    const left = site.newest();
    await hideTab(page, false);
    await expect.poll(clients).toBe(1);
    await connected(page);
    const more = await drawnUntil(page, left + 5000);
    const instants = more.map(([t]) => t);
    expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
    expect(instants).toEqual(expect.arrayContaining(line.map(([t]) => t).slice(-3)));
    expect(await page.evaluate(() => 'isTheSamePage' in window)).toBe(true);
    expectQuiet();
  });

  test('for less than a minute is told on', async () => {
    const { page } = await hurriedPage();
    await expect.poll(clients).toBe(1);
    await hideTab(page, true);
    await sleep(HURRIED_MS / 3);
    await hideTab(page, false);
    await sleep(HURRIED_MS);
    expect(clients()).toBe(1);
    expect(await textOf(page, '.live-state [role=status]')).toBe('Connected - Receiving real-time data');
  });
});
