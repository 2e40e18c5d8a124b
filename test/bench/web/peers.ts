import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { preparePage } from '../../web/support/launch.ts';
import type { Scrolled } from './visits.ts';
import { forgetAll, scrollThrough } from './visits.ts';

/** The least that any page must spend: what remains is ours. */

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** An empty page and the chart library, packed as our server packs it. */
async function serveBare(): Promise<Server> {
  const folder = 'dist/web/static';
  const library = readdirSync(folder).find((name) => /^plotly-.*\.js\.br$/.test(name));
  if (!library) throw new Error('the chart library is not built');
  const packed = readFileSync(join(folder, library));
  const server = createServer((request, response) => {
    if (request.url === '/plotly.js') {
      const headers = {
        'content-type': 'text/javascript',
        'content-encoding': 'br',
        'cache-control': 'max-age=9999',
      };
      response.writeHead(200, headers).end(packed);
    } else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<div id="plot"></div><script src="/plotly.js"></script>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

/** Ms from the start of the navigation until one line of 1000 points is drawn. */
async function drawBare(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return page.evaluate(async () => {
    const { Plotly } = window as unknown as { Plotly: { newPlot(...words: unknown[]): Promise<void> } };
    const y = Array.from({ length: 1000 }, (_, at) => Math.sin(at / 50));
    await Plotly.newPlot('plot', [{ y }], { width: 800, height: 380 });
    return performance.now();
  });
}

export async function measureBareChart(
  browser: Browser,
  turns: number,
): Promise<{ cold: number; warm: number }> {
  const server = await serveBare();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const cold: number[] = [];
  const warm: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const page = await browser.newPage();
    await preparePage(page, {});
    await forgetAll(page);
    cold.push(await drawBare(page, url));
    await page.goto('about:blank');
    warm.push(await drawBare(page, url));
    await page.close();
  }
  server.close();
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
