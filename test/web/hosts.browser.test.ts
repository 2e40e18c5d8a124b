import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StatusAnswer } from '../../server/interfaces/http/schemas/status.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { openSite } from './support/site.ts';

/** Two hosts in one folder; db-1 has the newest sample. */
const site = openSite((folder) => {
  for (const [host, minutes] of [
    ['web-1', 3],
    ['db-1', 5],
  ] as const)
    writeHistory(
      join(folder, host),
      Array.from({ length: minutes }, (_, minute) => ({
        host,
        t: minute * 60,
        processes: [{ pid: 1, rss_mb: 10, cmd: `/sbin/init of ${host}` }],
      })),
    );
});

const CURRENT = '.samples [aria-label="Recorded host"] summary';

test('which of several hosts is shown stands beside its instant, and another is one choice away', async () => {
  const { page, go, expectQuiet } = await site.visit();
  await go('/api/v1/snapshot/level?lvl=0&ts=latest&min_rss=5');
  await page.waitForSelector(CURRENT);
  expect(await textOf(page, CURRENT)).toBe('db-1');
  await page.click(CURRENT);
  await page.evaluate(() => {
    const links = [...document.querySelectorAll<HTMLElement>('.samples [aria-label="Recorded host"] a')];
    links.find(({ textContent }) => textContent === 'web-1')?.click();
  });
  await arrivedAt(page, /host=web-1/);
  expect(whereOf(page)).toMatchObject({
    path: '/api/v1/snapshot/level',
    params: { host: 'web-1', lvl: '0', min_rss: '5' },
  });
  expect(whereOf(page).params.ts).toBeUndefined();
  expect(await textsOf(page, 'tbody .cmd')).toEqual(['/sbin/init of web-1']);
  await page.waitForFunction((at) => document.querySelector(at)?.textContent === 'web-1', {}, CURRENT);
  expectQuiet();
});

test('the overview says which of its hosts it is of', async () => {
  const { page, go } = await site.visit();
  await go('/api/v1/?host=web-1');
  expect(await textsOf(page, '[aria-label="Recorded host"] [aria-current]')).toEqual(['web-1']);
});

test('the system page asks nothing of a host that is not recorded', async () => {
  const { page, go } = await site.visit();
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(response.url());
  });
  await go('/system');
  await page.waitForNetworkIdle({ idleTime: 300 });
  expect(failed).toEqual([]);
});

test('the status does not say that there are no dumps, where they are in folders of their hosts', async () => {
  const { page, go } = await site.visit();
  const { disk } = await site.server().json<StatusAnswer>('/api/v1/status');
  expect(disk?.dumps_bytes).toBeNull();
  await go('/api/v1/status');
  const facts = await page.$$eval('.facts > div', (rows) =>
    rows.map((row) => [row.querySelector('dt')?.textContent, row.querySelector('dd')?.textContent]),
  );
  expect(Object.fromEntries(facts)).toMatchObject({
    'Last sample': 'none by a recorder of this folder',
    Dumps: 'not counted: they are not as a recorder of this folder lays them out',
  });
});
