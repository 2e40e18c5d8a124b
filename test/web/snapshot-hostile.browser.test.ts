import { describe, expect, test } from 'vitest';
import { displayText } from '../../server/domain/text-notation.ts';
import { textsOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { writeNamedProcesses } from './support/recording.ts';
import { openSite } from './support/site.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';

const shown = HOSTILE_NAMES.map((name) => displayText(name));
const site = openSite((folder) => writeNamedProcesses(folder, HOSTILE_NAMES));

describe('Whatever a process calls itself', () => {
  test('the tree, its facets and the details of a row show it letter by letter', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot?sort=pid&dir=asc&shown=user,cgroup,comm,state');
    expect(await textsOf(page, '[role=treegrid] a.cmd')).toEqual([shown[0], ...shown]);
    for (const summary of await page.$$('.facets summary')) {
      await summary.click();
      await page.waitForSelector('.facets details[open] > :not(summary)');
      expect(await intruders(page)).toEqual([]);
    }
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    for (const name of shown.slice(0, 6)) {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(' ');
      await page.waitForFunction(
        (text) => document.querySelector('.row-details h2')?.textContent === text,
        {},
        name,
      );
      await page.keyboard.press('Escape');
    }
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test.each(['treemap', 'icicle'])('the %s is made of text', async (kind) => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot?view=${kind}`);
    await page.waitForSelector('.tree-map .plot[data-state=drawn] .slice');
    const tile = await page.$('.tree-map .slice:nth-of-type(5) path');
    await tile?.hover();
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test.each(['cmd', 'exe', 'user', 'cgroup'])('groups by %s are named as they are', async (by) => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/groups?by=${by}`);
    const { groups } = await site
      .server()
      .json<{ groups: { name: string | null }[] }>(`/api/v1/groups?by=${by}`);
    expect(groups.length).toBeGreaterThan(5);
    const named = groups.map(({ name }) => displayText(name)).filter(Boolean);
    expect(await textsOf(page, 'tbody th a.cmd')).toEqual(named);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });
});
