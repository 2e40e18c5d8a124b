import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { GroupsAnswer } from '../../server/interfaces/http/schemas/groups.ts';
import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { findings } from './support/axe.ts';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);
const at = (index: number) => new Date(sampleAt(index)).toISOString();
const SNAPSHOT = `/api/v1/snapshot?ts=${at(39)}`;

function pidsOf(page: Page): Promise<number[]> {
  return page.$$eval('[role=treegrid] tbody tr', (rows) => rows.map((row) => Number(row.dataset.pid)));
}

function cellsOf(page: Page, pid: number, column: string): Promise<string> {
  return textOf(page, `tr[data-pid="${pid}"] .col-${column}`);
}

function clickText(page: Page, selector: string, text: string): Promise<void> {
  return page.$$eval(
    selector,
    (elements, wanted) => {
      const found = elements.find((element) => element.textContent?.trim().startsWith(wanted));
      if (!found) throw new Error(`nothing says ${wanted}`);
      (found as HTMLElement).click();
    },
    text,
  );
}

async function openFacet(page: Page, label: string): Promise<void> {
  await clickText(page, '.facets summary', label);
  await page.waitForSelector('.facets details[open] .facet-values a');
}

describe('The snapshot', () => {
  test('is the whole host as one tree, as the server answers it', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    const answer = await site.server().json<SnapshotAnswer>(SNAPSHOT);
    expect(await textOf(page, 'h1')).toBe('Snapshot 2026-01-15 12:39:00');
    expect(await pidsOf(page)).toEqual(answer.rows.map(({ pid }) => pid));
    expect(answer.rows).toHaveLength(22);
    const table = await page.$eval('[role=treegrid]', (element) => element.getAttribute('aria-rowcount'));
    expect(table).toBe(String(2 + 22 + 1));
    const server = await page.$eval(`tr[data-pid="${PID.server}"]`, (row) =>
      ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded', 'data-key'].map((name) =>
        row.getAttribute(name),
      ),
    );
    const { key } = answer.rows.find(({ pid }) => pid === PID.server) ?? {};
    expect(server).toEqual(['2', '2', '3', 'true', key]);
    const totals = (await textsOf(page, 'tfoot th, tfoot td')).filter(Boolean);
    expect(totals[0]).toBe('Total of 22 processes');
    const rss = answer.rows.reduce((sum, row) => sum + row.rss_bytes, 0);
    expect(answer.totals.rss_bytes).toBe(rss);
    expect(
      await page.$eval('tfoot .col-rss_bytes data', (data) => Number((data as HTMLDataElement).value)),
    ).toBe(rss);
    expectQuiet();
  });

  test('leads to its levels and groups, and they lead back to it', async () => {
    const { page, go } = await site.visit();
    await go(SNAPSHOT);
    expect(await textsOf(page, '.tabs a')).toEqual([
      ...['Tree', 'Level 0 (2)', 'Level 1 (4)', 'Level 2 (15)', 'Level 3 (1)'],
      ...['command', 'executable', 'user', 'cgroup', 'watch group'],
    ]);
    await clickText(page, '.tabs a', 'Level 2');
    await arrivedAt(page, /level\?.*lvl=2/);
    await clickText(page, '.tabs a', 'user');
    await arrivedAt(page, /groups\?.*by=user/);
    await clickText(page, '.tabs a', 'Tree');
    await arrivedAt(page, /snapshot\?/);
    expect(whereOf(page).params).toEqual({ ts: at(39) });
  });

  test('is walked, closed, opened and told by keys', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    const focused = () => page.evaluate(() => Number((document.activeElement as HTMLElement).dataset.pid));
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    const pids = await pidsOf(page);
    expect(await focused()).toBe(pids[0]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(pids[2]);
    await page.keyboard.press('ArrowLeft');
    if (pids[2] !== PID.server) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('End');
    expect(await focused()).toBe((await pidsOf(page)).at(-1));
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 3);
    expect(whereOf(page).params.fold?.split(',')).toContain(String(PID.init));
    await page.keyboard.press(' ');
    await page.waitForSelector('.row-details');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('row-details');
    expect(await textOf(page, '.row-details h2')).toBe('/sbin/init');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.row-details'));
    expect(await focused()).toBe(PID.init);
    await page.keyboard.press('j');
    expect(await focused()).toBe(PID.kernel);
    await page.keyboard.press('p');
    await arrivedAt(page, /pid\/plot\?.*pid=2&/);
    expectQuiet();
  });

  test('keeps what was folded in the URL, and the way back brings it again', async () => {
    const { page, go } = await site.visit();
    await go(SNAPSHOT);
    await page.click(`tr[data-pid="${PID.server}"] .twist`);
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 6);
    expect(whereOf(page).params.fold).toBe(String(PID.server));
    expect(await textOf(page, `tr[data-pid="${PID.server}"] .tag`)).toBe('+16');
    await page.click(`tr[data-pid="${PID.leak}"] a.cmd`);
    await arrivedAt(page, /pid=977/);
    await page.goBack();
    await arrivedAt(page, /fold=812/);
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 6);
    await clickText(page, '.fold-buttons button', 'Close all');
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 2);
    await clickText(page, '.fold-buttons button', 'As at first');
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 22);
    expect(whereOf(page).params).toEqual({ ts: at(39) });
  });

  test('keeps ancestors of what a filter finds, dimmed, and counts what is hidden', async () => {
    const { page, go } = await site.visit();
    await go(`${SNAPSHOT}&q=esbuild`);
    expect(await pidsOf(page)).toEqual([PID.init, PID.server, 1000, 1200]);
    expect(await page.$$eval('tr.dim', (rows) => rows.map((row) => row.dataset.pid))).toEqual([
      '1',
      '812',
      '1000',
    ]);
    expect(await textOf(page, '.note')).toContain('4 of 22 processes shown');
    expect((await textsOf(page, 'tfoot th, tfoot td')).filter(Boolean)[0]).toBe('Total of 1 process');
    await clickText(page, '.note a', 'Show all');
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 22);
  });
});

describe('Columns', () => {
  test('are chosen from the catalogue, are in the URL, and go back to what they were', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    const before = await textsOf(page, 'thead tr:last-child th');
    await clickText(page, '.toolbar summary', 'Columns');
    await page.click('.chooser input[name=vsz_bytes]');
    await page.waitForSelector('th.col-vsz_bytes');
    await page.click('.chooser input[name=trend]');
    await page.waitForFunction(() => !document.querySelector('th.col-trend'));
    expect(whereOf(page).params.shown?.split(',')).toContain('vsz_bytes');
    expect(await cellsOf(page, PID.server, 'vsz_bytes')).toBe('400 MiB');
    expect(
      await page.$eval('.chooser input[name=cmd]', (input) => (input as HTMLInputElement).disabled),
    ).toBe(true);
    await clickText(page, '.toolbar .pop button', 'Reset');
    await page.waitForFunction(() => !document.querySelector('th.col-vsz_bytes'));
    expect(await textsOf(page, 'thead tr:last-child th')).toEqual(before);
    expect(whereOf(page).params).toEqual({ ts: at(39) });
    expectQuiet();
  });

  test('lead to the words that they count in, each from its heading while it is looked at', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    const link = 'thead [aria-label="Learn: PSS"]';
    const visibility = () => page.$eval(link, (one) => getComputedStyle(one).visibility);
    expect(await visibility()).toBe('hidden');
    await page.hover('thead th:has(> [aria-label="Learn: PSS"]) .sort');
    expect(await visibility()).toBe('visible');
    await page.mouse.move(0, 0);
    await page.focus('thead th:has(> [aria-label="Learn: PSS"]) .sort');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.pathname.startsWith('/learn/'));
    expectQuiet();
  });

  test('lead to the words that they count in, each from its place in the chooser', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    await clickText(page, '.toolbar summary', 'Columns');
    const names = await page.$$eval('.chooser .learn-link', (links) =>
      links.map((link) => link.getAttribute('aria-label')),
    );
    expect(names).toEqual(expect.arrayContaining(['Learn: Subtree RSS', 'Learn: PSS', 'Learn: VSZ']));
    expect(await findings(page)).toEqual([]);
    await page.$eval('.chooser [aria-label="Learn: VSZ"]', (link) => (link as HTMLElement).click());
    await page.waitForFunction(() => document.title.startsWith('Virtual memory'));
    expect(whereOf(page).path).toBe('/learn/virtual-memory');
    expectQuiet();
  });

  test('hold a small line of the last hour for each row in sight, said in words', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    await page.waitForSelector(`tr[data-pid="${PID.leak}"] .spark path`);
    expect(await cellsOf(page, PID.leak, 'trend')).toBe('100 MiB → 1.62 GiB, at most 1.62 GiB');
    const hidden = await page.$eval('.spark svg', (svg) => svg.getAttribute('aria-hidden'));
    expect(hidden).toBe('true');
    expectQuiet();
  });

  test('hold it of the stretch that was looked at before; the heading says which, and leads back', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`${SNAPSHOT}&since=-10m`);
    await page.waitForSelector(`tr[data-pid="${PID.leak}"] .spark path`);
    const head = 'th.col-trend';
    expect(await textOf(page, head)).toBe('Since 12:29:00; show the last hour');
    const cell = await cellsOf(page, PID.leak, 'trend');
    expect(cell).toMatch(/^1\.\d\d GiB → 1\.62 GiB, at most 1\.62 GiB$/);
    const points = (path: Element) => path.getAttribute('d')?.split('L').length;
    expect(await page.$eval(`tr[data-pid="${PID.leak}"] .spark path`, points)).toBe(11);
    await page.click(`${head} a`);
    await page.waitForFunction(() => document.querySelector('th.col-trend')?.textContent === 'Last hour');
    await page.waitForFunction(
      (pid) => document.querySelector(`tr[data-pid="${pid}"] .spark`)?.textContent?.startsWith('100 MiB'),
      {},
      PID.leak,
    );
    expectQuiet();
  });
});

describe('Facets', () => {
  test('narrow the tree, are told as chips, and widen it again', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(SNAPSHOT);
    await openFacet(page, 'User');
    const users = await page.$$eval('.facets details[open] li', (lines) =>
      lines.map((line) => [...line.children].map((part) => part.textContent).join(' ')),
    );
    expect(users).toEqual(['app 18 2.62 GiB', 'me 1 12.0 MiB', 'root 3 12.0 MiB']);
    await clickText(page, '.facets details[open] a', 'me');
    await arrivedAt(page, /user=me/);
    expect(await pidsOf(page)).toEqual([PID.init, PID.reused]);
    expect(await textsOf(page, '.chip')).toEqual(['User me ✕']);
    await openFacet(page, 'User');
    expect(await textsOf(page, '.facets details[open] [aria-current]')).toEqual(['me']);
    await page.click('.chip');
    await arrivedAt(page, /snapshot\?ts=[^&]*$/);
    await page.waitForFunction(() => document.querySelectorAll('[role=treegrid] tbody tr').length === 22);
    expectQuiet();
  });

  test('of one kind count what the others leave', async () => {
    const { page, go } = await site.visit();
    await go(`${SNAPSHOT}&user=app`);
    await openFacet(page, 'Executable');
    expect((await textsOf(page, '.facets details[open] a')).sort()).toEqual(['esbuild', 'node', 'python3']);
  });
});

describe('Against a baseline', () => {
  test('the columns of change hold what the dumps hold: grown, unchanged, new and gone', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`${SNAPSHOT}&base=${at(5)}`);
    expect(await cellsOf(page, PID.leak, 'change_rss')).toBe('+1.33 GiB');
    const exact = await page.$eval(`tr[data-pid="${PID.leak}"] .col-change_rss data`, (data) =>
      Number((data as HTMLDataElement).value),
    );
    expect(exact).toBe((39 - 5) * 40 * MIB);
    expect(await cellsOf(page, PID.server, 'change_rss')).toBe('0 B');
    expect(await cellsOf(page, PID.reused, 'change_rss')).toBe('new');
    expect(await textOf(page, '.compared')).toContain(
      'Since 12:05:00: used memory +1.33 GiB · 1 process is gone (held 300 MiB)',
    );
    expectQuiet();
  });

  test('siblings are ordered by their change, either way, without asking the server again', async () => {
    const { page, go } = await site.visit();
    await go(`${SNAPSHOT}&base=${at(5)}`);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.click('th.col-change_subtree a');
    await arrivedAt(page, /order=-change_subtree/);
    const first = await pidsOf(page);
    expect(first.slice(0, 2)).toEqual([PID.init, PID.leak]);
    expect(await page.$eval('th.col-change_subtree', (th) => th.getAttribute('aria-sort'))).toBe(
      'descending',
    );
    await page.click('th.col-change_subtree a');
    await arrivedAt(page, /order=change_subtree/);
    const again = await pidsOf(page);
    expect(again.indexOf(PID.leak)).toBeGreaterThan(again.indexOf(PID.server));
    expect(requests.filter((url) => url.includes('/snapshot?'))).toEqual([]);
  });

  test('a sample is pinned, others are compared with it, and the comparison ends', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/snapshot?ts=${at(38)}`);
    await clickText(page, '.samples summary', 'Compare');
    await clickText(page, '.choices a', 'pin this sample');
    await arrivedAt(page, /base=/);
    expect(await textOf(page, '.compared')).toContain('This sample is the baseline');
    await page.keyboard.press(']');
    await arrivedAt(page, /ts=2026-01-15T12%3A39/);
    expect(await cellsOf(page, PID.leak, 'change_subtree')).toBe('+40.0 MiB');
    await clickText(page, '.compared a', 'Stop comparing');
    await page.waitForFunction(() => !document.querySelector('.col-change_rss'));
    expect(whereOf(page).params).toEqual({ ts: at(39) });
  });

  test('the choices reach no further back than the recording', async () => {
    const { page, go } = await site.visit();
    await go(SNAPSHOT);
    await page.waitForSelector('.minimap path, .minimap svg');
    expect(await textsOf(page, '.choices a')).toEqual([
      ...['the sample before', '10 minutes before', 'pin this sample as baseline'],
    ]);
  });
});

describe('As tiles', () => {
  test.each(['treemap', 'icicle'])(
    'the %s is drawn beside its table, and a tile opens its process',
    async (kind) => {
      const { page, go, expectQuiet } = await site.visit();
      await go(SNAPSHOT);
      await clickText(page, '.switch a', kind === 'treemap' ? 'Treemap' : 'Icicle');
      await page.waitForSelector('.tree-map .plot[data-state=drawn] .slice');
      expect(await page.$$eval('.tree-map .slice', (slices) => slices.length)).toBeGreaterThan(15);
      expect(await pidsOf(page)).toHaveLength(22);
      await page.$$eval('.tree-map .slice', (slices) => {
        const leak = slices.find((slice) => slice.textContent?.includes('python3 977'));
        leak?.querySelector('path')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      });
      await arrivedAt(page, new RegExp(`pid=977.*view=${kind}`));
      expectQuiet();
    },
  );
});

describe('Groups', () => {
  test('hold what the server sums, say bounds, and lead to their processes', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const path = `/api/v1/groups?ts=${at(39)}&by=exe`;
    await go(path);
    const { groups } = await site.server().json<GroupsAnswer>(path);
    expect(await textsOf(page, 'tbody th')).toEqual(groups.map(({ name }) => name ?? 'unknown'));
    const node = (await page.$$eval('tbody tr', (rows) => rows.map((row) => row.textContent))).find((text) =>
      text?.startsWith('node'),
    );
    expect(node).toContain('16');
    expect(node).toContain('≤');
    expect(node).toContain('node 812');
    await clickText(page, 'tbody th a', 'node');
    await arrivedAt(page, /snapshot\?.*exe=node/);
    expect(await page.$$eval('tr:not(.dim)[data-pid]', (rows) => rows.length)).toBe(16);
    expectQuiet();
  });

  test('show their change against a baseline', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/groups?ts=${at(39)}&by=user&base=${at(38)}`);
    const rows = await page.$$eval('tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    expect(rows.find(([name]) => name === 'app')?.[3]).toBe('+40.0 MiB');
    expect(rows.find(([name]) => name === 'me')?.[3]).toBe('0 B');
  });
});

describe('On a small screen', () => {
  test('command, RSS and subtree are there, the rest a tap away, and nothing scrolls sideways', async () => {
    for (const width of [400, 320]) {
      const { page, go } = await site.visit({ width });
      for (const path of [
        SNAPSHOT,
        `${SNAPSHOT}&view=treemap&base=${at(5)}&user=app`,
        `/api/v1/groups?by=cmd&ts=${at(39)}`,
      ]) {
        await go(path);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          `${width} ${path}`,
        ).toBeLessThanOrEqual(0);
      }
      await go(SNAPSHOT);
      expect(await textsOf(page, 'thead .sort')).toEqual(['Command', 'RSS', 'Subtree RSS']);
      await page.click(`tr[data-pid="${PID.leak}"] .row-more`);
      await page.waitForSelector('.row-details');
      expect(await textOf(page, '.row-details .detail-user dd')).toBe('app');
      expect(await textOf(page, '.row-details .detail-rss_max_bytes dd')).toBe('1.62 GiB');
    }
  });

  test('the tab of the page is in sight, and no figure of a compared group is cut off', async () => {
    const { page, go } = await site.visit({ width: 400 });
    await go(`/api/v1/groups?by=cgroup&ts=${at(39)}&base=${at(5)}`);
    const tab = await page.$eval('.tabs [aria-current]', (one) => one.getBoundingClientRect().toJSON());
    expect(tab.left >= 0 && tab.right <= 400).toBe(true);
    expect(await textsOf(page, 'thead th')).toEqual(['Cgroup', 'RSS', 'Change']);
    const cut = await page.$$eval('td.num', (cells) =>
      cells.filter((one) => one.scrollWidth > one.clientWidth),
    );
    expect(cut).toEqual([]);
  });
});
