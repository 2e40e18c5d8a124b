import { hostname } from 'node:os';
import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { textOf, whereOf } from './support/browser.ts';
import { chartsDrawn } from './support/launch.ts';
import { connected, drawnLine, lost, MEMORY, USED } from './support/live-view.ts';
import { openSiteOver } from './support/site.ts';

/** The built server over this very host, in real time. */

const folder = sharedTempFolder();
/** Ten minutes of a recording of this host that goes on until now. */
beforeAll(() => {
  const end = Math.floor(Date.now() / 1000) * 1000;
  const samples = Array.from({ length: 61 }, (_, at) => ({
    t: new Date(end - (60 - at) * 10_000).toISOString(),
    host: hostname(),
    interval: 10,
    processes: [{ pid: 1 }],
  }));
  writeHistory(folder, samples);
});
const site = openSiteOver(folder);

/** Waits until a line has so many points after an instant. */
async function pointsAfter(page: Page, title: string, t: number, count: number): Promise<number[]> {
  for (;;) {
    const line = await drawnLine(page, title, USED);
    const instants = line.flatMap(([at, value]) => (value !== null && at > t ? [at] : []));
    if (instants.length >= count) return instants;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('Over a real server', () => {
  test('that is killed while it is watched and started again, the page goes on without being loaded', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const opened = Date.now();
    await go('/live?points=300');
    await connected(page);
    await page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    const before = await pointsAfter(page, MEMORY, opened - 2000, 3);
    await site.kill();
    await lost(page);
    expect(await page.$('.live-shown[data-stale]')).not.toBeNull();
    expect(await textOf(page, '.live-state')).toMatch(/these figures are \d+ s old/);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await textOf(page, '.live-state [role=status]')).toBe('Disconnected - Attempting to reconnect…');
    const back = Date.now();
    await site.revive();
    await connected(page);
    await pointsAfter(page, MEMORY, back, 3);
    expect(await page.evaluate(() => 'isTheSamePage' in window)).toBe(true);
    expect(await page.$('.live-shown[data-stale]')).toBeNull();
    expect(await page.$('.banner.stale')).toBeNull();
    const instants = await pointsAfter(page, MEMORY, 0, 1);
    expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
    for (const t of before) expect(instants).toContain(t);
    expect(await textOf(page, '.live-notes')).toContain('the server was restarted');
    expectQuiet();
  });

  test('the overview goes on between two samples while its range ends at now, and stands still when told', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/?from=-5m');
    await chartsDrawn(page);
    const { coverage } = await site.server().json<OverviewAnswer>('/api/v1/');
    const sampled = Date.parse(coverage.to);
    const first = await pointsAfter(page, 'RAM usage', sampled, 2);
    const later = await pointsAfter(page, 'RAM usage', first.at(-1) ?? 0, 1);
    expect(later.length).toBeGreaterThan(0);
    expect(await page.$eval('.follow', (button) => button.getAttribute('aria-pressed'))).toBe('true');
    await page.keyboard.press('.');
    await page.waitForFunction(() => location.search.includes('to='));
    expect(await page.$eval('.follow', (button) => button.getAttribute('aria-pressed'))).toBe('false');
    await page.waitForFunction(() => document.querySelector('main')?.getAttribute('aria-busy') === 'false');
    const still = (await drawnLine(page, 'RAM usage', USED)).at(-1);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await drawnLine(page, 'RAM usage', USED)).at(-1)).toEqual(still);
    await page.click('.follow');
    await page.waitForFunction(() => !location.search.includes('to='));
    expect(whereOf(page).params).toEqual({ from: '-5m' });
    expectQuiet();
  });
});
