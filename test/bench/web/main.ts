import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'puppeteer-core';
import { writeHistory } from '../../support/dump-builder.ts';
import { launchBrowser } from '../../web/support/launch.ts';
import { describeHost, writeFigures } from '../figures.ts';
import { CACHE, monthOfMinutes } from '../history/recordings.ts';
import type { Served } from '../history/server-process.ts';
import { runProgram, startServer, untilIdle } from '../history/server-process.ts';
import { measureBareChart, measureBareTable } from './peers.ts';
import { measureArrival, measureScroll, measureZooms, scriptsOf } from './visits.ts';

/** The pages in a real browser, over 30 days of minutes of 300 processes and over one sample of 10 000. */

const TURNS = 9;
const PROCESSES = 10_000;
const lines: string[] = [];

function say(line: string): void {
  console.log(line);
  lines.push(line);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function row(...cells: readonly string[]): void {
  say(`| ${cells.join(' | ')} |`);
}

function head(...cells: readonly string[]): void {
  say('');
  row(...cells);
  row(...cells.map(() => '---'));
}

const ms = (value: number) => value.toFixed(0);

const PAGES = [
  '',
  'snapshot',
  'snapshot/level',
  'snapshot/pid?pid=1',
  'snapshot/pid/plot?pid=1',
  'groups?by=exe',
  'files',
  'status',
];

function gzippedKb(names: Iterable<string>): number {
  let sum = 0;
  for (const name of names) sum += gzipSync(readFileSync(join('dist/web/static', name)), { level: 9 }).length;
  return sum / 1000;
}

/** Scripts of ours as they travel, without the chart library. */
async function benchScripts(browser: Browser, server: Served): Promise<void> {
  const all = new Set<string>();
  const sizes: { page: string; kb: number }[] = [];
  for (const page of PAGES) {
    const names = await scriptsOf(browser, `${server.url}/api/v1/${page}`);
    for (const name of names) all.add(name);
    sizes.push({ page: page || 'overview', kb: gzippedKb(names) });
  }
  const largest = sizes.toSorted((a, b) => b.kb - a.kb)[0];
  say(
    `\nOur own script, gzipped, without the chart library: at most ${largest.kb.toFixed(1)} kB for a page (${largest.page}), ` +
      `${gzippedKb(all).toFixed(1)} kB for all pages together.`,
  );
}

const ARRIVALS = [
  { what: 'snapshot: first rows of the tree', path: '/api/v1/snapshot?ts=-', ready: '.treegrid tbody tr' },
  { what: 'overview: RAM chart drawn', path: '/api/v1/?from=-', ready: '.plot[data-state=drawn]' },
] as const;

/** Cold: a browser whose cache is empty; warm: one that has been there. */
async function benchArrivals(browser: Browser, server: Served): Promise<void> {
  head('from navigation to', 'cold: p50 ms', 'most', 'warm: p50 ms', 'most');
  for (const { what, path, ready } of ARRIVALS) {
    const cold: number[] = [];
    const warm: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const url = `${server.url}${path}${turn + 1}d`;
      const times = await measureArrival(browser, url, ready);
      cold.push(times.cold);
      warm.push(times.warm);
    }
    row(what, ms(quantile(cold, 0.5)), ms(Math.max(...cold)), ms(quantile(warm, 0.5)), ms(Math.max(...warm)));
  }
  const bare = await measureBareChart(browser, TURNS);
  row('peer: an empty page that draws one line by the same library', ms(bare.cold), '', ms(bare.warm), '');
}

async function benchZoom(browser: Browser, server: Served): Promise<void> {
  const { drawn, refined } = await measureZooms(browser, `${server.url}/api/v1/`, 30);
  say(
    `\nZoom, 30 times, from letting go: the picture redrawn p50 ${ms(quantile(drawn, 0.5))}, p95 ${ms(quantile(drawn, 0.95))} ms; ` +
      `with the figures of the new resolution p50 ${ms(quantile(refined, 0.5))}, p95 ${ms(quantile(refined, 0.95))} ms.`,
  );
}

async function benchScroll(browser: Browser, folder: string): Promise<void> {
  const dumps = join(folder, 'many');
  const processes = Array.from({ length: PROCESSES }, (_, at) => ({
    pid: at + 1,
    ppid: at === 0 ? 0 : Math.floor((at + 1) / 8) || 1,
    rss_mb: 1 + (at % 97),
  }));
  writeHistory(dumps, [{ t: 0, processes }]);
  const server = await startServer('/healthz', '--dumps', dumps);
  await untilIdle(server.url);
  const frames = await measureScroll(browser, `${server.url}/api/v1/snapshot?limit=${PROCESSES}&fold=none`);
  const plain = await measureBareTable(browser, PROCESSES);
  await server.stop();
  head(`scrolling ${PROCESSES} rows`, 'frames', 'p95 ms', 'longest ms', 'rows in the document');
  for (const [what, found] of [
    ['the tree table', frames],
    ['peer: a plain table of as many rows', plain],
  ] as const)
    row(
      what,
      String(found.frames.length),
      ms(quantile(found.frames, 0.95)),
      ms(Math.max(...found.frames)),
      String(found.rows),
    );
}

async function indexOfMonth(month: string): Promise<string> {
  const index = join(CACHE, 'month-index');
  if (!existsSync(index)) await runProgram('index', '--dumps', month, '--index', index, '--tz', 'UTC');
  return index;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-web-'));
const browser = await launchBrowser();
try {
  say(describeHost());
  const month = monthOfMinutes();
  const server = await startServer('/healthz', '--dumps', month, '--index', await indexOfMonth(month));
  await untilIdle(server.url);
  await benchArrivals(browser, server);
  await benchZoom(browser, server);
  await benchScripts(browser, server);
  await server.stop();
  await benchScroll(browser, folder);
  if (process.argv.includes('--write')) writeFigures('bench:web', lines.join('\n'));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
