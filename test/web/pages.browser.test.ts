import { describe, expect, test } from 'vitest';
import type { LevelAnswer, SnapshotsAnswer } from '../../server/interfaces/http/schemas.ts';
import { formatMoment } from '../../web/lib/time.ts';
import { arrivedAt, pointAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn } from './support/launch.ts';
import { lastSample, PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);
const at = (index: number) => new Date(sampleAt(index)).toISOString();

describe('The pages show a real recording', () => {
  test('Overview: coverage with its gap, figures, charts of RAM and swap, and nothing that shares them', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/');
    await chartsDrawn(page);
    expect(await page.title()).toBe('Memory Inspector');
    expect(await textOf(page, 'h1')).toBe('Memory Inspector');
    expect(await textOf(page, '.sub')).toContain(
      'Coverage: 2026-01-15 12:00:00 → 2026-01-15 12:39:00 (39m 0s), 71.8 %, 1 gap · 30\u202fsamples'.replace(
        '\u202f',
        ' ',
      ),
    );
    expect(await textOf(page, '.events li')).toBe(
      '2026-01-15 12:14:00 Nothing was recorded between 12:14:00 and 12:25:00 (11m 0s)',
    );
    expect(await textsOf(page, 'figcaption h2')).toEqual(expect.arrayContaining(['RAM usage', 'Swap usage']));
    expect(await textOf(page, '.banner.demo')).toBe('Demo: a generated host, not this one');
    const buttons = await page.$$eval('.modebar-btn', (all) =>
      all.map((one) => one.getAttribute('aria-label') ?? one.getAttribute('data-title') ?? ''),
    );
    expect(buttons.length).toBeGreaterThan(0);
    expect(buttons.join(' ')).not.toMatch(/share|cloud/i);
    expectQuiet();
  });

  test('Overview of a range that ends in a gap: the answer is of the last sample, and says how far that is', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/?from=${at(0)}&to=${at(20)}`);
    await page.waitForSelector('.answer-more');
    expect(await textOf(page, '.answer-lead')).toContain(' used at 2026-01-15 12:14');
    expect(await textOf(page, '.answer-more')).toContain(
      'The nearest sample before 12:20 is of 12:14, 6m 0s earlier.',
    );
  });

  test('Level: the predecessor’s columns first and in order, totals of what can be added', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    expect(await textOf(page, 'h1')).toBe('Level 1 – snapshot 2026-01-15 12:39:00');
    const headings = (await textsOf(page, 'thead tr:last-child th')).map((text) =>
      text.replace(/[▲▼?]/g, ''),
    );
    expect(headings.slice(0, 8)).toEqual([
      'PID', 'PPID', 'Lifetime', 'RSS min', 'RSS mean', 'Subtree mean', 'Subtree max', 'RSS max',
    ]); // biome-ignore format: one row
    expect(headings.slice(8)).toEqual(['RSS', 'Subtree RSS', 'PSS', 'Swap', 'User', 'Command']);
    const answer = await site.server().json<LevelAnswer>('/api/v1/snapshot/level?lvl=1');
    expect(await textsOf(page, 'tbody tr td:first-child')).toEqual(answer.rows.map((row) => String(row.pid)));
    const totals = (await textsOf(page, 'tfoot th, tfoot td')).filter(Boolean);
    expect(totals[0]).toBe('Total of 4 processes');
    expect(totals.slice(1)).toEqual(['≤ 1.83 GiB', '150 MiBof 1', '–of 0']);
    expectQuiet();
  });

  test('PID: ancestors, both lives of a reused PID, the subtree as a tree', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/pid?pid=${PID.server}`);
    expect(await textsOf(page, '.crumbs li')).toEqual(['init 1', 'node 812']);
    expect(await page.$$eval('[role=treegrid] tbody tr', (rows) => rows.length)).toBe(17);
    await go(`/api/v1/snapshot/pid?pid=${PID.reused}`);
    expect(await textsOf(page, '.lives .cmd')).toEqual(['/usr/bin/cc1 -quiet main.c', 'bash']);
    await page.click('.lives li:first-child a');
    await arrivedAt(page, /ts=2026-01-15T12%3A09/);
    expect(await textOf(page, 'h1')).toBe('PID 4000 – cc1');
    expectQuiet();
  });

  test('Plot: its sections in the predecessor’s order, no more than thirteen layers, direct children only', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/pid/plot?pid=${PID.server}`);
    await chartsDrawn(page);
    expect(await textOf(page, 'h1')).toBe('PID 812 summary');
    expect(await textsOf(page, 'main h2')).toEqual([
      'Own & subtree RSS', 'Children RSS', 'Composition', 'Trend', 'Children summary', 'Child PID → CMD',
    ]); // biome-ignore format: one row
    expect(await textsOf(page, 'figure:nth-of-type(2) .legend .name')).toHaveLength(13);
    await page.waitForSelector('figure:nth-of-type(3) .legend');
    expect(await textsOf(page, 'figure:nth-of-type(3) .legend .name')).toEqual([
      'Fair share (PSS)',
      'Counted for its sharers (RSS − PSS)',
    ]);
    expect(await textOf(page, 'figure:nth-of-type(3) .summary')).toBe(
      '150 MiB of 200 MiB RSS is its fair share (PSS) at 2026-01-15 12:39:00; swap is not known.',
    );
    const parents = await textsOf(page, '.children tbody td:nth-child(2)');
    expect(new Set(parents)).toEqual(new Set(['812']));
    expect(parents).toHaveLength(15);
    expectQuiet();
  });

  test('on a screen of 320 px without scrolling sideways', async () => {
    const { page, go } = await site.visit({ width: 320 });
    for (const path of [
      '/api/v1/',
      '/api/v1/snapshot/level?lvl=1',
      `/api/v1/snapshot/pid?pid=812`,
      `/api/v1/snapshot/pid/plot?pid=812`,
    ]) {
      await go(path);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        path,
      ).toBeLessThanOrEqual(0);
    }
    await go('/api/v1/snapshot/level?lvl=1');
    expect(await textsOf(page, 'thead .sort')).toEqual(['Command', 'RSS', 'Subtree RSS']);
    await page.goto(`${site.server().origin}/docs`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  test.each([320, 400, 720])('the name and the buttons stand beside each other at %d px', async (width) => {
    const { page, go } = await site.visit({ width, zone: 'America/Argentina/ComodRivadavia' });
    await go('/api/v1/snapshot?tz=browser');
    const [name, first, last] = await page.evaluate(() => {
      const buttons = [...document.querySelectorAll('.tools button')].map((one) =>
        one.getBoundingClientRect(),
      );
      // Its text, which may reach beyond its box.
      const text = document.createRange();
      text.selectNodeContents(document.querySelector('.brand') ?? document.body);
      return [text.getBoundingClientRect().right, buttons[0].left, buttons[buttons.length - 1].right];
    });
    expect(name).toBeLessThanOrEqual(first);
    expect(last).toBeLessThanOrEqual(width);
  });
});

describe('Charts', () => {
  test('a click on a point opens exactly that sample, in a zone far from UTC as well', async () => {
    const { page, go, expectQuiet } = await site.visit({ zone: 'Asia/Kolkata' });
    const { t } = await site.server().json<SnapshotsAnswer>('/api/v1/snapshots');
    await go('/api/v1/');
    await chartsDrawn(page);
    const area = await (await page.waitForSelector('.nsewdrag'))?.boundingBox();
    if (!area) throw new Error('the chart has no drawing area');
    const share = 0.25;
    await pointAt(page, area.x + area.width * share, area.y + area.height / 2);
    const pointedAt = await textOf(page, '.hoverlayer .legendtitletext');
    await page.mouse.click(area.x + area.width * share, area.y + area.height / 2);
    await arrivedAt(page, /snapshot\?ts=/);
    const opened = Date.parse(whereOf(page).params.ts);
    expect(pointedAt).toBe(formatMoment(opened, 'Asia/Kolkata'));
    expect(t).toContain(opened);
    const aimedAt = sampleAt(0) + (lastSample - sampleAt(0)) * share;
    expect(Math.abs(opened - aimedAt)).toBeLessThanOrEqual(60_000);
    expectQuiet();
  });

  test('dragging zooms: the range goes into the URL and is reset by a link', async () => {
    const { page, go } = await site.visit({ zone: 'America/New_York' });
    await go('/api/v1/');
    await chartsDrawn(page);
    const area = await (await page.waitForSelector('.nsewdrag'))?.boundingBox();
    if (!area) throw new Error('the chart has no drawing area');
    await page.mouse.move(area.x + area.width * 0.7, area.y + 60);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.9, area.y + 60, { steps: 8 });
    await page.mouse.up();
    await arrivedAt(page, /from=/);
    const { from, to } = whereOf(page).params;
    const span = lastSample - sampleAt(0);
    expect(Math.abs(Date.parse(from) - (sampleAt(0) + span * 0.7))).toBeLessThan(30_000);
    expect(Math.abs(Date.parse(to) - (sampleAt(0) + span * 0.9))).toBeLessThan(30_000);
    await page.waitForFunction(() => document.querySelector('.sub')?.textContent?.includes('no gaps'));
    await page.evaluate(() =>
      [...document.querySelectorAll('a')].find((a) => a.textContent === 'Reset zoom')?.click(),
    );
    await arrivedAt(page, /v1\/$/);
  });

  test('no line and no area is drawn where nothing was recorded', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/snapshot/pid/plot?pid=${PID.server}`);
    await page.waitForSelector('figure:nth-of-type(3) .plot');
    await page.evaluate(() => document.querySelector('figure:nth-of-type(2)')?.scrollIntoView());
    await chartsDrawn(page);
    await page.evaluate(() => document.querySelector('figure:nth-of-type(3)')?.scrollIntoView());
    await chartsDrawn(page);
    const gap = { from: sampleAt(14), to: sampleAt(25) };
    const inside = await page.$$eval(
      '.plot-area',
      (plots, { from, to }) =>
        plots.flatMap((plot) => {
          const { data } = plot as unknown as {
            data: { x: string[]; y: (number | null)[]; line: { width: number } }[];
          };
          return data.map(({ x, y, line }) => ({
            width: line.width,
            values: y.filter(
              (_, index) => Date.parse(`${x[index]}Z`) > from && Date.parse(`${x[index]}Z`) < to,
            ),
          }));
        }),
      gap,
    );
    expect(inside.length).toBe(2 + 13 + 2);
    for (const { width, values } of inside) {
      if (width === 0) expect(values).toEqual([0, 0]);
      else expect(values).toEqual([null]);
    }
  });

  test('follow the reader’s unit and clock, with what is written in them', async () => {
    const { page, go } = await site.visit({ zone: 'Asia/Tokyo' });
    await go(`/api/v1/snapshot/pid/plot?pid=${PID.leak}`);
    await chartsDrawn(page);
    const says = (words: string) =>
      page.waitForFunction(
        (text) => document.querySelector('.plot-area')?.textContent?.includes(text),
        {},
        words,
      );
    await says('peak 1.62 GiB');
    await says('Asia/Tokyo');
    await page.keyboard.press('u');
    await says('peak 1.74 GB');
    await page.keyboard.press('z');
    await says('UTC');
  });

  test('can be read as a table, whose instants lead to the same snapshots', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await page.click('.as-table summary');
    await page.waitForSelector('.as-table table');
    expect(await textOf(page, '.as-table caption')).toBe('All 30 points.');
    await page.click('.as-table tbody tr:last-child a');
    await arrivedAt(page, /snapshot\?ts=/);
    expect(whereOf(page).params.ts).toBe(at(39));
  });
});

describe('Links', () => {
  test('of every page lead somewhere', { timeout: 60_000 }, async () => {
    const { page, go } = await site.visit();
    const pages = [
      '/api/v1/',
      '/api/v1/snapshot/level?lvl=0',
      '/api/v1/snapshot/level?lvl=1&min_rss=100&limit=1&q=o',
      `/api/v1/snapshot/level?lvl=2&ts=${at(5)}`,
      '/api/v1/snapshot/level?lvl=9',
      `/api/v1/snapshot/pid?pid=${PID.server}&min_rss=55`,
      `/api/v1/snapshot/pid?pid=${PID.reused}`,
      `/api/v1/snapshot/pid/plot?pid=${PID.server}&ts=${at(30)}`,
      `/api/v1/snapshot/pid/plot?pid=${PID.reused}&from=${at(2)}&to=${at(8)}`,
      `/api/v1/snapshot/pid?pid=${PID.reused}&ts=${at(12)}`,
      '/api/v1/nope',
    ];
    const found = new Set<string>();
    for (const path of pages) {
      await go(path);
      for (const href of await page.$$eval('a[href]', (links) =>
        links.map((link) => (link as HTMLAnchorElement).href),
      ))
        found.add(href);
    }
    const { origin, statusOf } = site.server();
    const ours = [...found].filter((href) => href.startsWith(`${origin}/`) && !new URL(href).hash);
    expect([...found].filter((href) => !href.startsWith(`${origin}/`))).toEqual([]);
    expect(ours.length).toBeGreaterThan(100);
    const dead: string[] = [];
    for (let first = 0; first < ours.length; first += 8) {
      const some = ours.slice(first, first + 8);
      const statuses = await Promise.all(some.map(statusOf));
      dead.push(...some.filter((_, index) => statuses[index] !== 200));
    }
    expect(dead).toEqual([]);
  });
});
