import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import type { WatchGroup } from '../../server/domain/watch-group.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { openExports } from './support/browser.ts';
import { chartsDrawn, forceColours } from './support/launch.ts';
import { openLiveSite } from './support/live-site.ts';

const GROUPS: readonly WatchGroup[] = [
  {
    name: 'app',
    members: [
      { name: 'Main Service', rule: { pattern: 'server.js' } },
      {
        name: 'A member with a name that is as long as one may well be, and then',
        rule: { pattern: 'worker' },
      },
      { name: 'Menu Bar App', rule: { pattern: 'menubar' } },
    ],
  },
];

const site = openLiveSite(GROUPS);
tellWhatAxeSaw();

function stateIs(page: Page, state: string): Promise<unknown> {
  return page.waitForSelector(`.live-state[data-state=${state}]`, { timeout: 20_000 });
}

async function openLive(page: Page, go: (path: string) => Promise<void>, path: string): Promise<void> {
  site.live().host = {
    processes: [
      { pid: 1 },
      { pid: 812, rss_mb: 60, pss_mb: 40, cmd: 'node server.js' },
      { pid: 900, ppid: 812, rss_mb: 20, cmd: 'node worker.js' },
    ],
  };
  await go(path);
  await stateIs(page, 'connected');
}

const VIEWS: Readonly<Record<string, string>> = {
  'this host': '/live',
  'a group': '/live?watch=app',
  'a group by PSS': '/live?watch=app&metric=pss&points=300',
  'a stretch of the past': '/live?watch=app&from=2026-01-15T11:00:00Z&to=2026-01-15T11:10:00Z',
  'no such group': '/live?watch=nope',
};

describe.each(['light', 'dark'] as const)('Nothing serious stands in anyone’s way, %s', (scheme) => {
  test.each(Object.entries(VIEWS))('live: %s', async (name, path) => {
    const { page, go } = await site.visit({ scheme });
    await openLive(page, go, path);
    if (name !== 'no such group') {
      await chartsDrawn(page);
      await page.click('.as-table summary');
      await page.waitForSelector('.as-table table');
      await openExports(page);
    }
    expect(await findings(page)).toEqual([]);
  });

  test('live: the server is away, and old figures are legible', async () => {
    const { page, go } = await site.visit({ scheme });
    await openLive(page, go, '/live?watch=app');
    await site.stop();
    await stateIs(page, 'lost');
    expect(await findings(page)).toEqual([]);
    await site.start();
  });
});

describe('On a narrow screen', () => {
  test.each(Object.entries(VIEWS))('nothing lies beyond the edge of 320 px: %s', async (_, path) => {
    const { page, go } = await site.visit({ width: 320 });
    await openLive(page, go, path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

describe('In colours that a reader forces, and without motion', () => {
  test('bars and the sign of the state are seen, and nothing moves by itself', async () => {
    const { page, go } = await site.visit();
    await forceColours(page);
    await openLive(page, go, '/live?watch=app');
    await page.waitForSelector('.standing-bar');
    const paints = await page.$eval('.standing-bar', (bar) => ({
      bar: getComputedStyle(bar, '::before').backgroundColor,
      ground: getComputedStyle(document.body).backgroundColor,
    }));
    expect(paints.bar).not.toBe(paints.ground);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    expect(await findings(page)).toEqual([]);
  });
});
