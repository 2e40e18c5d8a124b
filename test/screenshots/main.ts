import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { startServer, untilIdle } from '../bench/history/server-process.ts';
import { launchBrowser, preparePage, settled } from '../web/support/launch.ts';

/** Pictures of every page for people who read about it: a generated host, light and dark, wide and narrow. */

const OUT = 'docs/screenshots';
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

async function shotsOf(origin: string): Promise<Shot[]> {
  const response = await fetch(`${origin}/api/v1/answer`);
  const { culprits, largest, ts } = (await response.json()) as Culprits;
  const { key } = culprits[0] ?? largest[0];
  const before = new Date(Date.parse(ts) - 3_600_000).toISOString();
  return [
    { name: 'overview', path: '/api/v1/' },
    { name: 'snapshot', path: `/api/v1/snapshot?base=${before}&limit=200` },
    { name: 'treemap', path: '/api/v1/snapshot?view=treemap&limit=200', isFolded: true },
    { name: 'level', path: '/api/v1/snapshot/level?lvl=1&limit=20' },
    { name: 'groups', path: '/api/v1/groups?by=exe' },
    { name: 'process', path: `/api/v1/snapshot/pid?key=${key}` },
    { name: 'plot', path: `/api/v1/snapshot/pid/plot?key=${key}` },
    { name: 'files', path: '/api/v1/files' },
    { name: 'status', path: '/api/v1/status' },
  ];
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

async function takeAll(origin: string): Promise<number> {
  const browser = await launchBrowser();
  const shots = await shotsOf(origin);
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

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
try {
  const dumps = process.argv.find((word) => word.startsWith('--dumps='))?.slice(8) ?? join(folder, 'demo');
  if (!existsSync(dumps))
    execFileSync(process.execPath, ['dist/demo-host.js', '--out', dumps], { stdio: 'inherit' });
  mkdirSync(OUT, { recursive: true });
  const server = await startServer('/healthz', '--dumps', dumps, '--tz', 'UTC');
  await untilIdle(server.url);
  console.log(`${await takeAll(server.url)} pictures in ${OUT}`);
  await server.stop();
} finally {
  rmSync(folder, { recursive: true });
}
