import type { Browser, Page } from 'puppeteer-core';
import { chartsDrawn, preparePage, settled } from '../../web/support/launch.ts';

/** What a visitor waits for, told by the page's own clock. */

/** Ms from the start of the navigation until `ready` is in the document. */
async function arrive(page: Page, url: string, ready: string): Promise<number> {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  const found = await page.waitForFunction(
    (selector) => (document.querySelector(selector) ? performance.now() : 0),
    { polling: 'raf' },
    ready,
  );
  return found.jsonValue();
}

export async function measureArrival(
  browser: Browser,
  url: string,
  ready: string,
): Promise<{ cold: number; warm: number }> {
  const page = await browser.newPage();
  await preparePage(page, {});
  await forgetAll(page);
  const cold = await arrive(page, url, ready);
  await page.goto('about:blank');
  const warm = await arrive(page, url, ready);
  await page.close();
  return { cold, warm };
}

/** As a browser that has never been there. */
export async function forgetAll(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

interface PlotElement extends Element {
  on(event: string, listener: () => void): void;
}

declare global {
  interface Window {
    redrawn: number[];
  }
}

async function zoomOnce(page: Page, share: number): Promise<{ drawn: number; refined: number }> {
  const box = await (await page.waitForSelector('.plot .nsewdrag'))?.boundingBox();
  if (!box) throw new Error('no chart to zoom');
  const before = await page.evaluate(() => {
    window.redrawn = [];
    return location.href;
  });
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * share, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (share + 0.3), y, { steps: 3 });
  const released = await page.evaluate(() => performance.now());
  await page.mouse.up();
  await page.waitForFunction((href) => location.href !== href, {}, before);
  await page.waitForFunction(() => window.redrawn.length > 1, { timeout: 10_000 });
  await settled(page);
  const redrawn = await page.evaluate(() => window.redrawn);
  return { drawn: redrawn[0] - released, refined: (redrawn.at(-1) ?? 0) - released };
}

/** Drags over a part of the chart, again and again, from the whole recording. */
export async function measureZooms(
  browser: Browser,
  url: string,
  times: number,
): Promise<{ drawn: number[]; refined: number[] }> {
  const page = await browser.newPage();
  await preparePage(page, {});
  const found = { drawn: [] as number[], refined: [] as number[] };
  for (let turn = 0; turn < times; turn++) {
    await page.goto(url);
    await settled(page);
    await chartsDrawn(page);
    await page.evaluate(() => {
      window.redrawn = [];
      const plot = document.querySelector('.plot-area') as PlotElement;
      plot.on('plotly_afterplot', () => window.redrawn.push(performance.now()));
    });
    const { drawn, refined } = await zoomOnce(page, 0.05 + (turn % 10) * 0.06);
    found.drawn.push(drawn);
    found.refined.push(refined);
  }
  await page.close();
  return found;
}

export interface Scrolled {
  /** Time between frames, ms. */
  readonly frames: number[];
  readonly rows: number;
}

/** Scrolls the page down as a fast wheel does: 120 px a frame. */
export async function scrollThrough(page: Page): Promise<Scrolled> {
  return page.evaluate(async () => {
    const frames: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    const end = document.documentElement.scrollHeight - innerHeight;
    for (let y = 0; y < Math.min(end, 60_000); y += 120) {
      scrollTo(0, y);
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - last);
      last = now;
    }
    return { frames, rows: document.querySelectorAll('tbody tr').length };
  });
}

export async function measureScroll(browser: Browser, url: string): Promise<Scrolled> {
  const page = await browser.newPage();
  await preparePage(page, {});
  await page.goto(url);
  await settled(page);
  await page.waitForSelector('tbody tr');
  const found = await scrollThrough(page);
  await page.close();
  return found;
}

/** Names of the scripts that a page needs, the chart library's apart. */
export async function scriptsOf(browser: Browser, url: string): Promise<string[]> {
  const page = await browser.newPage();
  await preparePage(page, {});
  await page.goto(url);
  await settled(page);
  const urls = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.js')),
  );
  await page.close();
  return urls.map((one) => one.split('/').at(-1) ?? '').filter((name) => !name.startsWith('plotly'));
}
