import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { displayText } from '../../server/domain/text-notation.ts';
import { runPmi } from '../server/interfaces/cli/run-pmi.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { openVisit, textOf, textsOf } from './support/browser.ts';
import { launchBrowser } from './support/launch.ts';
import { writeNamedProcesses } from './support/recording.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';

/** The report as it is opened from a disk, by somebody who has nothing else. */

const dumps = sharedTempFolder();
const folder = sharedTempFolder();
const ORIGIN = `file://${folder}`;
let browser: Browser;

const report = (file: string, ...args: readonly string[]) =>
  runPmi(['report', '--dumps', dumps, '--out', join(folder, file), '--limit', '1000', ...args]);

beforeAll(async () => {
  writeNamedProcesses(dumps, HOSTILE_NAMES);
  browser = await launchBrowser();
  expect(await report('host.html')).toMatchObject({ code: 0 });
});
afterAll(() => browser.close());

async function open(file: string, options: Parameters<typeof openVisit>[2] = {}) {
  const visit = await openVisit(browser, ORIGIN, options);
  const requests: string[] = [];
  visit.page.on('request', (request) => requests.push(request.url()));
  await visit.page.goto(`${ORIGIN}/${file}`, { waitUntil: 'networkidle0' });
  return { ...visit, requests };
}

/** Elements of kinds that a report has none of, and whatever stands within a name. */
function intruders(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const strange =
      'a, script, img, iframe, object, embed, form, b, sub, extra, use, image, animate, foreignObject, [style]';
    const found = [
      ...document.querySelectorAll(strange),
      ...document.querySelectorAll('h1 *, .name *, text *'),
    ];
    return found.map((element) => element.outerHTML.slice(0, 200));
  });
}

function cut(name: string, most: number): string {
  const letters = [...name];
  return letters.length > most ? `${letters.slice(0, most).join('')}… (${letters.length} characters)` : name;
}

const shown = (name: string) => {
  const text = displayText(name);
  return text.trim() ? text : '';
};

describe('A report opened from a file', () => {
  test('shows every name letter by letter, and asks for nothing', async () => {
    const { page, requests, expectQuiet } = await open('host.html');
    const names = await textsOf(page, '.rows .name');
    const expected = [HOSTILE_NAMES[0], ...HOSTILE_NAMES].map(shown).filter(Boolean);
    expect(names.slice().sort()).toEqual(
      expect.arrayContaining(expected.map((name) => cut(name, 300)).sort()),
    );
    expect(names).toHaveLength(HOSTILE_NAMES.length + 1);
    expect(await intruders(page)).toEqual([]);
    expect(await page.evaluate(() => [document.scripts.length, document.links.length])).toEqual([0, 0]);
    expect(requests).toEqual([`${ORIGIN}/host.html`]);
    expectQuiet();
  });

  test.each([
    ['treemap', ['--view', 'treemap'], '.tiles text'],
    ['command', ['--group', 'cmd'], '.rows .name'],
  ])('by %s has every name as text, and asks for nothing', async (name, args, texts) => {
    expect(await report(`${name}.html`, ...args)).toMatchObject({ code: 0 });
    const { page, requests, expectQuiet } = await open(`${name}.html`);
    expect((await textsOf(page, texts)).length).toBeGreaterThan(20);
    expect(await intruders(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1360);
    expect(requests).toHaveLength(1);
    expectQuiet();
  });

  test('of any process has its name as title, heading and line', { timeout: 120_000 }, async () => {
    for (const [at, name] of [...HOSTILE_NAMES.entries()].filter(([index]) => index % 12 === 4)) {
      expect(await report(`${at}.html`, '--pid', String(2000 + at))).toMatchObject({ code: 0 });
      const { page, requests, expectQuiet } = await open(`${at}.html`);
      const heading = `PID ${2000 + at} ${cut(displayText(name), 120)}`;
      expect(await textOf(page, 'h1')).toBe(heading);
      expect((await textsOf(page, '.legend .name')).some((text) => text.startsWith(`${2000 + at} `))).toBe(
        true,
      );
      expect(await intruders(page)).toEqual([]);
      expect(requests).toHaveLength(1);
      expectQuiet();
    }
  });

  test.each(['light', 'dark'] as const)('is in the colours of the reader, %s', async (scheme) => {
    const { page } = await open('host.html', { scheme });
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe(scheme === 'light' ? 'rgb(251, 251, 250)' : 'rgb(18, 21, 25)');
    const line = await page.$eval('.line.c1', (path) => getComputedStyle(path).stroke);
    expect(line).toBe(scheme === 'light' ? 'rgb(0, 114, 178)' : 'rgb(86, 180, 233)');
  });

  test.each([1360, 400])('fits a page of %d px', async (width) => {
    const { page } = await open('host.html', { width });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const isShown = await page.$eval('.rows .wide', (cell) => getComputedStyle(cell).display !== 'none');
    expect(isShown).toBe(width > 700);
    const [chart] = await page.$$('svg.chart');
    const box = await chart.boundingBox();
    expect(box?.width).toBeGreaterThan(width * 0.8);
  });

  test('whose style sheet was changed afterwards is refused its style: the policy holds', async () => {
    const text = readFileSync(join(folder, 'host.html'), 'utf8');
    writeFileSync(join(folder, 'changed.html'), text.replace('</style>', 'h1{color:red}</style>'));
    const { page, expectQuiet } = await open('changed.html');
    expect(() => expectQuiet()).toThrow();
    expect(await page.$eval('h1', (h1) => getComputedStyle(h1).color)).not.toBe('rgb(255, 0, 0)');
  });

  test('that somebody has put a script into does not run it', async () => {
    const text = readFileSync(join(folder, 'host.html'), 'utf8');
    writeFileSync(
      join(folder, 'script.html'),
      text.replace('</main>', '<script>document.title="run"</script></main>'),
    );
    const { page } = await open('script.html');
    expect(await page.title()).toMatch(/^Memory of/);
  });
});
