import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { HISTORY_START, writeHistory } from '../support/dump-builder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { openExports, textOf, textsOf } from './support/browser.ts';
import { PID, writeNamedProcesses, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';

const site = openSite(writeSmallHost);

function linksOf(page: Page): Promise<string[]> {
  return page.$$eval('.exports .pop a', (links) => links.map((link) => (link as HTMLAnchorElement).href));
}

const TYPES: Readonly<Record<string, string>> = {
  CSV: 'text/csv; charset=utf-8',
  'CSV, raw': 'text/csv; charset=utf-8',
  JSON: 'application/json; charset=utf-8',
  NDJSON: 'application/x-ndjson; charset=utf-8',
  Parquet: 'application/vnd.apache.parquet',
  'HTML report': 'text/html; charset=utf-8',
};
const TABLE = ['CSV', 'CSV, raw', 'JSON', 'NDJSON', 'Parquet'];
const MOMENT = [...TABLE, 'HTML report'];

describe('Every view can be taken along', () => {
  test.each([
    ['Overview', '/api/v1/', MOMENT],
    ['Snapshot', '/api/v1/snapshot', MOMENT],
    ['Level', '/api/v1/snapshot/level?lvl=1', MOMENT],
    ['Process', `/api/v1/snapshot/pid?pid=${PID.server}`, MOMENT],
    ['Plot', `/api/v1/snapshot/pid/plot?pid=${PID.server}`, MOMENT],
    ['Groups', '/api/v1/groups?by=user', MOMENT],
    ['Files', '/api/v1/files', TABLE],
    ['Status', '/api/v1/status', TABLE],
  ])('%s, in each form that it has', async (_, path, labels) => {
    const { page, go, expectQuiet } = await site.visit();
    await go(path);
    await openExports(page);
    expect(await textsOf(page, '.exports .pop a')).toEqual(labels);
    const answers = await Promise.all((await linksOf(page)).map((href) => fetch(href)));
    expect(answers.map(({ status }) => status)).toEqual(labels.map(() => 200));
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(
      labels.map((label) => TYPES[label]),
    );
    for (const answer of answers) await answer.arrayBuffer();
    expectQuiet();
  });

  test('by keyboard alone: it opens, its first link has the next focus, Escape closes and comes back', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    await page.focus('.exports summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.exports details[open] li');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.exports')?.className)).toBe('exports');
    await page.keyboard.press('Escape');
    expect(await page.$('.exports details[open]')).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
  });
});

async function filesIn(folder: string, count: number): Promise<string[]> {
  await expect
    .poll(() => readdirSync(folder).filter((name) => !name.endsWith('.crdownload')))
    .toHaveLength(count);
  return readdirSync(folder).sort();
}

/** Where what the page saves comes to. */
async function saveInto(page: Page): Promise<string> {
  const folder = tempFolder();
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  return folder;
}

/** Names of the two files that the menu makes of one chart, SVG and PNG. */
async function savePictures(page: Page, folder: string, title: string) {
  await openExports(page);
  for (const [at, format] of ['PNG 2×', 'SVG'].entries()) {
    await (await page.waitForSelector(`button[aria-label="${title} as ${format}"]`))?.click();
    await filesIn(folder, at + 1);
  }
  const names = await filesIn(folder, 2);
  const [svg, png] = ['svg', 'png'].map((end) => names.find((name) => name.endsWith(`.${end}`)) ?? '');
  return { svg, png, text: readFileSync(join(folder, svg), 'utf8'), pixels: readFileSync(join(folder, png)) };
}

/** Size and number of colours, as a browser decodes it. */
function decodePng(page: Page, pixels: Buffer) {
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const { data } = context?.getImageData(0, 0, width, height) ?? { data: new Uint8ClampedArray() };
    return { width, height, colours: new Set(new Uint32Array(data.buffer)).size, alpha: data[3] };
  }, pixels.toString('base64'));
}

/** What an XML parser finds in it; whatever a name could have made is strange. A file has no policy of the page. */
async function parseSvg(page: Page, text: string) {
  const reader = await page.browserContext().newPage();
  const found = await reader.evaluate((source) => {
    const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
    const strange = 'parsererror, script, a, img, image, foreignObject, iframe, animate, use';
    return {
      root: root.localName,
      paths: root.querySelectorAll('path').length,
      texts: [...root.querySelectorAll('text')].map(({ textContent }) => textContent ?? ''),
      strange: [...root.querySelectorAll(strange)].map((element) => element.outerHTML.slice(0, 200)),
    };
  }, text);
  await reader.close();
  return found;
}

describe('A chart as a picture', () => {
  test('PNG at twice its size and SVG, named by view, host and instant, of charts that were not in sight yet', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await page.setViewport({ width: 1360, height: 300 });
    const folder = await saveInto(page);
    await go(`/api/v1/snapshot/pid/plot?pid=${PID.server}`);
    const width = await page.$eval('.plot-area', (plot) => plot.clientWidth);
    await openExports(page);
    await page.click('button[aria-label="Own & subtree RSS as PNG 2×"]');
    await filesIn(folder, 1);
    await page.click('button[aria-label="Children RSS as SVG"]');
    const stem = 'memory_plot-';
    const end = '_812_web-1_2026-01-15T12-39-00.000Z';
    const [svg, png] = await filesIn(folder, 2);
    expect([svg, png]).toEqual([`${stem}children-rss${end}.svg`, `${stem}own-subtree-rss${end}.png`]);
    expect(await decodePng(page, readFileSync(join(folder, png)))).toMatchObject({ width: width * 2 });
    expect(readFileSync(join(folder, svg), 'utf8')).toContain('<svg');
    expect(await textOf(page, '.menu-said')).toBe(`Saved ${svg}`);
    expectQuiet();
  });

  test.each(['Treemap', 'Icicle'])(
    '%s: every tile that is on the page, on an opaque ground',
    async (title) => {
      const { page, go, expectQuiet } = await site.visit();
      const folder = await saveInto(page);
      await go(`/api/v1/snapshot?view=${title.toLowerCase()}`);
      await page.waitForSelector('.tree-map .plot[data-state=drawn] .slice');
      const tiles = await page.$$eval('.tree-map .slice', (slices) => slices.length);
      const width = await page.$eval('.plot-area', (plot) => plot.clientWidth);
      const { svg, png, text, pixels } = await savePictures(page, folder, title);
      const stem = `memory_snapshot-${title.toLowerCase()}_web-1_2026-01-15T12-39-00.000Z`;
      expect([svg, png]).toEqual([`${stem}.svg`, `${stem}.png`]);
      const drawn = await parseSvg(page, text);
      expect(drawn).toMatchObject({ root: 'svg', strange: [] });
      expect(drawn.paths).toBeGreaterThanOrEqual(tiles);
      expect(drawn.texts.join('\n')).toContain('python3 977');
      const { colours, ...size } = await decodePng(page, pixels);
      expect(size).toEqual({ width: width * 2, height: expect.any(Number), alpha: 255 });
      expect(colours).toBeGreaterThan(8);
      expectQuiet();
    },
  );

  test('children side by side: a plot for each, with its name and its most', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const folder = await saveInto(page);
    await go(`/api/v1/snapshot/pid/plot?pid=${PID.server}&small=1`);
    const names = await textsOf(page, '.small-name');
    const figures = await textsOf(page, '.small-figures');
    const lines = await page.$$eval('.small-plot .line', (paths) =>
      paths.map((path) => path.getAttribute('d')),
    );
    const { svg, text, pixels } = await savePictures(page, folder, 'Children RSS');
    expect(svg).toBe('memory_plot-children-rss_812_web-1_2026-01-15T12-39-00.000Z.svg');
    const drawn = await parseSvg(page, text);
    expect(drawn.texts).toEqual(expect.arrayContaining([...names, ...figures]));
    for (const line of lines) expect(text).toContain(`d="${line}"`);
    const { colours, alpha } = await decodePng(page, pixels);
    expect([colours > 8, alpha]).toEqual([true, 255]);
    expectQuiet();
  });
});

describe('A picture of what the page draws with boxes', () => {
  test('the address space: each stretch with what of it is in RAM, and the words beside it', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const folder = await saveInto(page);
    await go(`/analyze?pid=${process.pid}&tab=map`);
    await page.waitForSelector('.area-blocks a');
    const { svg, text, pixels } = await savePictures(page, folder, 'Address space');
    expect(svg).toMatch(/^memory_analyze-address-space_.*\.svg$/);
    const drawn = await parseSvg(page, text);
    expect(drawn).toMatchObject({ root: 'svg', strange: [] });
    const areas = await textsOf(page, '.area-head');
    const letters = (texts: readonly string[]) => texts.join('').replaceAll(/\s/g, '');
    expect(letters(drawn.texts)).toBe(letters(areas));
    const blocks = await page.$$eval('.area-blocks a', (links) => links.length);
    expect(text.match(/<rect /g)?.length).toBeGreaterThanOrEqual(blocks);
    const { colours, alpha } = await decodePng(page, pixels);
    expect([colours > 8, alpha]).toEqual([true, 255]);
    expectQuiet();
  });
});

describe('A picture of processes with hostile names', () => {
  const hostile = openSite((folder) => writeNamedProcesses(folder, HOSTILE_NAMES));

  test.each([
    ['Treemap', '/api/v1/snapshot?view=treemap'],
    ['Children RSS', '/api/v1/snapshot/pid/plot?pid=10'],
    ['Children RSS', '/api/v1/snapshot/pid/plot?pid=10&small=1'],
  ])('%s of %s is well-formed and has no element of theirs', async (title, path) => {
    const { page, go, expectQuiet } = await hostile.visit();
    const folder = await saveInto(page);
    await go(path);
    const { text } = await savePictures(page, folder, title);
    const { root, paths, strange } = await parseSvg(page, text);
    expect([root, strange]).toEqual(['svg', []]);
    expect(paths).toBeGreaterThan(5);
    expect(text).not.toMatch(/<(script|b|sub|extra)[\s>]|javascript:[^<]*"/i);
    expectQuiet();
  });
});

describe('A table by the clipboard', () => {
  const formulas = openSite((folder) => {
    const named = ['=HYPERLINK("x")', '-x', 'tab\\x09here', 'plain'];
    const processes = named.map((cmd, index) => ({ pid: 10 + index, rss_mb: 40 - index, cmd }));
    const many = Array.from({ length: 700 }, (_, index) => ({ pid: 100 + index, rss_mb: 1 }));
    writeHistory(folder, [
      { t: 0, processes },
      { t: 60, processes: many },
    ]);
  });

  /** What the page says after its table was copied. */
  async function copy(page: Page): Promise<string> {
    await page
      .browserContext()
      .overridePermissions(formulas.server().origin, [
        'clipboard-read',
        'clipboard-write',
        'clipboard-sanitized-write',
      ]);
    await page.bringToFront();
    await openExports(page);
    await (await page.waitForSelector('.exports button[aria-label^="Copy "]'))?.click();
    await page.waitForFunction(() => document.querySelector('.menu-said')?.textContent);
    return textOf(page, '.menu-said');
  }

  test('is what is seen, with bytes and seconds as numbers and formulas made harmless', async () => {
    const { page, go } = await formulas.visit();
    const path = `/api/v1/snapshot/level?lvl=0&ts=${new Date(HISTORY_START).toISOString()}`;
    await go(path);
    expect(await copy(page)).toBe('Copied 4 rows, columns by tabs.');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [head, ...lines] = copied.split('\n').map((line) => line.split('\t'));
    const { rows } = await formulas.server().json<LevelAnswer>(path);
    const column = (name: string) => lines.slice(0, rows.length).map((cells) => cells[head.indexOf(name)]);
    expect(column('PID')).toEqual(rows.map(({ pid }) => String(pid)));
    expect(column('RSS (bytes)')).toEqual(rows.map(({ rss_bytes }) => String(rss_bytes)));
    expect(column('Lifetime')).toEqual(rows.map((row) => String(Math.floor(row.lifetime_seconds))));
    expect(column('Command')).toEqual([`'=HYPERLINK("x")`, "'-x", 'tab\\x09here', 'plain']);
  });

  test('of a long table is what is in sight, and says so', async () => {
    const { page, go } = await formulas.visit();
    await go('/api/v1/snapshot?limit=1000');
    const said = await copy(page);
    expect(said).toMatch(/^Copied \d+ of 700 rows, those in sight; the CSV has all of them\.$/);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const shown = await page.$$eval('main tbody tr:not([aria-hidden])', (rows) => rows.length);
    const total = await page.$$eval('main tfoot tr', (rows) => rows.length);
    expect(copied.trimEnd().split('\n')).toHaveLength(1 + shown + total);
    expect(shown).toBeLessThan(700);
  });
});
