import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { writeHistory } from '../support/dump-builder.ts';
import { openSite } from './support/site.ts';

/** 99 services of 100 workers each, and their parent. */
const SERVICES = 99;
const WORKERS = 100;
const ROWS = 1 + SERVICES * (1 + WORKERS);
const LONG = '/api/v1/snapshot?fold=none&sort=pid&dir=asc';

function writeManyProcesses(folder: string): void {
  const services = Array.from({ length: SERVICES }, (_, service) => ({
    pid: 1000 + service,
    ppid: 1,
    rss_mb: 20,
    cmd: `/usr/sbin/service-${service}`,
  }));
  const workers = services.flatMap(({ pid }) =>
    Array.from({ length: WORKERS }, (_, at) => ({
      pid: 10_000 + (pid - 1000) * 100 + at,
      ppid: pid,
      cmd: `worker ${at}`,
    })),
  );
  const processes = [{ pid: 1, rss_mb: 12, cmd: '/sbin/init' }, ...services, ...workers];
  writeHistory(folder, [{ t: 0, processes }]);
}

const site = openSite(writeManyProcesses);

function rowsInPage(page: Page): Promise<number> {
  return page.$$eval('[role=treegrid] tbody tr[data-pid]', (rows) => rows.length);
}

function focusedRow(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'));
}

describe('Ten thousand rows', () => {
  test('that stay in the page while it scrolls are not made anew', async () => {
    const { page, go } = await site.visit();
    await go(LONG);
    await page.evaluate(() => {
      for (const row of document.querySelectorAll('tbody tr[data-pid]')) row.setAttribute('data-kept', '');
      scrollTo(0, 1500);
    });
    await page.waitForSelector('tbody tr[data-pid]:not([data-kept])');
    const [kept, all] = await page.evaluate(() =>
      ['tbody tr[data-kept]', 'tbody tr[data-pid]'].map((rows) => document.querySelectorAll(rows).length),
    );
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeLessThan(all);
  });

  test('are few in the page, and keys reach the last and the first of them', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(LONG);
    expect(await page.$eval('[role=treegrid]', (table) => table.getAttribute('aria-rowcount'))).toBe(
      String(ROWS + 3),
    );
    expect(await page.$$eval('tr', (rows) => rows.length)).toBeLessThan(800);
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    await page.keyboard.press('End');
    await page.waitForFunction(
      (last) => document.activeElement?.getAttribute('aria-rowindex') === last,
      {},
      String(ROWS + 2),
    );
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.pid)).toBe(
      String(10_000 + SERVICES * 100 - 1),
    );
    const { top, bottom } = await page.evaluate(
      () => document.activeElement?.getBoundingClientRect().toJSON() ?? {},
    );
    expect(top).toBeGreaterThan(0);
    expect(bottom).toBeLessThanOrEqual(900);
    await page.keyboard.press('ArrowUp');
    expect(await focusedRow(page)).toBe(String(ROWS + 1));
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '3');
    expect(await page.$$eval('tr', (rows) => rows.length)).toBeLessThan(800);
    expectQuiet();
  });

  test('stand where they stand in the whole table, wherever it is scrolled to', async () => {
    const { page, go } = await site.visit();
    await go(LONG);
    for (const share of [0.2, 0.5, 0.99, 0.7]) {
      await page.evaluate((part) => scrollTo(0, document.documentElement.scrollHeight * part), share);
      await page.waitForFunction(() => document.elementFromPoint(300, 600)?.closest('tr[data-pid]'));
      const { wrong, seen } = await page.evaluate(() => {
        const body = document.querySelector('[role=treegrid] tbody');
        const start = body?.getBoundingClientRect().top ?? 0;
        const rows = [...document.querySelectorAll<HTMLElement>('[role=treegrid] tr[data-pid]')];
        const isAway = (row: HTMLElement) =>
          Math.abs(row.getBoundingClientRect().top - start - (Number(row.ariaRowIndex) - 3) * 28) > 1;
        return { seen: rows.length, wrong: rows.filter(isAway).length };
      });
      expect(wrong).toBe(0);
      expect(seen).toBeGreaterThan(30);
    }
  });

  test('do not lose the focus when they are scrolled away from it', async () => {
    const { page, go } = await site.visit();
    await go(LONG);
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    await page.keyboard.press('ArrowDown');
    await page.evaluate(() => scrollTo(0, 100_000));
    await page.waitForFunction(() => document.querySelector('.row-gap + tr[aria-rowindex]') !== null);
    await page.waitForFunction(() => document.elementFromPoint(300, 600)?.closest('tr[data-pid]'));
    expect(await focusedRow(page)).toBe('4');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-rowindex') === '5');
    await page.waitForFunction(() => scrollY < 2000);
  });

  test('are all there on paper, and for those who ask for them', { timeout: 120_000 }, async () => {
    const some = 1500;
    const { page, go } = await site.visit();
    await go(`${LONG}&limit=${some}`);
    const rowsAre = (count: number) =>
      page.waitForFunction((all) => document.querySelectorAll('tr[data-pid]').length === all, {}, count);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await rowsAre(some);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.waitForFunction(() => document.querySelectorAll('tr[data-pid]').length < 800);
    await page.click('.whole-note button');
    await rowsAre(some);
  });

  test('open at first only on the way to the largest', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot');
    expect(await rowsInPage(page)).toBe(1 + SERVICES);
  });

  test('of a level are few in the page as well', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=2&limit=10000');
    expect(await page.$eval('.processes', (table) => table.getAttribute('aria-rowcount'))).toBe(
      String(SERVICES * WORKERS + 3),
    );
    expect(await page.$$eval('tr', (rows) => rows.length)).toBeLessThan(800);
  });
});
