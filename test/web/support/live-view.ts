import type { Page } from 'puppeteer-core';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import { writeHistory } from '../../support/dump-builder.ts';

/** The live page as tests look at it, and the small host that it watches. */

export const HOSTILE = '<img src=x onerror=alert(1)>, "a"';

export const GROUPS: readonly WatchGroup[] = [
  {
    name: 'app',
    members: [
      { name: 'Main Service', rule: { pattern: 'server.js' } },
      { name: HOSTILE, rule: { pattern: 'worker' } },
      { name: 'Menu Bar App', rule: { pattern: 'menubar' } },
    ],
  },
];

export const INIT = { pid: 1 };
export const SERVER = { pid: 812, rss_mb: 60, pss_mb: 40, cmd: 'node server.js' };
export const WORKERS = [
  { pid: 900, ppid: 812, rss_mb: 20, cmd: 'node worker.js 1' },
  { pid: 901, ppid: 812, rss_mb: 10, cmd: 'node worker.js 2' },
];
export const MENUBAR = { pid: 77, rss_mb: 5, cmd: 'menubar' };

/** What was recorded before the feed began: a sample each ten seconds for ten minutes. */
export function recordTenMinutes(folder: string): void {
  const samples = Array.from({ length: 61 }, (_, at) => ({
    t: (at - 60) * 10,
    interval: 10,
    processes: [INIT, SERVER, ...WORKERS],
  }));
  writeHistory(folder, samples);
}

const STATE = '.live-state [role=status]';
export const MEMORY = 'Real-time Memory Usage';
export const USED = 'Used (total − available)';

function stateIs(page: Page, text: string): Promise<unknown> {
  return page.waitForFunction(
    (selector, wanted) => document.querySelector(selector)?.textContent === wanted,
    { timeout: 20_000 },
    STATE,
    text,
  );
}

export function connected(page: Page): Promise<unknown> {
  return stateIs(page, 'Connected - Receiving real-time data');
}

export function lost(page: Page): Promise<unknown> {
  return stateIs(page, 'Disconnected - Attempting to reconnect…');
}

/** What is drawn of a line: epoch ms, and `null` where the line is cut. */
export function drawnLine(page: Page, title: string, name: string): Promise<[number, number | null][]> {
  return page.evaluate(
    (wanted, line) => {
      const figure = [...document.querySelectorAll('figure')].find(
        (one) => one.querySelector('h2')?.textContent === wanted,
      );
      const plot = figure?.querySelector('.js-plotly-plot') as unknown as {
        data: { name: string; x: string[]; y: (number | null)[] }[];
      } | null;
      const trace = plot?.data.find((one) => one.name === line);
      if (!trace) return [];
      return trace.x.map((x, at): [number, number | null] => [
        Date.parse(`${x.replace(' ', 'T')}Z`),
        trace.y[at] ?? null,
      ]);
    },
    title,
    name,
  );
}

/** Waits until a line is drawn up to that instant, and tells its points. */
export async function drawnUntil(page: Page, t: number, name = USED): Promise<[number, number | null][]> {
  for (;;) {
    const line = await drawnLine(page, MEMORY, name);
    if ((line.at(-1)?.[0] ?? 0) >= t) return line;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Distances of neighbours, in seconds. */
export function stepsOf(line: readonly [number, number | null][]): number[] {
  return line.slice(1).map(([t], at) => (t - line[at][0]) / 1000);
}

export async function press(page: Page, text: string): Promise<void> {
  const found = await page.$$('main button');
  for (const button of found) {
    if ((await button.evaluate((one) => one.textContent)) === text) return button.click();
  }
  throw new Error(`no button ${text}`);
}

/** The tab goes out of sight, or comes back. */
export function hideTab(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}
