import chromium from '@sparticuz/chromium';
import type { Browser, Page } from 'puppeteer-core';
import puppeteer from 'puppeteer-core';

/** A real browser, for tests, benchmarks and pictures alike. */

export interface VisitOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly zone?: string;
}

/**
 * Web security stays on, unlike in this package's own flags, and the GPU that they emulate is off: Chromium draws by the
 * CPU where there is none. The emulated one takes three times the CPU, and does what has been queued, all at once, when
 * Chromium lets go of the document before, a second after a navigation: 50 to 400 ms without a frame.
 */
export async function launchBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false;
  return puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((flag) => !flag.includes('disable-web-security')),
    headless: 'shell',
  });
}

const HEIGHT = 900;

export async function preparePage(
  page: Page,
  { width = 1360, scheme = 'light', zone = 'UTC' }: VisitOptions,
): Promise<void> {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.emulateTimezone(zone);
  await page.setViewport({ width, height: HEIGHT });
}

/** The page is there: its heading, and nothing that is still asked for. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForFunction(
    () =>
      document.querySelector('main')?.getAttribute('aria-busy') === 'false' &&
      !document.querySelector('.skeleton'),
  );
}

/** The charts that are in sight are drawn. */
export async function chartsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const seen = [...document.querySelectorAll('.plot')].filter(
      (plot) => plot.getBoundingClientRect().top < innerHeight,
    );
    return seen.length > 0 && seen.every((plot) => plot.getAttribute('data-state') === 'drawn');
  });
}

/** In colours that a reader forces, and without motion. */
export async function forceColours(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  const features = [
    { name: 'forced-colors', value: 'active' },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ];
  await session.send('Emulation.setEmulatedMedia', { features });
}
