import type { Page } from 'puppeteer-core';
import { afterAll, describe, expect, test } from 'vitest';
import { displayText } from '../../server/domain/text-notation.ts';
import { pointAt, textOf, textsOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { chartsDrawn } from './support/launch.ts';
import { writeNamedProcesses } from './support/recording.ts';
import { openSite } from './support/site.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';

/** A name that is only spaces or empty is shown as the thread's name instead. */
const shown = HOSTILE_NAMES.map((name) => displayText(name));
const site = openSite((folder) => writeNamedProcesses(folder, HOSTILE_NAMES));

/** Told at the end: in how many places how many names were looked at. */
const places = new Set<string>();
let intrusions = 0;

async function expectNone(page: Page, place: string): Promise<void> {
  const found = await intruders(page);
  places.add(place);
  intrusions += found.length;
  expect(found, place).toEqual([]);
}

afterAll(() => {
  console.log(
    `hostile names: ${HOSTILE_NAMES.length} in ${places.size} places (${[...places].join(', ')}), ${intrusions} elements made by them`,
  );
});

/** The command in a part of the page, opened where it is long. */
async function wholeCommand(page: Page, part: string): Promise<string> {
  const button = await page.$(`${part} button[aria-expanded=false]`);
  await button?.click();
  if (button) await page.waitForSelector(`${part} button[aria-expanded=true]`);
  return textOf(page, `${part} .cmd`);
}

describe('Whatever a process calls itself', () => {
  test('the overview, its answer, its legends and its tables show it as text', {
    timeout: 60_000,
  }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/');
    await page.waitForSelector('.answer a');
    await chartsDrawn(page);
    await expectNone(page, 'overview');
    await go('/api/v1/?metric=pss');
    await page.waitForNetworkIdle({ idleTime: 300 });
    await expectNone(page, 'overview by PSS');
    expectQuiet();
  });

  test('groups by command and by executable have it as their name', async () => {
    const { page, go, expectQuiet } = await site.visit();
    for (const by of ['cmd', 'exe', 'user', 'cgroup']) {
      await go(`/api/v1/groups?by=${by}&limit=1000`);
      await page.waitForSelector('table tbody tr');
      await expectNone(page, `groups by ${by}`);
    }
    expectQuiet();
  });

  test('the search finds each by its pid and shows it as text', { timeout: 60_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot/level');
    for (let pid = 2000; pid < 2000 + shown.length; pid += 9) {
      await page.focus('#search');
      await page.$eval('#search', (input) => {
        (input as HTMLInputElement).value = '';
      });
      await page.keyboard.type(String(pid));
      await page.waitForFunction(
        (wanted) => document.querySelector('.results .u')?.textContent === wanted,
        {},
        String(pid),
      );
      await expectNone(page, 'search');
    }
    expectQuiet();
  });

  test.each(['light', 'dark'] as const)('Level shows it letter by letter (%s)', async (scheme) => {
    const { page, go, expectQuiet } = await site.visit({ scheme });
    await go('/api/v1/snapshot/level?lvl=1&sort=pid&dir=asc');
    expect(await textsOf(page, 'tbody a.cmd')).toEqual(shown);
    await expectNone(page, 'level');
    expectQuiet();
  });

  test('the tree and the page of each process do', { timeout: 60_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot/pid?pid=10&sort=pid&dir=asc');
    expect(await textsOf(page, '[role=treegrid] a.cmd')).toEqual([shown[0], ...shown]);
    await expectNone(page, 'subtree');
    for (const [index, name] of shown.entries()) {
      await page.evaluate((pid) => {
        history.pushState(null, '', `/api/v1/snapshot/pid?pid=${pid}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }, 2000 + index);
      await page.waitForFunction(
        (pid) => document.querySelector('h1')?.textContent?.startsWith(`PID ${pid} `),
        {},
        2000 + index,
      );
      expect([...(await textOf(page, '.sub .cmd'))].length).toBe(Math.min(320, [...name].length));
      expect(await wholeCommand(page, '.sub')).toBe(name);
      await expectNone(page, 'process');
    }
    expectQuiet();
  });

  test('so do charts, their legends and what appears under the pointer', { timeout: 60_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    // Twelve children are drawn by name: filters do not apply to a plot, so each comes to its turn by size.
    await go('/api/v1/snapshot/pid/plot?pid=10');
    await page.evaluate(() => document.querySelector('figure:nth-of-type(2)')?.scrollIntoView());
    await chartsDrawn(page);
    const area = await (await page.$$('.nsewdrag')).at(1)?.boundingBox();
    if (!area) throw new Error('the chart has no drawing area');
    await pointAt(page, area.x + area.width / 2, area.y + area.height / 2);
    const legend = await textsOf(page, 'figure:nth-of-type(2) .legend .name');
    const hover = await textsOf(page, 'figure:nth-of-type(2) .hoverlayer .legendtext');
    expect(hover).toHaveLength(13);
    for (const name of legend)
      expect(
        hover.some((text) => text.startsWith(`${name} : `)),
        name,
      ).toBe(true);
    await expectNone(page, 'legend and hover');
    expectQuiet();
  });

  test('every vector is drawn as a chart of its own', { timeout: 120_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/');
    for (let pid = 2000; pid < 2000 + shown.length; pid += 7) {
      await go(`/api/v1/snapshot/pid/plot?pid=${pid}`);
      await chartsDrawn(page);
      expect(await wholeCommand(page, '.facts')).toBe(shown[pid - 2000]);
      await expectNone(page, 'plot');
    }
    expectQuiet();
  });

  test('a parameter that is made of markup is shown, not obeyed', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const bad = encodeURIComponent('"><img src=x onerror=alert(1)>');
    for (const path of [
      `/api/v1/snapshot/level?ts=${bad}`,
      `/api/v1/snapshot/level?lvl=1&q=${bad}`,
      `/api/v1/${bad}`,
    ]) {
      await go(path);
      await expectNone(page, 'parameters');
    }
    expectQuiet();
  });
});
