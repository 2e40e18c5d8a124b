import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { textOf, whereOf } from './support/browser.ts';
import { chartsDrawn } from './support/launch.ts';
import { openSite } from './support/site.ts';

/** Twenty minutes of a sample each ten seconds; a process that grows by 1 MiB in each. */
const SAMPLES = 120;
const PID = 812;

function writeGrowth(folder: string): void {
  writeHistory(
    folder,
    Array.from({ length: SAMPLES }, (_, at) => ({
      t: at * 10,
      interval: 10,
      system: { mem_total_bytes: 4000 * MIB, mem_available_bytes: (3000 - at) * MIB },
      processes: [{ pid: 1 }, { pid: PID, ppid: 1, rss_mb: 100 + at, cmd: 'node server.js' }],
    })),
  );
}

const site = openSite(writeGrowth);
const OVERVIEW = '/api/v1/';
const PLOT = `/api/v1/snapshot/pid/plot?pid=${PID}`;

/** Values of a line in MiB, or of one that is not drawn nothing. */
async function lineOf(page: Page, title: string, name: string): Promise<number[]> {
  await chartsDrawn(page);
  return page.evaluate(
    (wanted, line) => {
      const figure = [...document.querySelectorAll('figure')].find(
        (one) => one.querySelector('h2')?.textContent === wanted,
      );
      const plot = figure?.querySelector('.js-plotly-plot') as unknown as {
        data: { name: string; text: string[] }[];
      } | null;
      return (
        plot?.data.find((trace) => trace.name === line)?.text.map((text) => Number.parseFloat(text)) ?? []
      );
    },
    title,
    name,
  );
}

const CHOICE = '.toolbar .field:has(option[value="1h"]) select';

async function choose(page: Page, resolution: string): Promise<void> {
  await page.select(CHOICE, resolution);
  await page.waitForFunction(
    (wanted) => new URL(location.href).searchParams.get('resolution') === wanted,
    {},
    resolution === 'auto' ? null : resolution,
  );
}

const OWN = ['Own & subtree RSS', 'Own RSS'] as const;

describe('The resolution', () => {
  test('is told where nobody has chosen it', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(OVERVIEW);
    await page.waitForSelector(CHOICE);
    expect(await textOf(page, `${CHOICE} option:checked`)).toBe('auto: every sample, 10 s');
    expect(await page.$('.resolution-note')).toBeNull();
    expectQuiet();
  });

  test('of a process is chosen: means of steps, and between what its samples are', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(PLOT);
    await page.waitForSelector(CHOICE);
    expect(await lineOf(page, ...OWN)).toHaveLength(SAMPLES);
    await choose(page, '1m');
    await page.waitForSelector('.resolution-note');
    expect(await textOf(page, '.resolution-note')).toBe(
      'Means of 1 min, told at its middle; thin lines are the smallest and largest sample.',
    );
    await expect.poll(() => lineOf(page, ...OWN)).toHaveLength(20);
    expect((await lineOf(page, ...OWN)).slice(0, 2)).toEqual([103, 109]);
    expect((await lineOf(page, OWN[0], 'Own RSS, smallest')).slice(0, 2)).toEqual([100, 106]);
    expect((await lineOf(page, OWN[0], 'Own RSS, largest')).slice(0, 2)).toEqual([105, 111]);
    expect(await textOf(page, 'figure .summary')).toMatch(
      /, most 219 MiB at 12:19:50; the subtree reached 219 MiB in 1 min around 12:19:\d\d\.$/,
    );
    expect(await textOf(page, '.trend')).toContain('First and last are means of a step');
    expectQuiet();
  });

  test('is kept for the next page and the next visit, in the URL, until another is chosen', async () => {
    const { page, go } = await site.visit();
    await go(PLOT);
    await page.waitForSelector(CHOICE);
    await choose(page, '10s');
    await go(OVERVIEW);
    await page.waitForFunction(() => location.search.includes('resolution=10s'));
    await page.waitForSelector(CHOICE);
    await choose(page, '1h');
    expect(whereOf(page).params.resolution).toBe('1h');
    await page.waitForSelector('.resolution-note');
    expect(await textOf(page, '.resolution-note')).toContain('RAM, swap, pressure and faults: means of 1 h');
    expect(await lineOf(page, 'RAM usage', 'Used (total − available)')).toHaveLength(1);
    expect(await textOf(page, 'figure .summary')).toMatch(
      /, most 1\.09 GiB in 1 h around \d\d:\d\d:\d\d; least 0\.977 GiB in 1 h around /,
    );
    await choose(page, 'auto');
    await go(OVERVIEW);
    await page.waitForSelector(CHOICE);
    expect(whereOf(page).params).toEqual({});
  });
});
