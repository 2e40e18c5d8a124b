import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { writeSession } from '../support/write-session.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { arrivedAt, openExports, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn, settled } from './support/launch.ts';
import { writeSmallHost } from './support/recording.ts';
import { openSiteOver } from './support/site.ts';
import { writeWatchGroups } from './support/watch-config.ts';

const house = sharedTempFolder();
const dumps = join(house, 'time');
const SESSIONS = join(house, 'sessions');
const HOSTILE = '<img src=x onerror=alert(1)>';

/** Half a minute of an API that grows to `peak` MiB. */
function writeHalfMinute(name: string, peak: number, label: string): void {
  const samples = Array.from({ length: 30 }, (_, t) => ({
    t,
    processes: [
      { pid: 7, start: 5, rss_mb: 100 + ((peak - 100) * t) / 29, cmd: 'node api.js' },
      { pid: 9, start: 6, rss_mb: 40, pss_mb: 25, cmd: HOSTILE },
    ],
  }));
  writeSession(SESSIONS, { name, label, duration_seconds: 30 }, samples);
}

beforeAll(() => {
  mkdirSync(dumps);
  writeSmallHost(dumps);
  writeWatchGroups(dumps, [{ name: 'web', members: [{ name: 'api', rule: { pattern: 'api.js' } }] }]);
  writeHalfMinute('before', 300, HOSTILE);
  writeHalfMinute('after', 158, 'the fix');
});

const site = openSiteOver(dumps);
tellWhatAxeSaw();

async function choose(page: Page, name: string, value: string): Promise<void> {
  await page.select(`.session-start select[name="${name}"]`, value);
}

async function named(page: Page, name: string): Promise<void> {
  await page.$eval('.session-start input[name="name"]', (input) => {
    if (input instanceof HTMLInputElement) input.value = '';
  });
  await page.type('.session-start input[name="name"]', name);
}

async function secondsLeft(page: Page): Promise<number> {
  const text = await textOf(page, '.countdown');
  const parts = /(?:(\d+)m )?(\d+)s left/.exec(text);
  return Number(parts?.[1] ?? 0) * 60 + Number(parts?.[2]);
}

describe('A session', () => {
  test('is begun on the page, counts down, is stopped, looked at and removed', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/sessions');
    await named(page, 'quick');
    await choose(page, 'interval', '0.5');
    await choose(page, 'duration', '300');
    await page.click('.session-start button[type=submit]');
    await page.waitForSelector('.session-recording');
    expect(await textOf(page, '.session-recording')).toMatch(
      /quick is being recorded, every 0\.5 s: \d+ samples?, the last at [\d:]+, next in \d s\. .* left/,
    );
    const first = await secondsLeft(page);
    expect(first).toBeGreaterThan(240);
    await expect.poll(() => secondsLeft(page)).toBeLessThan(first);
    // A reload changes nothing: the server records.
    await page.reload({ waitUntil: 'load' });
    await settled(page);
    await page.waitForFunction(() =>
      /[3-9] samples|\d\d samples/.test(document.querySelector('.session-recording')?.textContent ?? ''),
    );
    await page.click('.session-recording button');
    await page.waitForFunction(() => !document.querySelector('.session-recording'));
    expect((await textsOf(page, '.sessions tbody tr')).find((row) => row.startsWith('quick'))).toContain(
      'stopped early',
    );
    await page.click('.sessions a[href*="name=quick"]');
    await arrivedAt(page, /name=quick/);
    await chartsDrawn(page);
    expect(await textOf(page, 'h1')).toBe('Session quick');
    expect(await textOf(page, '.chart .summary')).toMatch(/used at the end; most .* at .*, least .* at /);
    await go('/sessions');
    const remove = 'button[aria-label="Remove quick"]';
    await page.click(remove);
    expect(await textOf(page, remove)).toMatch(/^Remove \d+ samples for good$/);
    await page.click(remove);
    await page.waitForFunction(() => !document.querySelector('.sessions a[href*="name=quick"]'));
    expectQuiet();
  });

  test('that cannot be begun says why', async () => {
    const { page, go } = await site.visit();
    await go('/sessions');
    await named(page, 'before');
    await page.click('.session-start button[type=submit]');
    await page.waitForFunction(
      () => document.querySelector('.session-start [role=status]')?.textContent !== '',
    );
    expect(await textOf(page, '.session-start [role=status]')).toMatch(
      /^There is a session before already\. Choose another/,
    );
    await named(page, '../x');
    await page.click('.session-start button[type=submit]');
    await page.waitForFunction(() =>
      document.querySelector('.session-start [role=status]')?.textContent?.includes('cannot be'),
    );
  });
});

test('A watch group is offered for a session, and drawn beside the host', async () => {
  const { page, go, expectQuiet } = await site.visit();
  await go('/sessions');
  expect(await textsOf(page, '.session-start select[name="group"] option')).toEqual(['the host', 'web']);
  await go('/sessions?name=before&group=web');
  await chartsDrawn(page);
  expect(await textsOf(page, '.chart .summary')).toEqual([
    expect.stringMatching(/used at the end/),
    'api at most 300 MiB.',
  ]);
  const rows = await textsOf(page, 'table[aria-label="Host and watch group"] tbody tr');
  expect(rows.map((row) => row.replace(/^.*?30(?=[A-Za-z])/, ''))).toEqual([
    'Used memory of the host',
    'Group web',
    'api',
  ]);
  expectQuiet();
});

test('PSS stands beside RSS where it was read, with the samples that it is of', async () => {
  const { page, go } = await site.visit();
  await go('/sessions?name=before');
  const titles = await page.$$eval('table[aria-label^="Processes: the largest"] tbody tr', (rows) =>
    rows.map((row) => row.querySelector('[title^="Mean PSS"]')?.getAttribute('title') ?? null),
  );
  expect(titles).toEqual([null, expect.stringMatching(/^Mean PSS, in 30 of 30 samples: 25\.0\sMiB/)]);
});

describe('Two sessions', () => {
  test('are compared from the list, and judged in words', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/sessions');
    await page.select('.session-compare select[name="a"]', 'before');
    await page.select('.session-compare select[name="b"]', 'after');
    await page.type('.session-compare input[name="max_peak"]', '200MiB');
    await page.click('.session-compare button[type=submit]');
    await arrivedAt(page, /a=before/);
    expect(whereOf(page)).toEqual({
      path: '/sessions',
      params: { a: 'before', b: 'after', max_peak: '200MiB' },
    });
    expect(await textOf(page, '.verdict h2')).toBe('FAIL for the host’s used memory in after');
    const rows = await textsOf(page, '.session-compared tbody tr');
    expect(rows.find((row) => row.endsWith('node'))).toMatch(/−71\.0 MiB/);
    await openExports(page);
    await (await page.waitForSelector('button[aria-label="Host and watch group as SVG"]'))?.click();
    await page.waitForFunction(() => document.querySelector('.menu-said')?.textContent?.startsWith('Saved '));
    expect(await textOf(page, '.menu-said')).toMatch(/host-and-watch-group.*\.svg$/);
    await page.click('.session-compared a[href*="program=node"]');
    await arrivedAt(page, /program=node/);
    await page.waitForFunction(() => document.querySelector('.verdict h2')?.textContent?.startsWith('PASS'));
    expect(await textsOf(page, '.verdict tbody tr')).toEqual([
      'PASSThe peak of B is 158 MiB, the limit 200 MiB.',
    ]);
    expectQuiet();
  });
});

describe('A session that is being recorded', () => {
  const LONG = `a-release.${'x'.repeat(50)}`;
  const send = async (method: string, path: string, body: object = {}) => {
    const { origin } = site.server();
    const headers = { origin, 'content-type': 'application/json' };
    const response = await fetch(`${origin}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  };
  const start = (name: string, seconds: number) => {
    onTestFinished(() => forget(name));
    return send('POST', '/api/v1/sessions', { name, interval_seconds: 5, duration_seconds: seconds });
  };
  const forget = async (name: string) => {
    await send('POST', `/api/v1/sessions/${name}/stop`).catch(() => undefined);
    await send('DELETE', `/api/v1/sessions/${name}`);
  };
  /** Where the bar, the title and what can be clicked are. */
  const places = (page: Page) =>
    page.$$eval(':is(.bar, main) :is(h1, a, button)', (parts) =>
      parts.map((part) => {
        const { x, y } = part.getBoundingClientRect();
        return [x, y];
      }),
    );

  /** A click that was on its way when it came goes through it, for a second. */
  const pressStop = async (page: Page) => {
    await page.waitForFunction(() => {
      const button = document.querySelector('.session-strip button');
      const { left, top } = button?.getBoundingClientRect() ?? { left: 0, top: 0 };
      return button?.contains(document.elementFromPoint(left + 5, top + 5));
    });
    await page.click('.session-strip button');
  };

  test('lets a click through that was on its way when it came', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/files');
    await start('sudden', 600);
    const isHit = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const look = () => {
            const button = document.querySelector('.session-strip button');
            if (!button) return requestAnimationFrame(look);
            const { left, top } = button.getBoundingClientRect();
            return resolve(button.contains(document.elementFromPoint(left + 5, top + 5)));
          };
          look();
        }),
    );
    expect(isHit).toBe(false);
    await pressStop(page);
    await page.waitForFunction(() => !document.querySelector('.session-strip'));
  });

  test('is told on every page with what is left of it, moves nothing, and is stopped there', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/files');
    const before = await places(page);
    await start('long', 600);
    await page.waitForSelector('.session-strip');
    expect(await places(page)).toEqual(before);
    expect(await textOf(page, '.session-strip')).toMatch(
      /Recording long · next sample in [0-5] s · (9m \d+s|10m 0s) leftStop/,
    );
    for (const path of ['/api/v1/', '/api/v1/snapshot', '/live', '/system', '/learn']) {
      await go(path);
      await page.waitForSelector('.session-strip');
      expect(await textOf(page, '.session-strip a')).toBe('long');
    }
    await start('longer', 900);
    await page.waitForFunction(() =>
      document.querySelector('.session-strip')?.textContent?.includes('and 1 more'),
    );
    await pressStop(page);
    await page.waitForFunction(() => document.querySelector('.session-strip a')?.textContent === 'longer');
    await page.click('.session-strip a');
    await arrivedAt(page, /name=longer/);
    // Told by the page itself.
    await page.waitForFunction(() => document.querySelector('.session-recording'));
    expect(await page.$('.session-strip')).toBeNull();
    await page.click('.session-recording button');
    await page.waitForFunction(() => !document.querySelector('.session-recording'));
    expectQuiet();
  });

  test('is told again by the server that comes after one that was killed', async () => {
    await start('orphan', 600);
    const { page, go } = await site.visit();
    await go('/api/v1/files');
    await page.waitForSelector('.session-strip');
    await site.kill();
    await page.waitForFunction(() => !document.querySelector('.session-strip'));
    await site.revive();
    await page.waitForSelector('.session-strip');
    await pressStop(page);
    await page.waitForFunction(() => !document.querySelector('.session-strip'));
    await go('/sessions');
    expect((await textsOf(page, '.sessions tbody tr')).find((row) => row.startsWith('orphan'))).toContain(
      'stopped early',
    );
  });

  test.each(['light', 'dark'] as const)('stands in nobody’s way, at any width, %s', async (scheme) => {
    await start(LONG, 600);
    for (const width of [400, 1360]) {
      const { page, go } = await site.visit({ scheme, width });
      await go('/api/v1/snapshot');
      await page.waitForSelector('.session-strip');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await findings(page)).toEqual([]);
    }
  });
});

describe.each(['light', 'dark'] as const)('Nothing serious stands in anyone’s way, %s', (scheme) => {
  test.each([
    ['the list', '/sessions'],
    ['a summary', '/sessions?name=before'],
    ['a comparison', '/sessions?a=before&b=after&max_peak=200MiB&max_delta=5%25'],
    ['a session that is not there', '/sessions?name=nope'],
  ])('%s', async (_, path) => {
    const { page, go, expectQuiet } = await site.visit({ scheme });
    await go(path);
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.querySelector('main img'))).toBeNull();
    expectQuiet();
  });

  test.each(['/sessions', '/sessions?name=before', '/sessions?a=before&b=after'])(
    'at 400 px %s is one column that does not scroll sideways',
    async (path) => {
      const { page, go } = await site.visit({ scheme, width: 400 });
      await go(path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
      expect(await findings(page)).toEqual([]);
    },
  );
});
