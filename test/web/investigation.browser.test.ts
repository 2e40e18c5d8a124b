import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { HISTORY_START } from '../support/dump-builder.ts';
import { arrivedAt, openExports, textOf, textsOf, whereOf } from './support/browser.ts';
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

async function brush(page: Page, from: number, to: number): Promise<void> {
  const box = await (await page.waitForSelector('.minimap-strip:has(.grip)'))?.boundingBox();
  if (!box) throw new Error('no strip');
  await page.mouse.move(box.x + box.width * from, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + 20, { steps: 5 });
  await page.mouse.up();
}

/** Where in the RAM chart an instant of the shown range stands is clicked. */
async function clickChartAt(page: Page, t: number): Promise<void> {
  const { from, to } = whereOf(page).params;
  const box = await (await page.waitForSelector('.plot .nsewdrag'))?.boundingBox();
  if (!box) throw new Error('no chart');
  const share = (t - Date.parse(from)) / (Date.parse(to) - Date.parse(from));
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
  await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
}

async function clickText(page: Page, selector: string, text: string): Promise<void> {
  const found = await page.waitForFunction(
    (among, wanted) =>
      [...document.querySelectorAll<HTMLElement>(among)].find((one) => one.textContent?.trim() === wanted),
    {},
    selector,
    text,
  );
  await found.asElement()?.evaluate((element) => (element as HTMLElement).click());
}

async function openMenu(page: Page, label: string): Promise<void> {
  await page.evaluate((wanted) => {
    const summaries = [...document.querySelectorAll<HTMLElement>('details > summary')];
    summaries.find(({ textContent }) => textContent?.trim() === wanted)?.click();
  }, label);
}

test('a spike of last night is found, told, compared, exported and shared', async () => {
  const { page, go, expectQuiet } = await site.visit();
  const downloads = await downloadsInto(page);

  // The spike is seen on the strip and drawn over.
  await go('/api/v1/');
  await brush(page, 0.65, 0.9);
  await arrivedAt(page, /from=/);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('most 5.07 GiB');

  // A click on it opens that moment; the next sample is one key away.
  await clickChartAt(page, HISTORY_START + 140 * 60_000);
  await arrivedAt(page, /v1\/snapshot\?.*ts=/);
  const clicked = Date.parse(whereOf(page).params.ts);
  expect(isSpikeAt(clicked)).toBe(true);
  const address = page.url();
  await page.keyboard.press(']');
  await page.waitForFunction((href) => location.href !== href, {}, address);
  await settled(page);
  const ts = new Date(clicked + 60_000).toISOString();
  expect(whereOf(page).params.ts).toBe(ts);

  // Sorted by subtree, the job stands first below init.
  await clickText(page, '.treegrid thead a', 'Subtree RSS');
  await arrivedAt(page, /sort=subtree_rss_bytes/);
  expect((await textsOf(page, '.treegrid tbody .cmd')).slice(0, 2)).toEqual([
    '/sbin/init',
    '/bin/sh /opt/nightly.sh',
  ]);

  // Its page, and from there its plot, which names the peak.
  await clickText(page, '.treegrid tbody .cmd', '/bin/sh /opt/nightly.sh');
  await arrivedAt(page, /snapshot\/pid\?/);
  await page.keyboard.press('p');
  await arrivedAt(page, /pid\/plot\?/);
  await chartsDrawn(page);
  expect(await textOf(page, '.summary')).toContain('the subtree reached 2.94 GiB');
  await openExports(page);
  await page.click('[aria-label="Own & subtree RSS as PNG 2×"]');
  await expectPicture({ downloads, ts });

  // Back, and compared with an hour before: the change is the two workers.
  await page.goBack();
  await arrivedAt(page, /snapshot\/pid\?/);
  await openMenu(page, 'Compare');
  await clickText(page, '.choices a', 'an hour before');
  await arrivedAt(page, /base=/);
  const compared = await expectChange(page);
  await openExports(page);
  await clickText(page, '.exports a', 'CSV');
  await expectTable({ downloads, ts });

  // The link shows the same to somebody else.
  await page.keyboard.press('c');
  await expectSharedView(await copiedLink(page), page, compared);
  expectQuiet();
});
