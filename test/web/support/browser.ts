import chromium from '@sparticuz/chromium';
import type { Browser, Page } from 'puppeteer-core';
import puppeteer from 'puppeteer-core';
import { expect, onTestFinished } from 'vitest';

/** A real browser, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly go: (path: string) => Promise<void>;
  /** Fails where anything happened that never may: a dialog, a refused style, a foreign request, an exception. */
  readonly expectQuiet: () => void;
}

export interface VisitOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly zone?: string;
}

const VIOLATION = 'CSP-VIOLATION';

/** Web security stays on, unlike in this package's own flags. */
export async function launchBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((flag) => !flag.includes('disable-web-security')),
    headless: 'shell',
  });
}

function watchFor(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on('dialog', (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => troubles.push(`exception ${String(error)}`));
  page.on('console', (message) => {
    if (message.text().startsWith(VIOLATION)) troubles.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    const isOurs = url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:');
    if (!isOurs) troubles.push(`request to ${url}`);
  });
  return troubles;
}

async function prepare(page: Page, { width = 1360, scheme = 'light', zone = 'UTC' }: VisitOptions) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.emulateTimezone(zone);
  await page.setViewport({ width, height: 900 });
  await page.evaluateOnNewDocument((mark) => {
    addEventListener('securitypolicyviolation', (event) => {
      console.log(`${mark} ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  }, VIOLATION);
}

/** The page is there: its heading, and where it has charts, those that are in sight. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForFunction(
    () =>
      document.querySelector('main')?.getAttribute('aria-busy') === 'false' &&
      !document.querySelector('.skeleton'),
  );
}

export async function chartsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const seen = [...document.querySelectorAll('.plot')].filter(
      (plot) => plot.getBoundingClientRect().top < innerHeight,
    );
    return seen.length > 0 && seen.every((plot) => plot.getAttribute('data-state') === 'drawn');
  });
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
