import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { textOf, textsOf, whereOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);
const folder = sharedTempFolder();
tellWhatAxeSaw();

/** Its own file and title would be elements, if they were not told as text. */
const HOSTILE_FILE = '<img src=x onerror=alert(1)>';
const HOSTILE_TITLE = '<b>bold</b>';
const HOLDS_64_MIB = `process.title = ${JSON.stringify(HOSTILE_TITLE)};
  globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1);
  process.on('SIGUSR2', () => { globalThis.grown = Buffer.alloc(32 * 2 ** 20, 1); }); console.log('ready'); setInterval(() => 0, 60_000);`;

let program: ChildProcess;

beforeAll(async () => {
  const file = join(folder, HOSTILE_FILE);
  copyFileSync(process.execPath, file);
  program = spawn(file, ['-e', HOLDS_64_MIB], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (program.stdout) await once(program.stdout, 'data');
});
afterAll(() => program.kill('SIGKILL'));

async function openAnalysis(query = '', width?: number): Promise<Page> {
  const { page, go } = await site.visit(width === undefined ? {} : { width });
  await go(`/analyze?pid=${program.pid}${query}`);
  return page;
}

describe('Inside a process', () => {
  test('it is said what its memory is made of, in a sentence and by class', async () => {
    const page = await openAnalysis();
    expect(await textOf(page, 'h1')).toBe(`Inside ${HOSTILE_TITLE} ${program.pid}`);
    expect(await textOf(page, '.analysis-text')).toMatch(/has \d+ MiB in RAM.*would be free if it ended/);
    const classes = await textsOf(page, 'table[aria-label="Memory by class"] tbody th');
    expect(classes.map((text) => text.slice(2))).toEqual(expect.arrayContaining(['Text', 'Heap', 'Stack']));
    expect(await textOf(page, '.age')).toMatch(/^Read at 20.*, in \d+ ms\. Read again$/);
  });

  test('a part of the bar lists the regions of its class, and the back button all', async () => {
    const page = await openAnalysis('&tab=regions');
    const all = (await page.$$('.regions tbody tr')).length;
    await page.$eval('.class-bar .region-text', (link) => (link as HTMLElement).click());
    await page.waitForFunction(
      (count) => document.querySelectorAll('.regions tbody tr').length < count,
      {},
      all,
    );
    const classes = new Set(await textsOf(page, '.regions tbody td:nth-of-type(2)'));
    expect([...classes]).toEqual(['E Text']);
    await page.goBack();
    await page.waitForFunction(
      (count) => document.querySelectorAll('.regions tbody tr').length >= count,
      {},
      all,
    );
  });

  test('regions are sorted by what is asked for, by the server', async () => {
    const page = await openAnalysis('&tab=regions&sort=rss');
    const sizes = await page.$$eval('.regions tbody tr', (rows) =>
      rows.map((row) => Number(row.querySelector('td:nth-of-type(4) data')?.getAttribute('value'))),
    );
    expect(sizes.length).toBeGreaterThan(20);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes[0]).toBeGreaterThanOrEqual(64 * 2 ** 20);
  });

  test('what the headings of the regions mean is one click away, and a heading still sorts', async () => {
    const page = await openAnalysis('&tab=regions');
    await page.$eval('.words-of a[href*="/learn/swap"]', (link) => (link as HTMLElement).click());
    await page.waitForFunction(() => document.title.startsWith('Swap'));
    await page.goBack();
    await page.waitForSelector('.regions thead a.sort');
    await page.$eval('.regions thead a[href*="sort=pss"]', (link) => (link as HTMLElement).click());
    await page.waitForSelector('.regions th[aria-sort="descending"]');
    expect(whereOf(page).params.sort).toBe('pss');
  });

  test('a stretch of the map lists its regions, and stays chosen when the link is opened again', async () => {
    const page = await openAnalysis('&tab=map');
    await page.$eval('.address-map .region-heap', (link) => (link as HTMLElement).click());
    await page.waitForSelector('.regions tbody tr');
    expect(await textsOf(page, '.regions .path')).toContain('[heap]');
    const { at } = whereOf(page).params;
    const again = await openAnalysis(`&tab=map&at=${at}`);
    await again.waitForSelector('.address-map [aria-current="true"].region-heap');
    await again.waitForFunction(() => document.body.textContent.includes('Pages of 4.00 KiB'));
  });

  test('threads are told with their own times', async () => {
    const page = await openAnalysis('&tab=cpu');
    const ids = await textsOf(page, 'table[aria-label="Threads, busiest first"] tbody th');
    expect(ids).toContain(String(program.pid));
    expect(ids.length).toBeGreaterThan(3);
  });

  test('names of files and programs are text and nothing else', async () => {
    for (const tab of ['summary', 'regions', 'map', 'cpu']) {
      const page = await openAnalysis(`&tab=${tab}`);
      expect([tab, await intruders(page)]).toEqual([tab, []]);
    }
    const page = await openAnalysis('&tab=regions');
    expect(await textsOf(page, '.regions .path')).toContain(join(folder, HOSTILE_FILE));
  });

  test('a process is chosen by its pid, or out of the newest sample', async () => {
    const page = await openAnalysis();
    await page.$eval('input[name="pid"]', (input) => {
      (input as HTMLInputElement).value = String(1);
    });
    await page.$eval('.pick-process', (form) => (form as HTMLFormElement).requestSubmit());
    await page.waitForFunction(
      () => location.search.includes('pid=1') && document.title.endsWith(' 1 · Memory Inspector'),
    );
    await page.$eval('.pick-process button:not([type="submit"])', (button) =>
      (button as HTMLElement).click(),
    );
    await page.waitForSelector('.browse tbody tr a');
    expect((await textsOf(page, '.browse tbody th')).length).toBeGreaterThan(3);
  });

  test('changes: without moments it is said how to get some; one is taken, and compared with now', async () => {
    const page = await openAnalysis('&tab=changes');
    expect(await textOf(page, '.empty')).toMatch(/pmi analyze \d+ --record.*watch group/);
    expect(await findings(page)).toEqual([]);
    await page.$eval('.empty button', (button) => (button as HTMLElement).click());
    await page.waitForSelector('select[name="a"]');
    await page.waitForSelector('table[aria-label="Changes by class"]');
    expect(await textsOf(page, 'select[name="b"] option')).toEqual([expect.stringMatching(/MiB$/), 'Now']);
    program.kill('SIGUSR2');
    await page.waitForFunction(() => document.querySelector('.moments')?.textContent?.includes('1 moment '));
    await expect
      .poll(
        async () => {
          await page.reload({ waitUntil: 'domcontentloaded' });
          await page.waitForSelector('.analysis-text');
          return textOf(page, '.analysis-text');
        },
        { timeout: 15_000, interval: 1000 },
      )
      .toMatch(/^RSS \+3\d\.\d+ MiB in .*: anonymous \+3\d\.\d+ MiB/);
    const [first] = await textsOf(page, 'table[aria-label="Changes by class"] tbody th');
    expect(first).toBe('A Anonymous');
  });

  test('changes: two moments are chosen, the URL has them, and the back button the ones before', async () => {
    const page = await openAnalysis('&tab=changes');
    await page.$eval('.moments button', (button) => (button as HTMLElement).click());
    await page.waitForFunction(() => document.querySelectorAll('select[name="a"] option').length === 2);
    const last = await page.$eval(
      'select[name="a"] option:last-child',
      (one) => (one as HTMLOptionElement).value,
    );
    await page.select('select[name="a"]', last);
    await page.waitForFunction(() => location.search.includes('&a='));
    expect(whereOf(page).params.a).toBe(last);
    await page.waitForFunction(() =>
      document.querySelector('.analysis-text')?.textContent.startsWith('RSS unchanged'),
    );
    await page.goBack();
    await page.waitForFunction(() => !location.search.includes('&a='));
    expect(await intruders(page)).toEqual([]);
  });

  test('of a process that is gone it says so, and what to do', async () => {
    const { page, go } = await site.visit();
    await go('/analyze?pid=999999999');
    expect(await textOf(page, 'main')).toMatch(/999999999/);
    expect(await site.server().statusOf('/analyze?pid=999999999')).toBe(404);
  });

  test.each(['summary', 'regions', 'map', 'cpu', 'changes', 'system'])(
    '%s hurts nobody, wide and narrow',
    async (tab) => {
      for (const width of [1360, 320]) {
        const page = await openAnalysis(`&tab=${tab}`, width);
        expect(await findings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    },
  );
});

describe('Learn', () => {
  test('a text holds the figures of the chosen process', async () => {
    const { page, go } = await site.visit();
    await go(`/learn/rss-pss-uss?pid=${program.pid}`);
    await page.waitForSelector('.live:not(.unknown)');
    const figures = await textsOf(page, '.live');
    expect(figures.length).toBeGreaterThan(3);
    expect(figures.filter((text) => !/^[\d.]+ (KiB|MiB|GiB)$/.test(text))).toEqual([]);
    expect(await intruders(page)).toEqual([]);
  });

  test.each(['oom-killer', 'huge-pages'])(
    'no figure of %s is unknown on a host that has them all',
    async (topic) => {
      const { page, go } = await site.visit();
      await go(`/learn/${topic}?pid=${program.pid}`);
      await page.waitForSelector('.live:not(.unknown)');
      expect(await textsOf(page, '.live.unknown')).toEqual([]);
    },
  );

  test('a term of any card leads to its concept', async () => {
    const page = await openAnalysis();
    await page.$eval('.figures a.term[href*="rss-pss-uss"]', (link) => (link as HTMLElement).click());
    await page.waitForFunction(() => document.title === 'RSS, PSS and USS · Memory Inspector');
    expect(whereOf(page)).toMatchObject({ path: '/learn/rss-pss-uss', params: { pid: String(program.pid) } });
  });

  test('paging has a demonstration that calls itself a simulation wherever it tells a figure', async () => {
    const { page, go } = await site.visit();
    await go('/learn/paging');
    expect(await textOf(page, '.simulation-mark')).toBe('SIMULATION');
    const labels = await textsOf(page, '.simulation dt');
    expect(labels.filter((text) => !text.endsWith('(simulated)'))).toEqual([]);
    const before = await textsOf(page, '.simulation dd');
    await page.select('.simulation select', 'huge');
    await page.waitForFunction(
      (text) => document.querySelector('.simulation')?.textContent !== text,
      {},
      before.join(),
    );
    expect(await textsOf(page, '.walk small')).toEqual(['address', 'PML4', 'PDPT', 'PD', 'in the page']);
  });

  test('a topic that does not exist is a 404 with a way on', async () => {
    expect(await site.server().statusOf('/learn/telepathy')).toBe(404);
    const { topics } = await site.server().json<{ topics: { id: string }[] }>('/learn');
    for (const { id } of topics)
      expect([id, await site.server().statusOf(`/learn/${id}`)]).toEqual([id, 200]);
  });

  test.each(['/learn', '/learn/paging', '/learn/what-cannot-be-seen'])('%s hurts nobody', async (path) => {
    for (const width of [1360, 320]) {
      const { page, go } = await site.visit({ width });
      await go(path);
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
});
