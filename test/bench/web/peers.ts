import type { Browser, Page } from 'puppeteer-core';
import { preparePage } from '../../web/support/launch.ts';
import type { Scrolled } from './visits.ts';
import { scrollThrough } from './visits.ts';

/** The least that any page must spend: what remains is ours. */

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

async function plotlyPath(origin: string): Promise<string> {
  const page = await (await fetch(`${origin}/api/v1/`, { headers: { accept: 'text/html' } })).text();
  const path = /data-plotly="([^"]+)"/.exec(page)?.[1];
  if (!path) throw new Error('the page names no chart library');
  return new URL(path, origin).href;
}

/** An empty page loads the chart library and draws one line of 1000 points. */
async function drawBare(page: Page, library: string): Promise<number> {
  await page.goto('about:blank');
  const started = performance.now();
  await page.setContent(`<div id="plot"></div><script src="${library}"></script>`);
  await page.waitForFunction(() => 'Plotly' in window);
  await page.evaluate(async () => {
    const { Plotly } = window as unknown as { Plotly: { newPlot(...words: unknown[]): Promise<void> } };
    const y = Array.from({ length: 1000 }, (_, at) => Math.sin(at / 50));
    await Plotly.newPlot('plot', [{ y }], { width: 800, height: 380 });
  });
  return performance.now() - started;
}

export async function measureBareChart(
  browser: Browser,
  origin: string,
  turns: number,
): Promise<{ cold: number; warm: number }> {
  const library = await plotlyPath(origin);
  const cold: number[] = [];
  const warm: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await preparePage(page, {});
    cold.push(await drawBare(page, library));
    warm.push(await drawBare(page, library));
    await context.close();
  }
  return { cold: median(cold), warm: median(warm) };
}

/** All rows in the document, nothing else. */
export async function measureBareTable(browser: Browser, rows: number): Promise<Scrolled> {
  const page = await browser.newPage();
  await preparePage(page, {});
  const cells = '<td>1</td><td>root</td><td>12.3 MiB</td><td>12.3 MiB</td><td>1d 2h</td><td>/usr/bin/p</td>';
  await page.setContent(`<table><tbody>${`<tr>${cells}</tr>`.repeat(rows)}</tbody></table>`);
  const found = await scrollThrough(page);
  await page.close();
  return found;
}
