import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../server/domain/units.ts';
import type { CompositionAnswer } from '../../server/interfaces/http/schemas/composition.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { HISTORY_START, writeHistory } from '../support/dump-builder.ts';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn } from './support/launch.ts';
import { openSite } from './support/site.ts';

/** A shell that becomes a server, grows, and ends; eight workers below it; a gap, and a kill for lack of memory. */

const PID = 500;
const STEP_S = 60;
const FIRST = 5;
const LAST = 33;
const EXEC_AT = 8;
const KILL_AT = 20;
const GAP = { first: 25, last: 29 };
const SAMPLES = 40;
const WORKERS = 15;
const at = (index: number) => HISTORY_START + index * STEP_S * 1000;
const CLOCK_TICKS = 100;
/** The host booted 1000 s before the first sample. */
const START_TICKS = (1000 + (FIRST - 0.5) * STEP_S) * CLOCK_TICKS;

function rssAt(index: number): number {
  return index <= KILL_AT ? 100 + index * 10 : 120;
}

function familyAt(index: number) {
  if (index < FIRST || index > LAST) return [];
  const cmd = index < EXEC_AT ? 'sh -c start' : '/usr/bin/node server.js';
  const workers = Array.from({ length: WORKERS }, (_, worker) => ({
    pid: 600 + worker,
    ppid: PID,
    start: START_TICKS + 1,
    rss_mb: 10 + worker,
    cmd: `=worker ${worker}`,
  }));
  return [
    { pid: PID, ppid: 1, start: START_TICKS, rss_mb: rssAt(index), pss_mb: 90, swap_mb: 3, cmd },
    ...workers,
  ];
}

/** One while it lived, one that it ended by, one long after. */
function killsUntil(index: number): number {
  return [KILL_AT, LAST + 1, LAST + 4].filter((kill) => kill <= index).length;
}

function writeFamily(folder: string): void {
  const all = Array.from({ length: SAMPLES }, (_, index) => index);
  const recorded = all.filter((index) => index < GAP.first || index > GAP.last);
  writeHistory(
    folder,
    recorded.map((index) => ({
      t: index * STEP_S,
      system: { oom_kill: killsUntil(index) },
      processes: [{ pid: 1, rss_mb: 9, comm: 'systemd', cmd: '/sbin/init' }, ...familyAt(index)],
    })),
  );
}

const site = openSite(writeFamily);
const PLOT = `/api/v1/snapshot/pid/plot?pid=${PID}&ts=${new Date(at(30)).toISOString()}`;

interface Drawn {
  readonly labels: readonly string[];
  readonly shapes: readonly { readonly type: string; readonly x0: string; readonly x1: string }[];
}

/** What is drawn beside the lines. */
function drawnBeside(page: Page): Promise<Drawn> {
  return page.$eval('.plot-area', (plot) => {
    const { layout } = plot as unknown as {
      layout: { annotations: { text: string }[]; shapes: Drawn['shapes'] };
    };
    return { labels: layout.annotations.map(({ text }) => text), shapes: layout.shapes };
  });
}

function epoch(axis: string): number {
  return Date.parse(`${axis.replace(' ', 'T')}Z`);
}

function waitForMark(page: Page): Promise<unknown> {
  return page.waitForFunction(() => {
    const plot = document.querySelector('.plot-area') as unknown as {
      layout?: { annotations: { text: string }[] };
    };
    return plot.layout?.annotations.some(({ text }) => text.startsWith('exec'));
  });
}

describe('The page of one process along time', () => {
  test('says where it stands in the tree, and its life in figures', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(PLOT);
    await page.waitForFunction(() => document.querySelectorAll('.crumbs li').length === 2);
    expect(await textsOf(page, '.crumbs li')).toEqual(['init 1', 'node 500']);
    await page.waitForSelector('figure:nth-of-type(3)');
    const facts = await page.$$eval('.facts > div', (rows) =>
      rows.map((row) => [row.querySelector('dt')?.textContent, row.querySelector('dd')?.textContent]),
    );
    const { process, peak } = await site.server().json<PlotAnswer>(PLOT);
    expect(facts.map(([label]) => label)).toEqual([
      'Command', 'User', 'Since', 'Until', 'Lifetime',
      'RSS min', 'RSS mean', 'RSS p95', 'RSS max', 'Peak', 'PSS', 'Swap',
      'Subtree min', 'Subtree mean', 'Subtree p95', 'Subtree max',
    ]); // biome-ignore format: in columns
    const figures = Object.fromEntries(facts);
    expect(figures['RSS max']).toBe(formatBytes(process.rss_max_bytes));
    const composition = PLOT.replace('snapshot/pid/plot', 'composition');
    const { statistics } = await site.server().json<CompositionAnswer>(composition);
    expect(figures['RSS p95']).toBe(formatBytes(statistics.rss_bytes.p95));
    expect(figures['Subtree p95']).toBe(formatBytes(statistics.subtree_rss_bytes.p95));
    expect(figures.Peak).toBe(`${formatBytes(peak.rss_bytes)} at 2026-01-15 12:20:00`);
    expect([figures.PSS, figures.Swap]).toEqual(['90.0 MiB', '3.00 MiB']);
    expectQuiet();
  });

  test('draws every child whatever group was watched, says so, and leads to the group or leaves it', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`${PLOT}&watch=web`);
    await chartsDrawn(page);
    expect(await textOf(page, 'p.note')).toContain('whether it belongs to the watch group web or not');
    const links = await page.$$eval('p.note a', (all) => all.map((link) => link.getAttribute('href')));
    expect(links[0]).toMatch(/^\/watch\?.*watch=web/);
    await page.click('p.note a:last-of-type');
    await page.waitForFunction(() => !location.search.includes('watch'));
    await page.waitForFunction(() => document.querySelector('p.note') === null);
    expectQuiet();
  });

  test('marks its peak and the subtree’s, its new command and the kills, that which ended it included; shades where it did not live, and the gap', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(PLOT);
    await chartsDrawn(page);
    await waitForMark(page);
    const { labels, shapes } = await drawnBeside(page);
    expect(labels).toEqual([
      'MiB',
      'exec node',
      'OOM kill',
      'OOM kill',
      'subtree peak 555 MiB',
      'own peak 300 MiB',
    ]);
    const lines = shapes.filter(({ type }) => type === 'line').map(({ x0 }) => epoch(x0));
    expect(lines.slice(0, 2)).toEqual([at(EXEC_AT), at(KILL_AT)]);
    expect(lines[2]).toBeGreaterThan(at(LAST));
    expect(lines[2]).toBeLessThanOrEqual(at(LAST + 1));
    const [gap, before, after] = shapes.filter(({ type }) => type === 'rect');
    expect([epoch(gap.x0), epoch(gap.x1)]).toEqual([at(GAP.first - 1), at(GAP.last + 1)]);
    expect(epoch(before.x1)).toBe(at(FIRST) - 30_000);
    expect(epoch(after.x0)).toBe(at(LAST));
    const events = (await textsOf(page, 'figure .gaps li')).map((text) => text.replace(/^.*?(?=\d\d:)/, ''));
    expect(events).toEqual([
      '12:07:00 – 12:08:00 became /usr/bin/node server.js',
      '12:19:00 – 12:20:00 1 process of the host killed for lack of memory',
      '12:33:00 – 12:34:00 1 process of the host killed for lack of memory',
    ]);
    expectQuiet();
  });

  test('Trend: what was measured first, least, most and last, and the difference, without a verdict', async () => {
    const { page, go } = await site.visit();
    await go(PLOT);
    const { own, subtree } = await site.server().json<PlotAnswer>(PLOT);
    const rows = await page.$$eval('.trend tbody tr', (all) =>
      all.map((row) =>
        [...row.querySelectorAll('td data')].map((data) => Number(data.getAttribute('value'))),
      ),
    );
    const expected = [own.rss_bytes, subtree.rss_bytes].map((series) => {
      const known = series.filter((value) => value !== null);
      const [first, last] = [known[0], known[known.length - 1]];
      return [first, Math.min(...known), Math.max(...known), last, last - first];
    });
    expect(rows).toEqual(expected);
    expect(await textOf(page, '.trend')).not.toMatch(/leak|normal|anomal/i);
  });

  test('a zoom asks for the stretch at the width of the page, and shows no more than it', async () => {
    const { page, go } = await site.visit();
    await go(PLOT);
    await chartsDrawn(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const area = await (await page.waitForSelector('.nsewdrag'))?.boundingBox();
    if (!area) throw new Error('the chart has no drawing area');
    await page.mouse.move(area.x + area.width * 0.2, area.y + 80);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.5, area.y + 80, { steps: 6 });
    await page.mouse.up();
    await arrivedAt(page, /from=/);
    const { from, to } = whereOf(page).params;
    const [query] = asked.filter((url) => url.includes('/plot?')).map((url) => new URL(url).searchParams);
    expect([query.get('from'), query.get('to'), query.get('px')]).toEqual([from, to, '1400']);
    const inside = await page.waitForFunction(
      ([begin, end]) => {
        const plot = document.querySelector('.plot-area') as unknown as { data: { x: string[] }[] };
        const drawn = plot.data[0].x.map((x) => Date.parse(`${x.replace(' ', 'T')}Z`));
        return drawn.every((t) => t >= begin && t <= end) && drawn.length;
      },
      {},
      [Date.parse(from), Date.parse(to)],
    );
    expect(await inside.jsonValue()).toBeGreaterThan(3);
  });
});

describe('Children', () => {
  test('are stacked, or side by side on one scale: the URL says which, and nothing is asked anew', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(PLOT);
    await page.waitForFunction(() => document.querySelectorAll('.crumbs li').length === 2);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    expect(await textsOf(page, '.forms [aria-current]')).toEqual(['Stacked']);
    await page.click('.forms a:nth-child(2)');
    await arrivedAt(page, /small=1/);
    await page.waitForSelector('.multiples');
    expect(await textsOf(page, '.forms [aria-current]')).toEqual(['Side by side']);
    expect(asked.filter((url) => url.includes('/plot?'))).toEqual([]);
    const { children, others } = await site.server().json<PlotAnswer>(PLOT);
    const names = await textsOf(page, '.small-name');
    expect(names).toHaveLength(children.length + (others ? 1 : 0));
    expect(names.at(-1)).toBe('3 others');
    const tops = await page.$$eval('.small-plot .peak', (dots) =>
      dots.map((dot) => Number.parseFloat(getComputedStyle(dot).getPropertyValue('--y'))),
    );
    const peaks = [...children, ...(others ? [others] : [])].map(({ subtree_rss_bytes }) =>
      Math.max(...subtree_rss_bytes.map((value) => value ?? 0)),
    );
    const most = Math.max(...peaks);
    for (const [index, top] of tops.entries()) expect(top).toBeCloseTo(100 - (peaks[index] / most) * 100, 3);
    expect(await textOf(page, '.small-scale')).toContain(`Each from 0 to ${formatBytes(most)}`);
    expect(await textOf(page, 'figure:nth-of-type(2) .summary')).toContain(
      '15 direct children; the largest was',
    );
    await page.click('figure:nth-of-type(2) .as-table summary');
    await page.waitForSelector('figure:nth-of-type(2) .as-table table');
    await page.goBack();
    await page.waitForFunction(() => !document.querySelector('.multiples'));
    expectQuiet();
  });

  test('each leads to its own page, and that one back to the subtree', async () => {
    const { page, go } = await site.visit();
    await go(`${PLOT}&small=1`);
    // By the element: what is loaded beside may still move it.
    await page.$eval('.small-name a', (link) => (link as HTMLElement).click());
    await arrivedAt(page, /pid=614/);
    expect(await textOf(page, 'h1')).toBe('PID 614 summary');
    expect(await textOf(page, 'figure + section')).toContain('It had no children in this range.');
    await page.click('.back a');
    await arrivedAt(page, /snapshot\/pid\?/);
    expect(whereOf(page).params.pid).toBe('614');
  });
});
