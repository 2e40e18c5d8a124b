import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn, settled } from './support/launch.ts';
import {
  copiedLink,
  downloadsInto,
  expectChange,
  expectPicture,
  expectSharedView,
  expectTable,
  isSpikeAt,
  writeNightlyJob,
} from './support/nightly-job.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeNightlyJob);

/** The same investigation as with a hand: nothing here moves a pointer or clicks. */

/** Nobody goes on for longer. */
const MOST_TABS = 120;

/** Whether what has the focus is that element, and says that; its focus must be seen. */
function hasFocus(page: Page, selector: string, text: string): Promise<boolean> {
  return page.evaluate(
    (wanted, words) => {
      const active = document.activeElement;
      if (!active?.matches(wanted)) return false;
      const said = active.getAttribute('aria-label') ?? active.textContent ?? '';
      return said.trim().startsWith(words) && active.matches(':focus-visible');
    },
    selector,
    text,
  );
}

/** Tab by Tab. @returns how many it took */
async function tabTo(page: Page, selector: string, text: string, key: 'Tab' | 'ArrowDown' = 'Tab') {
  for (let tabs = 0; tabs <= MOST_TABS; tabs++) {
    if (await hasFocus(page, selector, text)) return tabs;
    await page.keyboard.press(key);
  }
  throw new Error(`${selector} "${text}" is not reached by ${key}`);
}

async function choose(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector, text);
  await page.keyboard.press('Enter');
}

async function pressTimes(page: Page, key: 'PageUp' | 'PageDown', times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const address = page.url();
    await page.keyboard.press(key);
    await page.waitForFunction((href) => location.href !== href, {}, address);
  }
}

/** A line of the RAM chart's table on which the most is used. */
async function instantOfSpike(page: Page): Promise<string> {
  await page.waitForSelector('.chart .as-table table');
  const instants = await page.$$eval('.chart .as-table tbody a time', (all) =>
    all.map((one) => one.getAttribute('datetime') ?? ''),
  );
  const found = instants.find((instant) => isSpikeAt(Date.parse(instant)));
  if (!found) throw new Error('the table has no instant of the spike');
  return page.$eval(`.chart .as-table time[datetime="${found}"]`, ({ textContent }) => textContent ?? '');
}

test('a spike of last night is found, told, compared, exported and shared by keys alone', async () => {
  const { page, go, expectQuiet } = await site.visit();
  const downloads = await downloadsInto(page);

  // The window on the strip has two ends; each goes a tenth of the recording a key.
  await go('/api/v1/');
  await page.waitForSelector('.minimap .grip');
  await tabTo(page, '.grip', 'Start of the window');
  await pressTimes(page, 'PageUp', 6);
  await tabTo(page, '.grip', 'End of the window');
  await pressTimes(page, 'PageDown', 1);
  await settled(page);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('most 5.07 GiB');

  // The chart as a table: an instant of the spike leads to its snapshot; the next sample is one key away.
  await choose(page, '.chart .as-table summary', 'Show as table');
  await choose(page, '.chart .as-table tbody a', await instantOfSpike(page));
  await arrivedAt(page, /v1\/snapshot\?.*ts=/);
  const chosen = Date.parse(whereOf(page).params.ts);
  expect(isSpikeAt(chosen)).toBe(true);
  const ts = new Date(chosen + 60_000).toISOString();
  await page.keyboard.press(']');
  await arrivedAt(page, new RegExp(encodeURIComponent(ts)));

  // Sorted by subtree, the job stands first below init: one row further down.
  await choose(page, '.treegrid thead a', 'Subtree RSS');
  await arrivedAt(page, /sort=subtree_rss_bytes/);
  expect((await textsOf(page, '.treegrid tbody .cmd')).slice(0, 2)).toEqual([
    '/sbin/init',
    '/bin/sh /opt/nightly.sh',
  ]);
  await tabTo(page, '.treegrid tbody tr', '');
  await page.keyboard.press('ArrowDown');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('/opt/nightly.sh');
  await page.keyboard.press('Enter');
  await arrivedAt(page, /snapshot\/pid\?/);

  // Its plot names the peak, and is taken along as a picture.
  await page.keyboard.press('p');
  await arrivedAt(page, /pid\/plot\?/);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('the subtree reached 2.94 GiB');
  await choose(page, '.exports summary', 'Export');
  await page.waitForSelector('.exports li');
  await choose(page, '.exports button', 'Own & subtree RSS as PNG');
  await expectPicture({ downloads, ts });

  // Back, and compared with an hour before; the table is taken along as well.
  await page.keyboard.press('Escape');
  await choose(page, 'a', '← back to subtree');
  await arrivedAt(page, /snapshot\/pid\?/);
  await choose(page, 'summary', 'Compare');
  await choose(page, '.choices a', 'an hour before');
  await arrivedAt(page, /base=/);
  const compared = await expectChange(page);
  await choose(page, '.exports summary', 'Export');
  await page.waitForSelector('.exports li');
  await choose(page, '.exports a', 'CSV');
  await expectTable({ downloads, ts });

  // The link shows the same to somebody else.
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await expectSharedView(await copiedLink(page), page, compared);
  expectQuiet();
});
