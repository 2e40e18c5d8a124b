import { describe, expect, test } from 'vitest';
import { displayText } from '../../server/domain/text-notation.ts';
import { textOf, textsOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { chartsDrawn } from './support/launch.ts';
import { writeNamedProcesses } from './support/recording.ts';
import { openSite } from './support/site.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';

/** A name that is only spaces or empty is shown as the thread's name instead. */
const shown = HOSTILE_NAMES.map((name) => displayText(name));
const site = openSite((folder) => writeNamedProcesses(folder, HOSTILE_NAMES));

describe('Whatever a process calls itself', () => {
  test.each(['light', 'dark'] as const)('Level shows it letter by letter (%s)', async (scheme) => {
    const { page, go, expectQuiet } = await site.visit({ scheme });
    await go('/api/v1/snapshot/level?lvl=1&sort=pid&dir=asc');
    expect(await textsOf(page, 'tbody a.cmd')).toEqual(shown);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test('the tree and the page of each process do', { timeout: 60_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot/pid?pid=10&sort=pid&dir=asc');
    expect(await textsOf(page, '[role=treegrid] a.cmd')).toEqual([shown[0], ...shown]);
    expect(await intruders(page)).toEqual([]);
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
      expect(await textOf(page, '.sub .cmd')).toBe(name);
      expect(await intruders(page)).toEqual([]);
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
    await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
    await page.waitForSelector('.hoverlayer .legend');
    const legend = await textsOf(page, 'figure:nth-of-type(2) .legend .name');
    const hover = await textsOf(page, 'figure:nth-of-type(2) .hoverlayer .legendtext');
    expect(hover).toHaveLength(13);
    for (const name of legend)
      expect(
        hover.some((text) => text.startsWith(`${name} : `)),
        name,
      ).toBe(true);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test('every vector is drawn as a chart of its own', { timeout: 120_000 }, async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/');
    for (let pid = 2000; pid < 2000 + shown.length; pid += 7) {
      await go(`/api/v1/snapshot/pid/plot?pid=${pid}`);
      await chartsDrawn(page);
      expect(await textOf(page, '.facts .cmd')).toBe(shown[pid - 2000]);
      expect(await intruders(page)).toEqual([]);
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
      expect(await intruders(page), path).toEqual([]);
    }
    expectQuiet();
  });
});
