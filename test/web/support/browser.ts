import type { Browser, Page } from 'puppeteer-core';
import { expect, onTestFinished } from 'vitest';
import type { VisitOptions } from './launch.ts';
import { preparePage, settled } from './launch.ts';

/** A real browser, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly go: (path: string) => Promise<void>;
  /** Fails where anything happened that never may: a dialog, a refused style, a foreign request, an exception. */
  readonly expectQuiet: () => void;
}

const VIOLATION = 'CSP-VIOLATION';

/** In all visits. */
export const watched = { pages: 0, violations: 0, foreign: 0 };

function watchFor(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on('dialog', (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => troubles.push(`exception ${String(error)}`));
  page.on('console', (message) => {
    if (!message.text().startsWith(VIOLATION)) return;
    watched.violations++;
    troubles.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    const isOurs = url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:');
    if (isOurs) return;
    watched.foreign++;
    troubles.push(`request to ${url}`);
  });
  return troubles;
}

async function prepare(page: Page, options: VisitOptions): Promise<void> {
  await preparePage(page, options);
  await page.evaluateOnNewDocument((mark) => {
    addEventListener('securitypolicyviolation', (event) => {
      console.log(`${mark} ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  }, VIOLATION);
}

export async function openVisit(
  browser: Browser,
  origin: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await prepare(page, options);
  const troubles = watchFor(page, origin);
  return {
    page,
    go: async (path) => {
      watched.pages++;
      await page.goto(origin + path, { waitUntil: 'load' });
      await settled(page);
    },
    expectQuiet: () => expect(troubles).toEqual([]),
  };
}

/** The element must be there. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '');
}

export async function textsOf(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (elements) => elements.map((element) => element.textContent ?? ''));
}

/** Path and parameters of the page that is shown. */
export function whereOf(page: Page): { path: string; params: Record<string, string> } {
  const url = new URL(page.url());
  return { path: url.pathname, params: Object.fromEntries(url.searchParams) };
}

/** Waits until the URL is as wanted and its page is on the screen. */
export async function arrivedAt(page: Page, pattern: RegExp): Promise<void> {
  await page.waitForFunction((source) => new RegExp(source).test(location.href), {}, pattern.source);
  await settled(page);
}

/** What can be taken along is listed. */
export async function openExports(page: Page): Promise<void> {
  await page.click('.exports summary');
  await page.waitForSelector('.exports details[open] li');
}

export async function openHelp(page: Page): Promise<void> {
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open] .keys');
}

const MOVES = 40;

/** Moves the pointer to a place on a chart until that answers: one that is drawn anew forgets where the pointer was. */
export async function pointAt(page: Page, x: number, y: number): Promise<void> {
  for (let move = 0; move < MOVES; move++) {
    await page.mouse.move(x, y + (move % 2));
    const answer = page.waitForSelector('.hoverlayer .legend', { timeout: 500 });
    if (await answer.catch(() => null)) return;
  }
  throw new Error('the chart does not answer to the pointer');
}
