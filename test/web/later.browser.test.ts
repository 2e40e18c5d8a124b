import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { openHelp, textOf, textsOf } from './support/browser.ts';
import { chartsDrawn, settled } from './support/launch.ts';
import { writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);

/** From now on a script of this name is lost on its way, until that is taken back. */
async function loseScript(page: Page, name: string): Promise<() => void> {
  let isLost = true;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const isMeant = new URL(request.url()).pathname.startsWith(`/static/${name}-`);
    void (isMeant && isLost ? request.abort() : request.continue());
  });
  return () => {
    isLost = false;
  };
}

async function textShown(page: Page, selector: string, part: string): Promise<void> {
  await page.waitForFunction(
    (wanted, text) => document.querySelector(wanted)?.textContent?.includes(text),
    {},
    selector,
    part,
  );
}

describe('A part that travels when it is asked for', () => {
  test('says so where it cannot be loaded, and comes with the page when that is loaded again', async () => {
    const { page, go } = await site.visit();
    const restore = await loseScript(page, 'export-list');
    await go('/api/v1/');
    await page.click('.exports summary');
    await textShown(page, '.exports .pop', 'This part could not be loaded: the server does not answer.');
    restore();
    await Promise.all([page.waitForNavigation(), page.click('.exports .pop button')]);
    await settled(page);
    await page.click('.exports summary');
    await textShown(page, '.exports .pop', 'NDJSON');
    expect(await textsOf(page, '.exports .pop [role=alert]')).toEqual([]);
  });

  test('of a page is asked for again with the document, once that is some seconds old', async () => {
    const { page, go } = await site.visit();
    const restore = await loseScript(page, 'status');
    await go('/api/v1/files');
    await page.click('.nav a[href^="/api/v1/status"]');
    await textShown(page, 'h1', 'The server does not answer');
    restore();
    await textShown(page, 'h1', 'Status');
  });

  test('is there in the help, too', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot');
    await openHelp(page);
    expect(await textOf(page, 'dialog[open]')).toContain('Single-key shortcuts');
    await page.keyboard.press('Escape');
    expect(await page.$('dialog[open]')).toBeNull();
    expectQuiet();
  });

  test('has its room before it is there: the table below the treemap does not move', async () => {
    const { page } = await site.visit();
    await page.evaluateOnNewDocument(() => {
      const moves: number[] = [];
      Object.assign(window, { moves });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          moves.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${site.server().origin}/api/v1/snapshot?view=treemap`);
    await settled(page);
    await chartsDrawn(page);
    expect(await textOf(page, '.tree-map figcaption')).toContain('RSS of the processes below');
    const moves = await page.evaluate(() => (window as unknown as { moves: number[] }).moves);
    expect(Math.max(0, ...moves)).toBeLessThan(0.01);
  });
});
