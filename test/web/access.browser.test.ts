import { describe, expect, test } from 'vitest';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { openExports, openHelp } from './support/browser.ts';
import { chartsDrawn, forceColours } from './support/launch.ts';
import { PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);
tellWhatAxeSaw();

const PAGES: Readonly<Record<string, string>> = {
  Overview: '/api/v1/',
  Snapshot: `/api/v1/snapshot?min_rss=20&user=app&base=${new Date(sampleAt(5)).toISOString()}`,
  Treemap: '/api/v1/snapshot?view=treemap',
  Groups: `/api/v1/groups?by=exe&base=${new Date(sampleAt(5)).toISOString()}`,
  Level: '/api/v1/snapshot/level?lvl=1&min_rss=1',
  PID: `/api/v1/snapshot/pid?pid=${PID.server}&min_rss=50`,
  Plot: `/api/v1/snapshot/pid/plot?pid=${PID.server}`,
  'Side by side': `/api/v1/snapshot/pid/plot?pid=${PID.server}&small=1`,
  Files: '/api/v1/files',
  Status: '/api/v1/status',
  Alerts: '/alerts',
  'No watch groups': '/watch',
  'New watch group': '/watch?edit=%2B',
  'No rows': '/api/v1/snapshot/level?lvl=1&min_rss=99999',
  'Bad parameter': '/api/v1/snapshot/level?limit=none',
  'Gone process': `/api/v1/snapshot/pid?pid=${PID.reused}&ts=${new Date(sampleAt(12)).toISOString()}`,
  'Not found': '/api/v1/nope',
};

describe.each(['light', 'dark'] as const)('Nothing serious stands in anyone’s way, %s', (scheme) => {
  test.each(Object.entries(PAGES))('%s', async (name, path) => {
    const { page, go } = await site.visit({ scheme });
    await go(path);
    if (name === 'Overview' || name === 'Plot') {
      await chartsDrawn(page);
      await page.click('.as-table summary');
      await page.waitForSelector('.as-table table');
    }
    if (await page.$('.exports')) await openExports(page);
    expect(await findings(page)).toEqual([]);
  });
});

describe('Also', () => {
  test('the buttons of charts are no smaller than 24 px', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await chartsDrawn(page);
    const sizes = await page.$$eval('.modebar-btn', (buttons) =>
      buttons
        .map((button) => button.getBoundingClientRect())
        .map(({ width, height }) => Math.min(width, height)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  });

  test('the search with what it found', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await page.focus('#search');
    await page.keyboard.type('node');
    await page.waitForSelector('.results [role=option]');
    expect(await findings(page)).toEqual([]);
  });

  test('pages in the colours that a reader forces on them: marks keep an edge, the focus is seen', async () => {
    const { page, go } = await site.visit();
    await forceColours(page);
    await go('/api/v1/snapshot');
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    const edge = await page.$eval('.btn', (button) => getComputedStyle(button).borderTopStyle);
    expect(edge).toBe('solid');
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    await page.keyboard.press('ArrowDown');
    const row = await page.evaluate(() => {
      const cell = document.activeElement?.querySelector('td');
      const other = document.querySelector('[role=treegrid] tbody tr:not(:focus) td');
      return (
        cell && other && getComputedStyle(cell).backgroundColor !== getComputedStyle(other).backgroundColor
      );
    });
    expect(row).toBe(true);
    expect(await findings(page)).toEqual([]);
  });

  test('the sample picker, the help and the narrow pages', async () => {
    const { page, go } = await site.visit({ width: 400 });
    await go('/api/v1/snapshot/level?lvl=1');
    await page.click('.samples .picker summary');
    await page.waitForSelector('.near a');
    expect(await findings(page)).toEqual([]);
    await openHelp(page);
    expect(await findings(page)).toEqual([]);
  });

  test('the theme that was chosen is there from the first paint, and is remembered', async () => {
    const { page, go } = await site.visit({ scheme: 'light' });
    await go('/api/v1/');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    for (const expected of ['light', 'dark']) {
      await page.click('button[aria-label^=Theme]');
      await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, {}, expected);
    }
    const dark = await background();
    expect(dark).not.toBe(light);
    await go('/api/v1/');
    expect(await background()).toBe(dark);
    expect(await page.evaluate(() => performance.getEntriesByName('first-paint').length <= 1)).toBe(true);
    await page.evaluate(() => localStorage.clear());
  });
});
