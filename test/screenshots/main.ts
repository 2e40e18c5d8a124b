import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { startServer, untilIdle } from '../bench/history/server-process.ts';
import { launchBrowser, preparePage, settled } from '../web/support/launch.ts';
import { startRealHost } from './real-host.ts';

/**
 * Pictures of every page for people who read about it, light and dark, wide and narrow: of a generated host, and of a real
 * one where a page is about what is now. `--dumps=DIR` shows that folder, `--out=DIR` puts them elsewhere, `--only=TEXT`
 * takes those whose name begins so.
 */

function flag(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

const OUT = flag('out') ?? 'docs/screenshots';
const ONLY = flag('only') ?? '';
const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = { wide: 1360, narrow: 400 } as const;

interface Shot {
  readonly name: string;
  readonly path: string;
  /** Only the first screenful, where the page is long. */
  readonly isFolded?: boolean;
}

interface Culprits {
  readonly culprits: readonly { readonly pid: number; readonly key: string }[];
  readonly largest: readonly { readonly pid: number; readonly key: string }[];
  readonly ts: string;
}

/** @param key of the process that the answer is about @param before an hour before the newest sample */
function recordedShots(key: string, before: string): readonly Shot[] {
  return [
    { name: 'overview', path: '/api/v1/' },
    { name: 'snapshot', path: `/api/v1/snapshot?base=${before}&limit=200` },
    { name: 'treemap', path: '/api/v1/snapshot?view=treemap&limit=200', isFolded: true },
    { name: 'level', path: '/api/v1/snapshot/level?lvl=1&limit=20' },
    { name: 'groups', path: '/api/v1/groups?by=exe' },
    { name: 'process', path: `/api/v1/snapshot/pid?key=${key}` },
    { name: 'plot', path: `/api/v1/snapshot/pid/plot?key=${key}` },
    { name: 'alerts', path: '/alerts' },
    { name: 'files', path: '/api/v1/files' },
    { name: 'status', path: '/api/v1/status' },
  ];
}

async function shotsOf(origin: string): Promise<readonly Shot[]> {
  const response = await fetch(`${origin}/api/v1/answer`);
  const { culprits, largest, ts } = (await response.json()) as Culprits;
  const { key } = culprits[0] ?? largest[0];
  return recordedShots(key, new Date(Date.parse(ts) - 3_600_000).toISOString());
}

function realShots(pid: number): readonly Shot[] {
  const tabs = ['summary', 'regions', 'map', 'cpu', 'trends', 'changes'];
  return [
    { name: 'live', path: '/live' },
    { name: 'system', path: '/system', isFolded: true },
    { name: 'watch', path: '/watch' },
    { name: 'sessions', path: '/sessions' },
    ...tabs.map((tab) => ({
      name: `analyze-${tab}`,
      path: `/analyze?pid=${pid}&tab=${tab}`,
      isFolded: tab === 'regions',
    })),
    { name: 'learn', path: '/learn' },
    { name: 'learn-rss', path: `/learn/rss-pss-uss?pid=${pid}` },
  ];
}

function isWanted({ name }: Shot): boolean {
  return name.startsWith(ONLY);
}

/** Everything that is asked for has come, and what is in sight is drawn. */
async function calm(page: Page): Promise<void> {
  await settled(page);
  await page.waitForNetworkIdle({ idleTime: 400 });
  await page.waitForFunction(() => {
    const plots = [...document.querySelectorAll('.plot')];
    return plots.every(
      (plot) =>
        plot.getAttribute('data-state') !== 'waiting' || plot.getBoundingClientRect().top > innerHeight,
    );
  });
}

const MOST_HEIGHT = 2400;

async function take(page: Page, origin: string, { path, isFolded }: Shot, width: number, file: string) {
  await page.goto(origin + path);
  await calm(page);
  const full = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(MOST_HEIGHT, isFolded ? 900 : Math.max(900, full));
  await page.setViewport({ width, height });
  await calm(page);
  await page.screenshot({ path: file as `${string}.webp`, type: 'webp', quality: 88 });
}

async function takeAll(origin: string, shots: readonly Shot[]): Promise<number> {
  const browser = await launchBrowser();
  let count = 0;
  for (const scheme of SCHEMES) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      for (const shot of shots) {
        const page = await browser.newPage();
        await preparePage(page, { scheme, width });
        await take(page, origin, shot, width, join(OUT, `${shot.name}-${scheme}-${size}.webp`));
        await page.close();
        count++;
      }
    }
  }
  await browser.close();
  return count;
}

async function takeRecorded(folder: string): Promise<number> {
  if (!recordedShots('', '').some(isWanted)) return 0;
  const dumps = flag('dumps') ?? join(folder, 'demo');
  if (!existsSync(dumps))
    execFileSync(process.execPath, ['dist/demo-host.js', '--out', dumps], { stdio: 'inherit' });
  const server = await startServer('/healthz', '--dumps', dumps, '--tz', 'UTC');
  await untilIdle(server.url);
  const count = await takeAll(server.url, (await shotsOf(server.url)).filter(isWanted));
  await server.stop();
  return count;
}

async function takeReal(folder: string): Promise<number> {
  if (!realShots(0).some(isWanted)) return 0;
  const host = await startRealHost(join(folder, 'host'));
  try {
    return await takeAll(host.url, realShots(host.pid).filter(isWanted));
  } finally {
    await host.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
try {
  mkdirSync(OUT, { recursive: true });
  const count = (await takeReal(folder)) + (await takeRecorded(folder));
  console.log(`${count} pictures in ${OUT}`);
} finally {
  rmSync(folder, { recursive: true });
}
