import type { HTTPRequest, Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { lastSample, PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

const site = openSite(writeSmallHost);

async function openWithMap(path: string, width?: number): Promise<Page> {
  const { page, go } = await site.visit(width === undefined ? {} : { width });
  await go(path);
  await page.waitForSelector('.minimap .grip');
  return page;
}

/** Presses at one share of the strip and lets go at another. */
async function brush(page: Page, from: number, to: number): Promise<void> {
  const box = await (await page.$('.minimap-strip'))?.boundingBox();
  if (!box) throw new Error('no strip');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
  await page.mouse.up();
}

const whole = { from: sampleAt(0), to: lastSample };
const instantAt = (share: number) => whole.from + share * (whole.to - whole.from);
/** A pixel of the strip, and one more for rounding. */
const PIXEL_MS = ((whole.to - whole.from) / 1360) * 2;

describe('The whole recording above every page', () => {
  test('is told in words: from when to when, how much was used, how many gaps', async () => {
    const page = await openWithMap('/api/v1/');
    const label = await page.$eval('.minimap', (strip) => strip.getAttribute('aria-label'));
    expect(label).toMatch(
      /^The whole recording: 2026-01-15 12:00:00 to 2026-01-15 12:39:00, used .* to .*, 1 gap\.$/,
    );
  });

  test('a stretch is chosen by drawing over it, and the back button gives the whole back', async () => {
    const page = await openWithMap('/api/v1/');
    await brush(page, 0.7, 0.9);
    await arrivedAt(page, /from=/);
    const { from, to } = whereOf(page).params;
    expect(Math.abs(Date.parse(from) - instantAt(0.7))).toBeLessThan(PIXEL_MS);
    expect(Math.abs(Date.parse(to) - instantAt(0.9))).toBeLessThan(PIXEL_MS);
    await page.goBack();
    await page.waitForFunction(() => location.search === '');
  });

  test('a window is taken by its middle and moved, and keeps its length', async () => {
    const page = await openWithMap('/api/v1/');
    await brush(page, 0.7, 0.8);
    await arrivedAt(page, /from=/);
    const before = whereOf(page).params;
    const address = page.url();
    await brush(page, 0.75, 0.85);
    await page.waitForFunction((href) => location.href !== href, {}, address);
    const after = whereOf(page).params;
    const length = ({ from, to }: Record<string, string>) => Date.parse(to) - Date.parse(from);
    expect(length(after)).toBe(length(before));
    expect(Date.parse(after.from)).toBeGreaterThan(Date.parse(before.from));
  });

  test('its edges are sliders that arrows move', async () => {
    const page = await openWithMap('/api/v1/');
    await page.focus('.grip[aria-label="Start of the window"]');
    await page.keyboard.press('PageUp');
    await arrivedAt(page, /from=/);
    expect(Math.abs(Date.parse(whereOf(page).params.from) - instantAt(0.1))).toBeLessThan(1000);
    expect(whereOf(page).params.to).toBeUndefined();
  });

  test('on a page of one instant a click goes to that instant', async () => {
    const page = await openWithMap('/api/v1/snapshot/level?lvl=1');
    await brush(page, 0.2, 0.2);
    await arrivedAt(page, /ts=/);
    const { path, params } = whereOf(page);
    expect([path, params.lvl]).toEqual(['/api/v1/snapshot/level', '1']);
    expect(Math.abs(Date.parse(params.ts) - instantAt(0.2))).toBeLessThan(PIXEL_MS);
  });
});

describe('The range picker', () => {
  test('has common stretches, and says which is shown', async () => {
    const page = await openWithMap('/api/v1/');
    expect(await textOf(page, '.range-label')).toBe('Everything');
    await page.click('.bar .picker summary');
    await page.evaluate(() => {
      const links = [...document.querySelectorAll<HTMLElement>('.presets a')];
      links.find(({ textContent }) => textContent === 'Last 15 min')?.click();
    });
    await arrivedAt(page, /from=-15m/);
    expect(await textOf(page, '.range-label')).toBe('Last 15 min');
    const { coverage } = await site.server().json<{ coverage: { from: string } }>('/api/v1/?from=-15m');
    expect(await textOf(page, '.page-head')).toContain(coverage.from.slice(11, 19));
  });

  test('takes two instants as this clock shows them', async () => {
    const page = await openWithMap('/api/v1/');
    await page.click('.bar .picker summary');
    await page.type('.range-form [name=from]', '2026-01-15 12:30');
    await page.type('.range-form [name=to]', '2026-01-15 12:35:00');
    await page.click('.range-form button');
    await arrivedAt(page, /from=2026-01-15T12%3A30%3A00/);
    expect(whereOf(page).params.to).toMatch(/^2026-01-15T12:35:00/);
  });

  test('shows instants that a link gives in milliseconds as this clock does', async () => {
    const [from, to] = ['2026-01-15T12:30:00Z', '2026-01-15T12:35:00Z'].map((text) => Date.parse(text));
    const page = await openWithMap(`/api/v1/?from=${from}&to=${to}`);
    expect(await textOf(page, '.range-label')).toBe('2026-01-15 12:30 – 2026-01-15 12:35');
    const shown = await page.$eval('.range-form [name=from]', (input) => (input as HTMLInputElement).value);
    expect(shown).toBe('2026-01-15 12:30:00');
  });
});

describe('The search', () => {
  test('finds a process of the past by its command, and opens its plot at its last sample', async () => {
    const page = await openWithMap('/api/v1/');
    await page.keyboard.press('/');
    await page.keyboard.type('cc1');
    await page.waitForSelector('.results [role=option]');
    expect(await textsOf(page, '.results .cmd')).toEqual(['/usr/bin/cc1 -quiet main.c']);
    await page.keyboard.press('Enter');
    await arrivedAt(page, /plot\?.*key=/);
    expect(whereOf(page).params.pid).toBe(String(PID.reused));
    expect(whereOf(page).params.ts).toBe(new Date(sampleAt(9)).toISOString());
  });

  test('arrows choose, and what is chosen is told to assistive technology', async () => {
    const page = await openWithMap('/api/v1/');
    await page.focus('#search');
    await page.keyboard.type('worker');
    await page.waitForSelector('.results [role=option]');
    await page.keyboard.press('ArrowDown');
    const active = await page.$eval('#search', (input) => input.getAttribute('aria-activedescendant'));
    expect(active).toBe('search-results-1');
    expect(await page.$eval(`#${active}`, (option) => option.getAttribute('aria-selected'))).toBe('true');
  });

  test('says so where nothing is found, and Escape closes it', async () => {
    const page = await openWithMap('/api/v1/');
    await page.focus('#search');
    await page.keyboard.type('no such thing');
    await page.waitForSelector('.results');
    expect(await textOf(page, '.results')).toContain('No process of “no such thing” was recorded.');
    await page.keyboard.press('Escape');
    expect(await page.$('.results')).toBeNull();
  });
});

describe('How the reader wants to see it', () => {
  test('the unit is turned by its button, stays in the URL, and is kept for the next visit', async () => {
    const page = await openWithMap('/api/v1/');
    expect(await textOf(page, '.figures')).toContain('GiB');
    await page.keyboard.press('u');
    await page.waitForFunction(() => location.search.includes('unit=MB'));
    expect(await textOf(page, '.figures')).toMatch(/\d GB/);
    await page.goto(`${site.server().origin}/api/v1/snapshot/level`);
    await page.waitForFunction(() => /\d MB/.test(document.querySelector('main')?.textContent ?? ''));
  });

  test('the clock goes from this browser to UTC to the host', async () => {
    const { page, go } = await site.visit({ zone: 'Asia/Kolkata' });
    await go('/api/v1/snapshot/level');
    await page.waitForSelector('.minimap .grip');
    expect(await textOf(page, 'h1')).toContain('18:09:00');
    await page.keyboard.press('z');
    await page.waitForFunction(() => location.search.includes('tz=UTC'));
    expect(await textOf(page, 'h1')).toContain('12:39:00');
    await page.keyboard.press('z');
    await page.waitForFunction(() => location.search.includes('tz=host'));
    expect(await textOf(page, '.zone')).toBe('UTC');
  });
});

describe('A link', () => {
  /** The menu is opened and one of its links chosen by hand. */
  async function copyLink(page: Page, label: string): Promise<URLSearchParams> {
    await page.click('.copy-link summary');
    await page.locator(`.copy-link button ::-p-text(${label})`).click();
    await page.waitForFunction(() => document.querySelector('.said')?.textContent);
    expect(await page.$('.copy-link details[open]')).toBeNull();
    const copied = await page.evaluate(async () => {
      const said = document.querySelector('.said')?.textContent;
      return said === 'Link copied' ? navigator.clipboard.readText() : location.href;
    });
    return new URL(copied).searchParams;
  }

  test('to the latest names no instant, and keeps the rest', async () => {
    const page = await openWithMap(
      `/api/v1/snapshot/level?lvl=1&ts=${new Date(lastSample - 180_000).toISOString()}`,
    );
    const searchParams = await copyLink(page, 'the latest');
    expect([...searchParams]).toEqual([['lvl', '1']]);
  });

  test('to this moment names the instants that are shown, so that it does not drift', async () => {
    const page = await openWithMap('/api/v1/snapshot/level?lvl=1&ts=-3m');
    const searchParams = await copyLink(page, 'this moment');
    expect(searchParams.get('ts')).toBe(new Date(lastSample - 180_000).toISOString());
    expect(searchParams.get('lvl')).toBe('1');
  });
});

describe('What comes late', () => {
  const LATE = /healthz|minimap|[?&]from=-1h|answer|top\?/;

  /** Where the parts of the frame stand, and the heading of the page. */
  function placesOf(page: Page): Promise<string[]> {
    return page.$$eval('h1, .nav, .search-box, main', (parts) =>
      parts.map((part) => {
        const { x, y } = part.getBoundingClientRect();
        return `${part.localName} ${x} ${y}`;
      }),
    );
  }

  test.each([
    ['/api/v1/snapshot/level?lvl=1', 1360],
    ['/api/v1/snapshot/level?lvl=1', 400],
    ['/api/v1/', 1360],
  ])('moves nothing of %s at %d px that somebody may be about to click', async (path, width) => {
    const { page, go } = await site.visit({ width });
    const held: HTTPRequest[] = [];
    let isHolding = true;
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (isHolding && LATE.test(request.url())) held.push(request);
      else void request.continue();
    });
    await go(path);
    const before = await placesOf(page);
    isHolding = false;
    for (const request of held) await request.continue();
    await page.waitForSelector('.minimap .grip');
    await page.waitForSelector('.banner.demo');
    await page.waitForSelector('.status[data-kind]');
    expect(await placesOf(page)).toEqual(before);
  });
});

describe('The bar', () => {
  const range = new URLSearchParams({ from: '-2h', to: '-1m' });

  /** Its parts that reach out of the window, or over another one. */
  function crowded(page: Page): Promise<string[]> {
    return page.$$eval('.bar > :not(.nav, .grow, .status), .status > span, .nav a', (parts) => {
      const boxes = parts
        .map((part) => ({ name: part.textContent || part.className, box: part.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0);
      const isOver = (a: DOMRect, b: DOMRect) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      const out = boxes.filter(({ box }) => box.left < 0 || box.right > innerWidth);
      const over = boxes.filter(({ box }) =>
        boxes.some((other) => other.box !== box && isOver(box, other.box)),
      );
      return [...out, ...over].map(({ name }) => name);
    });
  }

  test.each([
    [`/api/v1/?${range}`, [400, 760, 1024, 1240, 1360, 1500, 1759, 1920]],
    [`/api/v1/snapshot/pid/plot?pid=${PID.server}&${range}`, [400, 760, 1024, 1360, 1500]],
    ['/api/v1/snapshot', [400, 760, 1024, 1240, 1360]],
  ] as const)('of %s shows every page, one beside the other, at each width', async (path, widths) => {
    const page = await openWithMap(path);
    await page.waitForSelector('.status[data-kind]');
    for (const width of widths) {
      await page.setViewport({ width, height: 900 });
      expect([width, await crowded(page)]).toEqual([width, []]);
    }
  });
});
