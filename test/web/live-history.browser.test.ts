import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import { HISTORY_START } from '../support/dump-builder.ts';
import { openExports, textOf, whereOf } from './support/browser.ts';
import { openLiveSite } from './support/live-site.ts';
import {
  connected,
  drawnLine,
  drawnUntil,
  GROUPS,
  INIT,
  MEMORY,
  press,
  recordTenMinutes,
  SERVER,
  stepsOf,
  USED,
  WORKERS,
} from './support/live-view.ts';

const site = openLiveSite(GROUPS, recordTenMinutes);

describe('Between live and history', () => {
  test('what was recorded and what is live are one line: no instant twice, no gap, no reload', async () => {
    const { page, go } = await site.visit();
    await go('/live?from=-15m');
    await connected(page);
    const line = await drawnUntil(page, site.newest() + 2000);
    const instants = line.map(([t]) => t);
    expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
    expect(line.every(([, value]) => value !== null)).toBe(true);
    expect(stepsOf(line).filter((step) => step === 10).length).toBeGreaterThan(50);
    expect(await textOf(page, '.live-notes')).toMatch(/points were recorded, one each 10 s, the last at /);
  });

  test('of a group, too: each member from what was recorded into what is live', async () => {
    site.live().host = { processes: [INIT, SERVER, ...WORKERS] };
    const { page, go } = await site.visit();
    await go('/live?watch=app&metric=rss&from=-1h');
    await connected(page);
    await expect.poll(async () => (await drawnLine(page, MEMORY, 'Total Usage')).length).toBeGreaterThan(60);
    const recorded = (line: readonly [number, number | null][]) => line.filter(([t]) => t <= HISTORY_START);
    const total = recorded(await drawnUntil(page, site.newest(), 'Total Usage'));
    const server = recorded(await drawnLine(page, MEMORY, 'Main Service'));
    expect(total.map(([, mib]) => mib)).toEqual(Array(61).fill(90));
    expect(server.map(([, mib]) => mib)).toEqual(Array(61).fill(60));
    expect(new Set(stepsOf(total))).toEqual(new Set([10]));
  });

  test('pausing stands still, by button and by key; back and forward lead between', async () => {
    const { page, go } = await site.visit();
    await go('/live?from=-5m');
    await connected(page);
    await drawnUntil(page, site.newest() + 2000);
    await press(page, 'Pause');
    await page.waitForFunction(() => location.search.includes('to='));
    const { from, to } = whereOf(page).params;
    expect(Date.parse(to) - Date.parse(from)).toBe(300_000);
    const still = await drawnUntil(page, Date.parse(to));
    await expect.poll(site.newest).toBeGreaterThan(Date.parse(to) + 20_000);
    expect((await drawnLine(page, MEMORY, USED)).at(-1)?.[0]).toBeLessThanOrEqual(
      (still.at(-1)?.[0] ?? 0) + 1000,
    );
    expect(await textOf(page, '.note[role=status]')).toContain('This stands still:');
    await page.goBack();
    await drawnUntil(page, site.newest());
    expect(whereOf(page).params).toEqual({ from: '-5m' });
    await page.goForward();
    await page.waitForFunction(() => location.search.includes('to='));
    expect(whereOf(page).params).toEqual({ from, to });
    await page.keyboard.press('.');
    await page.waitForFunction(() => !location.search.includes('to='));
    expect(whereOf(page).params).toEqual({ from: '-5m' });
    await drawnUntil(page, site.newest());
    await page.keyboard.press('.');
    await page.waitForFunction(() => location.search.includes('to='));
  });

  test('stepping back from now goes into what was recorded, and the cards are of then', async () => {
    const { page, go } = await site.visit();
    await go('/live?points=50');
    await connected(page);
    await drawnUntil(page, site.newest() + 2000);
    const isKept = async () =>
      !(await textOf(page, '.live-shown')).includes('does not keep points of this stretch');
    for (let step = 0; step < 40 && (await isKept()); step++) {
      const { search } = new URL(page.url());
      await page.click('button[aria-label=Earlier]');
      await page.waitForFunction((before) => location.search !== before, {}, search);
    }
    expect(await isKept()).toBe(false);
    expect(await page.$('.live-host')).toBeNull();
    const { to } = whereOf(page).params;
    const line = await drawnUntil(page, Date.parse(to) - 10_000);
    expect(new Set(stepsOf(line.filter(([t]) => t <= HISTORY_START)))).toEqual(new Set([10]));
    await press(page, 'Back to now');
    await drawnUntil(page, site.newest());
    expect(await page.$('.live-host')).not.toBeNull();
  });
});

describe('Also', () => {
  test('means and peaks count from a mark on, and the URL keeps it', async () => {
    site.live().host = { processes: [INIT, { ...SERVER, rss_mb: 300 }] };
    const { page, go } = await site.visit();
    await go('/live?watch=app&metric=rss');
    await drawnUntil(page, site.newest() + 3000, 'Total Usage');
    site.live().host = { processes: [INIT, SERVER] };
    const peak = () => textOf(page, '.standing tbody tr td:last-child');
    await page.waitForFunction(
      () => document.querySelector('.standing td data')?.getAttribute('value') === String(60 * 2 ** 20),
    );
    expect(await peak()).toBe('300 MiB');
    await press(page, 'Mark here');
    await expect.poll(peak).toBe('60.0 MiB');
    expect(await textOf(page, '.card:last-child')).toContain('peak 60.0 MiB');
    await page.reload();
    await expect.poll(peak).toBe('60.0 MiB');
    await press(page, 'Remove mark');
    await expect.poll(peak).toBe('300 MiB');
  });

  test('what is shown can be taken along: each point once, with where it is from', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await page.evaluateOnNewDocument(() => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob: Blob) => {
        void blob.text().then((text) => Object.assign(window, { saved: text }));
        return make(blob);
      };
    });
    await go('/live?from=-5m');
    await drawnUntil(page, site.newest() + 2000);
    await press(page, 'Pause');
    await page.waitForFunction(() => location.search.includes('to='));
    const { from, to } = whereOf(page).params;
    await openExports(page);
    const served = await page.$$eval('.exports a[download]', (links) =>
      Promise.all(
        links.map(async (link) => {
          const { status, headers } = await fetch((link as HTMLAnchorElement).href);
          return [link.textContent, status, headers.get('content-type')?.split(';')[0]];
        }),
      ),
    );
    expect(served).toEqual([
      ['NDJSON', 200, 'application/x-ndjson'],
      ['Parquet', 200, 'application/vnd.apache.parquet'],
    ]);
    await press(page, 'CSV');
    await page.waitForFunction(() => 'saved' in window);
    const csv = await page.evaluate(() => (window as unknown as { saved: string }).saved);
    const [head, ...rows] = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(head.slice(0, 3)).toEqual(['instant', 'source', `${USED} bytes`]);
    const instants = rows.map(([instant]) => instant);
    expect(instants).toEqual([...new Set(instants)].sort());
    expect([from <= instants[0], (instants.at(-1) ?? '') <= to]).toEqual([true, true]);
    expect(new Set(rows.map(([, source]) => source))).toEqual(new Set(['recorded', 'live']));
    expect(new Set(rows.map(([, , used]) => used))).toEqual(new Set([String(2048 * MIB)]));
    expect(await textOf(page, '.menu-said')).toMatch(/^Saved memory_live_test-1_2026-01-15T.*\.csv$/);
    expectQuiet();
  });
});
