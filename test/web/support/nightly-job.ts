import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { expect, onTestFinished } from 'vitest';
import { MIB } from '../../../server/domain/units.ts';
import type { ProcessLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../support/dump-builder.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { textOf, textsOf } from './browser.ts';
import { launchBrowser, preparePage, settled } from './launch.ts';

/** Three hours of a quiet host; for twenty minutes of the third a nightly job eats half of it. */

const MINUTES = 180;
const SPIKE = { first: 130, last: 150 };
export const JOB = 900;
const WORKER_MB = 1500;

function isSpike(minute: number): boolean {
  return minute >= SPIKE.first && minute <= SPIKE.last;
}

/** Whether the job eats at that instant, epoch ms. */
export function isSpikeAt(t: number): boolean {
  return isSpike((t - HISTORY_START) / 60_000);
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

export function writeNightlyJob(folder: string): void {
  const samples = Array.from({ length: MINUTES }, (_, minute) => ({
    t: minute * 60,
    system: { mem_available_bytes: (isSpike(minute) ? 3000 : 6000) * MIB, anon_pages_bytes: 1000 * MIB },
    processes: processes(minute),
  }));
  writeHistory(folder, samples);
}

export async function downloadsInto(page: Page): Promise<string> {
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

/** A fresh browser, elsewhere, sees what was seen here. */
export async function expectSharedView(link: string, page: Page, rows: readonly string[]): Promise<void> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const other = await browser.newPage();
  await preparePage(other, {});
  await other.goto(link);
  await settled(other);
  expect(await rowsOf(other)).toEqual(rows);
  expect(await textOf(other, 'h1')).toBe(await textOf(page, 'h1'));
}

/** What `Copy link` has put on the clipboard, or into the address where the browser does not let it. */
export async function copiedLink(page: Page): Promise<string> {
  await page.waitForFunction(() => document.querySelector('.said')?.textContent);
  return page.evaluate(async () => {
    const isCopied = document.querySelector('.said')?.textContent === 'Link copied';
    return isCopied ? navigator.clipboard.readText() : location.href;
  });
}

export interface Found {
  /** The sample after the one that was chosen. */
  readonly ts: string;
  readonly downloads: string;
}

/** The plot as a picture, named by process, host and instant. */
export async function expectPicture({ downloads, ts }: Found): Promise<void> {
  const name = `memory_plot-own-subtree-rss_${JOB}_test-1_${ts.replaceAll(':', '-')}.png`;
  expect((await fileOf(downloads, name)).subarray(1, 4).toString()).toBe('PNG');
}

/** The table as it is compared: the job had 10 MiB an hour before. */
export async function expectTable({ downloads, ts }: Found): Promise<void> {
  const csv = await fileOf(downloads, `memory_pid_${JOB}_test-1_${ts.replaceAll(':', '-')}.csv`);
  const [head, first] = csv
    .toString()
    .split('\n')
    .map((line) => line.split(','));
  expect(first[head.indexOf('base_subtree_rss_bytes')]).toBe(String(10 * MIB));
}

/** Rows of the job's page, compared with an hour before: the change is the two workers. */
export async function expectChange(page: Page): Promise<string[]> {
  const compared = await rowsOf(page);
  expect(compared[0]).toContain('+2.93 GiB');
  expect(compared.slice(1).every((row) => row.includes('new'))).toBe(true);
  return compared;
}
