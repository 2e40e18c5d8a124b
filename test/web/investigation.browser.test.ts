import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { expect, onTestFinished, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { ProcessLiteral } from '../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../support/dump-builder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { arrivedAt, openExports, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn, launchBrowser, preparePage, settled } from './support/launch.ts';
import { openSite } from './support/site.ts';

/** Three hours of a quiet host; for twenty minutes of the third a nightly job eats half of it. */

const MINUTES = 180;
const SPIKE = { first: 130, last: 150 };
const JOB = 900;
const WORKER_MB = 1500;

function isSpike(minute: number): boolean {
  return minute >= SPIKE.first && minute <= SPIKE.last;
}

function workers(minute: number): ProcessLiteral[] {
  if (!isSpike(minute)) return [];
  const start = 100_000 + SPIKE.first * 6000;
  const one = { ppid: JOB, start, user: 'batch', rss_mb: WORKER_MB, pss_mb: WORKER_MB };
  return [901, 902].map((pid) => ({ ...one, pid, cmd: `python3 /opt/rebuild.py --part ${pid - 900}` }));
}

function processes(minute: number): ProcessLiteral[] {
  return [
    { pid: 1, rss_mb: 12, pss_mb: 10, comm: 'systemd', cmd: '/sbin/init' },
    { pid: 300, ppid: 1, user: 'postgres', rss_mb: 400, pss_mb: 350, cmd: 'postgres -D /var/lib/postgresql' },
    { pid: 500, ppid: 1, user: 'app', rss_mb: 600, pss_mb: 580, cmd: 'node /srv/app/server.js' },
    { pid: JOB, ppid: 1, user: 'batch', rss_mb: 10, pss_mb: 8, cmd: '/bin/sh /opt/nightly.sh' },
    ...workers(minute),
  ];
}

const site = openSite((folder) => {
  const samples = Array.from({ length: MINUTES }, (_, minute) => ({
    t: minute * 60,
    system: { mem_available_bytes: (isSpike(minute) ? 3000 : 6000) * MIB, anon_pages_bytes: 1000 * MIB },
    processes: processes(minute),
  }));
  writeHistory(folder, samples);
});

const minuteAt = (minute: number) => new Date(HISTORY_START + minute * 60_000).toISOString();

async function brush(page: Page, from: number, to: number): Promise<void> {
  const box = await (await page.waitForSelector('.minimap-strip:has(.grip)'))?.boundingBox();
  if (!box) throw new Error('no strip');
  await page.mouse.move(box.x + box.width * from, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 5 });
  await page.mouse.up();
}

/** Where in the RAM chart an instant of the shown range stands is clicked. */
async function clickChartAt(page: Page, t: number): Promise<void> {
  const { from, to } = whereOf(page).params;
  const box = await (await page.waitForSelector('.plot .nsewdrag'))?.boundingBox();
  if (!box) throw new Error('no chart');
  const share = (t - Date.parse(from)) / (Date.parse(to) - Date.parse(from));
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
}

async function clickText(page: Page, selector: string, text: string): Promise<void> {
  const found = await page.waitForFunction(
    (among, wanted) =>
      [...document.querySelectorAll<HTMLElement>(among)].find((one) => one.textContent?.trim() === wanted),
    {},
    selector,
    text,
  );
  await found.asElement()?.evaluate((element) => (element as HTMLElement).click());
}

async function openMenu(page: Page, label: string): Promise<void> {
  await page.evaluate((wanted) => {
    const summaries = [...document.querySelectorAll<HTMLElement>('details > summary')];
    summaries.find(({ textContent }) => textContent?.trim() === wanted)?.click();
  }, label);
}

async function downloadsInto(page: Page): Promise<string> {
  const downloadPath = tempFolder();
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath });
  return downloadPath;
}

async function fileOf(folder: string, name: string): Promise<Buffer> {
  const file = join(folder, name);
  await expect.poll(() => existsSync(file)).toBe(true);
  return readFileSync(file);
}

/** What somebody sees of a tree: which process, and what stands in its row. */
async function rowsOf(page: Page): Promise<string[]> {
  await page.waitForNetworkIdle({ idleTime: 300 });
  return textsOf(page, '.treegrid tbody tr');
}

test('a spike of last night is found, told, compared, exported and shared', async () => {
  const { page, go, expectQuiet } = await site.visit();
  const downloads = await downloadsInto(page);

  // The spike is seen on the strip and drawn over.
  await go('/api/v1/');
  await brush(page, 0.65, 0.9);
  await arrivedAt(page, /from=/);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('most 5.07 GiB');

  // A click on it opens that moment; the next sample is one key away.
  await clickChartAt(page, Date.parse(minuteAt(140)));
  await arrivedAt(page, /v1\/snapshot\?.*ts=/);
  const clicked = Date.parse(whereOf(page).params.ts);
  expect(isSpike((clicked - HISTORY_START) / 60_000)).toBe(true);
  const address = page.url();
  await page.keyboard.press(']');
  await page.waitForFunction((href) => location.href !== href, {}, address);
  await settled(page);
  const ts = new Date(clicked + 60_000).toISOString();
  expect(whereOf(page).params.ts).toBe(ts);

  // Sorted by subtree, the job stands first below init.
  await clickText(page, '.treegrid thead a', 'Subtree RSS');
  await arrivedAt(page, /sort=subtree_rss_bytes/);
  expect((await textsOf(page, '.treegrid tbody .cmd')).slice(0, 2)).toEqual([
    '/sbin/init',
    '/bin/sh /opt/nightly.sh',
  ]);

  // Its page, and from there its plot, which names the peak.
  await clickText(page, '.treegrid tbody .cmd', '/bin/sh /opt/nightly.sh');
  await arrivedAt(page, /snapshot\/pid\?/);
  await page.keyboard.press('p');
  await arrivedAt(page, /pid\/plot\?/);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('the subtree reached 2.94 GiB');
  await openExports(page);
  await page.click('[aria-label="Own & subtree RSS as PNG 2×"]');
  const png = await fileOf(
    downloads,
    `memory_plot-own-subtree-rss_${JOB}_test-1_${ts.replaceAll(':', '-')}.png`,
  );
  expect(png.subarray(1, 4).toString()).toBe('PNG');

  // Back, and compared with an hour before: the change is the two workers.
  await page.goBack();
  await arrivedAt(page, /snapshot\/pid\?/);
  await openMenu(page, 'Compare');
  await clickText(page, '.choices a', 'an hour before');
  await arrivedAt(page, /base=/);
  const compared = await rowsOf(page);
  expect(compared[0]).toContain('+2.93 GiB');
  expect(compared.slice(1).every((row) => row.includes('new'))).toBe(true);
  await openExports(page);
  await clickText(page, '.exports a', 'CSV');
  const csv = await fileOf(downloads, `memory_pid_${JOB}_test-1_${ts.replaceAll(':', '-')}.csv`);
  const [head, first] = csv
    .toString()
    .split('\n')
    .map((line) => line.split(','));
  expect(first[head.indexOf('base_subtree_rss_bytes')]).toBe(String(10 * MIB));

  // The link shows the same to somebody else.
  await page.click('[data-copy-link]');
  await page.waitForFunction(() => document.querySelector('.said')?.textContent);
  const link = await page.evaluate(async () => {
    const isCopied = document.querySelector('.said')?.textContent === 'Link copied';
    return isCopied ? navigator.clipboard.readText() : location.href;
  });
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const other = await browser.newPage();
  await preparePage(other, {});
  await other.goto(link);
  await settled(other);
  expect(await rowsOf(other)).toEqual(compared);
  expect(await textOf(other, 'h1')).toBe(await textOf(page, 'h1'));
  expectQuiet();
});
