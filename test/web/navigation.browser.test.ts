import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { arrivedAt, openHelp, textOf, textsOf, whereOf } from './support/browser.ts';
import { settled } from './support/launch.ts';
import { PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);
tellWhatAxeSaw();
const at = (index: number) => new Date(sampleAt(index)).toISOString();

function pidsShown(page: Page): Promise<number> {
  return page.$$eval('.processes tbody tr', (rows) => rows.length);
}

describe('Filters', () => {
  test('go through the URL and back into the form, and along with every link', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/level?lvl=1&ts=${at(39)}`);
    await page.type('input[name=min_rss]', '100');
    await page.type('input[name=q]', 'py');
    await page.click('.filters button[type=submit]');
    await arrivedAt(page, /min_rss=100/);
    expect(whereOf(page).params).toEqual({ lvl: '1', ts: at(39), min_rss: '100', q: 'py' });
    expect(await pidsShown(page)).toBe(1);
    expect(await textOf(page, '.note')).toBe('1 of 4 processes shown; the others hold 212 MiB. Show all');
    expect(await page.$eval('input[name=min_rss]', (input) => (input as HTMLInputElement).value)).toBe('100');
    await page.click('tbody td:first-child a');
    await arrivedAt(page, /pid=977/);
    expect(whereOf(page).params).toEqual({ pid: '977', ts: at(39), min_rss: '100', q: 'py' });
    expectQuiet();
  });

  test('of the predecessor are one click, and one click takes them away', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    await page.evaluate(() =>
      [...document.querySelectorAll('a')].find((a) => a.textContent === 'Seed preset')?.click(),
    );
    await arrivedAt(page, /min_subtree=500/);
    expect(whereOf(page).params).toEqual({ lvl: '1', min_life: '300', min_rss: '100', min_subtree: '500' });
    expect(await pidsShown(page)).toBe(2);
    await page.evaluate(() =>
      [...document.querySelectorAll('a')].find((a) => a.textContent === 'Show all')?.click(),
    );
    await arrivedAt(page, /lvl=1$/);
    expect(await pidsShown(page)).toBe(4);
  });

  test('that leave nothing say what they hide, and a bad one is named', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1&min_rss=99999');
    expect(await textOf(page, '.empty')).toContain('No rows after filtering');
    expect(await textOf(page, '.empty')).toContain('4 processes are hidden (1.83 GiB).');
    await go('/api/v1/snapshot/level?lvl=1&limit=none');
    expect(await textOf(page, 'h1')).toBe('Parameter limit is not valid');
    await page.evaluate(() =>
      [...document.querySelectorAll('a')].find((a) => a.textContent === 'Without limit')?.click(),
    );
    await arrivedAt(page, /lvl=1$/);
  });

  test('sorting by a heading keeps the reader where he is', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    await page.focus('th.col-rss_min_bytes a');
    await page.keyboard.press('Enter');
    await arrivedAt(page, /sort=rss_min_bytes&dir=desc/);
    expect(await page.$eval('th.col-rss_min_bytes', (th) => th.getAttribute('aria-sort'))).toBe('descending');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('RSS min');
    await page.waitForFunction(
      () => document.querySelector('div[role=status]')?.textContent === '4 of 4 processes shown',
    );
  });
});

describe('Back and forward', () => {
  test('restore the page, its folded rows and where it stood; a navigation focuses the heading', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await page.setViewport({ width: 1360, height: 420 });
    await go(`/api/v1/snapshot/pid?pid=${PID.server}`);
    await page.click('.twist:not(:empty)');
    await page.waitForFunction(() => document.querySelectorAll('.processes tbody tr').length === 1);
    expect(whereOf(page).params.fold).toBe('812');
    await page.click('.twist:not(:empty)');
    await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.twist')]
        .find((twist, at) => at > 0 && twist.textContent)
        ?.click(),
    );
    await page.waitForFunction(() => document.querySelectorAll('.processes tbody tr').length === 16);
    await page.evaluate(() => scrollTo(0, 300));
    const stood = await page.evaluate(() => scrollY);
    await page.evaluate(() => document.querySelector<HTMLElement>('tbody tr:last-child a.cmd')?.click());
    await arrivedAt(page, /pid=1014/);
    expect(await page.evaluate(() => [document.activeElement?.tagName, scrollY])).toEqual(['H1', 0]);
    expect(await textOf(page, 'div[role=status]')).toBe('PID 1014 – node · Memory Inspector');
    await page.goBack();
    await arrivedAt(page, /pid=812.*fold=/);
    await page.waitForFunction(() => document.querySelectorAll('.processes tbody tr').length === 16);
    expect(await page.evaluate(() => scrollY)).toBe(stood);
    await page.goForward();
    await arrivedAt(page, /pid=1014/);
    expectQuiet();
  });

  test('a link opens without loading the page anew', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await page.evaluate(() => Object.assign(window, { stillHere: true }));
    await page.click('.toolbar a');
    await arrivedAt(page, /level\?lvl=0$/);
    expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
  });
});

test('what is being typed into the filters stays when a row is folded', async () => {
  const { page, go } = await site.visit();
  await go(`/api/v1/snapshot/pid?pid=${PID.server}`);
  await page.type('input[name=min_rss]', '12');
  await page.click('.twist');
  await arrivedAt(page, /fold=/);
  expect(await page.$eval('input[name=min_rss]', ({ value }) => value)).toBe('12');
});

describe('The keyboard', () => {
  test('steps through samples, goes to pages, turns the theme, and can be silenced', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/snapshot/level?lvl=1&ts=${at(14)}`);
    await page.keyboard.press(']');
    await arrivedAt(page, /ts=2026-01-15T12%3A25/);
    await page.keyboard.press('[');
    await arrivedAt(page, /ts=2026-01-15T12%3A14/);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await arrivedAt(page, /v1\/$/);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await arrivedAt(page, /v1\/snapshot$/);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await arrivedAt(page, /v1\/groups\?by=exe$/);
    await page.keyboard.press('t');
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
    await openHelp(page);
    await page.click('dialog input[type=checkbox]');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    await page.evaluate(() => localStorage.clear());
  });

  test('walks, closes and opens the tree, and follows a row', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/pid?pid=${PID.server}`);
    const active = () =>
      page.evaluate(() => {
        const row = document.activeElement;
        return [
          row?.getAttribute('aria-level'),
          row?.getAttribute('aria-posinset'),
          row?.getAttribute('aria-setsize'),
          row?.getAttribute('aria-expanded'),
        ];
      });
    await page.focus('[role=treegrid] tbody tr[tabindex="0"]');
    expect(await active()).toEqual(['1', '1', '1', 'true']);
    await page.keyboard.press('ArrowDown');
    expect(await active()).toEqual(['2', '1', '15', 'true']);
    await page.keyboard.press('ArrowLeft');
    expect(await active()).toEqual(['2', '1', '15', 'false']);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await active()).toEqual(['3', '1', '1', null]);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('End');
    expect(await active()).toEqual(['2', '15', '15', null]);
    await page.keyboard.press('Home');
    expect((await active())[0]).toBe('1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await arrivedAt(page, /pid=1000/);
    expectQuiet();
  });

  test('plots and analyses the process of a row, and shows what changed in the hour before', async () => {
    const { page, go } = await site.visit();
    const level = `/api/v1/snapshot/level?lvl=1&ts=${at(14)}`;
    await go(level);
    await page.keyboard.press('j');
    const row = await page.evaluate(() => ({ ...document.activeElement?.closest('tr')?.dataset }));
    await page.keyboard.press('p');
    await arrivedAt(page, /pid\/plot\?/);
    expect(whereOf(page).params).toMatchObject({ pid: row.pid, key: row.key });
    await page.keyboard.press('n');
    await arrivedAt(page, /analyze\?/);
    expect(whereOf(page).params.pid).toBe(row.pid);
    await go(level);
    await page.waitForSelector('.minimap .grip');
    await page.keyboard.press('w');
    await arrivedAt(page, /snapshot\?/);
    expect(whereOf(page).params).toMatchObject({ ts: at(14), base: at(0), order: '-change_subtree' });
  });

  test('reaches the sample picker, which takes an instant of this zone', async () => {
    const { page, go } = await site.visit({ zone: 'Asia/Kolkata' });
    await go('/api/v1/snapshot/level?lvl=1');
    await page.click('.samples .picker summary');
    await page.waitForSelector('.near a');
    expect(await textsOf(page, '.near a')).toHaveLength(7);
    await page.$eval('.pop:has(.near) input', (input) => {
      (input as HTMLInputElement).value = '2026-01-15 17:35:30';
    });
    await page.click('.pop:has(.near) button');
    await arrivedAt(page, /ts=/);
    expect(whereOf(page).params.ts).toBe('2026-01-15T12:05:30Z');
    expect(await textOf(page, 'h1')).toBe('Level 1 – snapshot 2026-01-15 17:35:00');
  });
});

describe('For those who ask for less motion', () => {
  test('nothing moves by itself, on any page, loading or not', async () => {
    const { page, go } = await site.visit();
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    for (const path of [
      '/api/v1/',
      '/api/v1/snapshot',
      `/api/v1/snapshot/pid/plot?pid=${PID.server}`,
      '/live',
    ]) {
      await go(path);
      const moving = await page.evaluate(() => {
        document.querySelector('.busy')?.removeAttribute('hidden');
        const lasts = (times: string) => times.split(',').some((time) => Number.parseFloat(time) > 0);
        return [...document.querySelectorAll('*')]
          .filter((element) => {
            const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
            return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration);
          })
          .map((element) => `${element.localName}.${element.getAttribute('class')}`);
      });
      expect([path, moving]).toEqual([path, []]);
    }
  });
});

describe('What is not there', () => {
  test('a page that does not exist says so and leads on', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/nope');
    expect(await textOf(page, 'h1')).toContain('/api/v1/nope');
    await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main a')]
        .find((a) => a.textContent === 'Overview')
        ?.click(),
    );
    await arrivedAt(page, /v1\/$/);
  });

  test('a process that does not live at the instant offers its recorded lives', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/snapshot/pid?pid=${PID.reused}&ts=${at(12)}`);
    expect(await textOf(page, 'h1')).toBe('No data for PID 4000');
    await page.click('.lives a');
    await arrivedAt(page, /12%3A09/);
    expect(await textOf(page, 'h1')).toBe('PID 4000 – cc1');
  });
});

describe('When the server goes', () => {
  test('the last figures stay, marked with their age', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    await page.setOfflineMode(true);
    await page.waitForSelector('.banner.stale', { timeout: 15_000 });
    expect(await pidsShown(page)).toBe(4);
    expect(await textOf(page, '.banner.stale')).toMatch(
      /^The server does not answer. What you see is \d+ s old\./,
    );
    expect(await findings(page)).toEqual([]);
    await page.setOfflineMode(false);
    await page.click('.banner.stale button');
    await page.waitForFunction(() => !document.querySelector('.banner.stale'));
    await settled(page);
  });
});
