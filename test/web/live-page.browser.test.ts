import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import { textOf, textsOf, whereOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { openLiveSite } from './support/live-site.ts';
import {
  connected,
  drawnLine,
  drawnUntil,
  GROUPS,
  HOSTILE,
  INIT,
  lost,
  MEMORY,
  MENUBAR,
  recordTenMinutes,
  SERVER,
  stepsOf,
  USED,
  WORKERS,
} from './support/live-view.ts';

const site = openLiveSite(GROUPS, recordTenMinutes);

describe('The live page', () => {
  test('tells that it is connected and draws each point as it comes, none left out', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/live?points=50');
    expect(await textOf(page, 'h1')).toBe('Live');
    await connected(page);
    expect(await textOf(page, '.live-state')).toContain('every 1 s by WebSocket');
    const from = site.newest();
    const line = await drawnUntil(page, from + 30_000);
    expect(new Set(stepsOf(line.filter(([t]) => t >= from)))).toEqual(new Set([1]));
    expect(line.every(([, value]) => value !== null)).toBe(true);
    expect(await textsOf(page, '.live-host dt')).toEqual([
      ...['Total', 'Used', 'Available', 'Swap', 'Pressure', 'Load', 'CPU', 'Processes'],
    ]);
    expect(await page.$eval('.live-host dd data', (data) => (data as HTMLDataElement).value)).toBe(
      String(8192 * MIB),
    );
    expectQuiet();
  });

  test('has a card for each member of a group and for all of it', async () => {
    site.live().host = { processes: [INIT, SERVER, ...WORKERS, MENUBAR] };
    const { page, go, expectQuiet } = await site.visit();
    await go('/live?watch=app&metric=rss');
    await connected(page);
    await page.waitForFunction(() => document.querySelectorAll('.card [data-running]').length === 4);
    expect(await textsOf(page, '.card h3')).toEqual(['Main Service', HOSTILE, 'Menu Bar App', 'Total Usage']);
    expect(await textsOf(page, '.card-state')).toEqual([
      '1 process, PID 812',
      '2 processes, PID 900, 901',
      '1 process, PID 77',
      '4 processes',
    ]);
    expect(await textsOf(page, '.card-lead .figure')).toEqual([
      '60.0 MiB',
      '≤ 30.0 MiB',
      '5.00 MiB',
      '≤ 95.0 MiB',
    ]);
    expect(
      await page.$eval('.card-state a', (link) => new URL((link as HTMLAnchorElement).href).search),
    ).toBe('?pid=812');
    const zombie = { ...WORKERS[1], pid: 902, rss_mb: 0, state: 'Z' };
    site.live().host = { processes: [INIT, { ...SERVER, rss_mb: 50 }, ...WORKERS, zombie] };
    await page.waitForFunction(() =>
      document.querySelector('.card:nth-child(3)')?.textContent?.includes('Not running since'),
    );
    expect(await textOf(page, '.card:nth-child(3) .card-state')).toMatch(/^Not running since \S+$/);
    expect(await textOf(page, '.card:nth-child(2) .card-state')).toBe('2 processes, PID 900, 901, 1 zombie');
    expect(await textOf(page, '.card:nth-child(3) .card-departed')).toMatch(
      /^PID 77 menubar exited between \S+ and \S+, exit code unknown$/,
    );
    const [since, seen, gone] = await page.$eval('.card:nth-child(3)', (card) =>
      [...card.querySelectorAll('time')].slice(-3).map((time) => Date.parse(time.dateTime)),
    );
    expect([since, gone - seen]).toEqual([gone, 1000]);
    expect(
      await page.$eval('.card-departed a', (link) => new URL((link as HTMLAnchorElement).href).search),
    ).toBe(`?ts=${encodeURIComponent(new Date(seen).toISOString())}&pid=77`);
    expect(await textOf(page, '.card:last-child')).toMatch(/80\.0 MiB.*peak 95\.0 MiB at /);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test('draws steps of time where the reader asks: means, and between what the points are', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/live?points=50&resolution=10s');
    await connected(page);
    const line = await drawnUntil(page, site.newest() + 25_000);
    const middle = stepsOf(line).slice(1, -1);
    expect(middle.length).toBeGreaterThan(2);
    expect(new Set(middle)).toEqual(new Set([10]));
    expect((await drawnLine(page, MEMORY, `${USED}, largest`)).map(([t]) => t)).toContain(line[1][0]);
    expect(await textOf(page, '.toolbar option[value="10s"]:checked')).toBe('10 s');
    expectQuiet();
  });

  test('says so where a group is not there, and leads on', async () => {
    const { page, go } = await site.visit();
    await go('/live?watch=nope');
    await page.waitForSelector('.empty h2');
    expect(await textOf(page, '.empty h2')).toBe('No watch group is called nope');
    await page.click('.empty a.primary');
    await page.waitForSelector('.live-host');
    expect(whereOf(page).params).toEqual({});
  });
});

describe('When the server goes away', () => {
  test('it is told, what is old is grey, and the line goes on in place when it is back', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/live?points=300');
    await connected(page);
    await page.evaluate(() => Object.assign(window, { isTheSamePage: true }));
    await drawnUntil(page, site.newest() + 5000);
    await site.stop();
    const last = site.newest();
    await lost(page);
    expect(await page.$eval('.live-shown', (shown) => shown.hasAttribute('data-stale'))).toBe(true);
    expect(await textOf(page, '.live-state')).toContain('these figures are');
    await site.start();
    await connected(page);
    await expect.poll(site.newest).toBeGreaterThan(last);
    const line = await drawnUntil(page, site.newest() + 5000);
    expect(await page.$eval('.live-shown', (shown) => shown.hasAttribute('data-stale'))).toBe(false);
    expect(await page.evaluate(() => 'isTheSamePage' in window)).toBe(true);
    const instants = line.flatMap(([t, value]) => (value === null ? [] : [t]));
    expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
    expect(instants).toContain(last);
    const cuts = line.filter(([, value]) => value === null);
    expect(cuts).toHaveLength(1);
    expect(await textOf(page, '.live-notes')).toContain('the server was restarted');
    expectQuiet();
  });

  test('a connection that breaks is taken up again: what was missed comes after, once', async () => {
    const { page, go } = await site.visit();
    await page.evaluateOnNewDocument(() => {
      const Native = WebSocket;
      window.WebSocket = class extends Native {
        constructor(url: string | URL) {
          super(url);
          Object.assign(window, { socket: this });
        }
      };
    });
    await go('/live?points=300');
    await connected(page);
    const from = site.newest();
    for (let turn = 0; turn < 3; turn++) {
      await drawnUntil(page, site.newest() + 3000);
      await page.evaluate(() => (window as unknown as { socket: WebSocket }).socket.close());
      await lost(page);
      await connected(page);
    }
    const line = await drawnUntil(page, site.newest() + 2000);
    expect(new Set(stepsOf(line.filter(([t]) => t >= from)))).toEqual(new Set([1]));
  });

  test.each([
    ['server-sent events', ['WebSocket']],
    ['polling', ['WebSocket', 'EventSource']],
  ])('the feed comes by %s where nothing better holds', async (way, broken) => {
    const { page, go, expectQuiet } = await site.visit();
    await page.evaluateOnNewDocument((names) => {
      for (const name of names)
        Object.assign(window, {
          [name]: class extends EventTarget {
            constructor() {
              super();
              setTimeout(() => {
                const self = this as unknown as { onclose?: () => void; onerror?: () => void };
                self.onclose?.();
                self.onerror?.();
              }, 10);
            }
            close() {}
          },
        });
    }, broken);
    site.pace(1000);
    await go('/live?points=50');
    await page.waitForFunction(
      (text) => document.querySelector('.live-state')?.textContent?.includes(`by ${text}`),
      { timeout: 20_000 },
      way,
    );
    const from = site.newest();
    const line = await drawnUntil(page, from + 4000);
    expect(new Set(stepsOf(line.filter(([t]) => t >= from)))).toEqual(new Set([1]));
    expectQuiet();
  });
});
