import type { HTTPRequest, Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AnswerAnswer } from '../../server/interfaces/http/schemas/answer.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import type { TopAnswer } from '../../server/interfaces/http/schemas/top.ts';
import type { SnapshotsAnswer } from '../../server/interfaces/http/schemas.ts';
import { demoScenario } from '../demo-host/demo-scenario.ts';
import { simulateHost } from '../demo-host/simulate-host.ts';
import { writeSample } from '../demo-host/write-sample.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { arrivedAt, pointAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { chartsDrawn, settled } from './support/launch.ts';
import { openSite } from './support/site.ts';

/** A service leaks until the kernel kills it, comes back and leaks on: the demo's story, told in half a day. */
function writeDemo(folder: string): void {
  const end = Date.parse('2026-03-04T06:00:00Z');
  const scenario = demoScenario({ days: 0.5, intervalSeconds: 120, processes: 120, seed: 1, end });
  for (const sample of simulateHost(scenario)) writeSample(folder, sample, 'v2');
}

const site = openSite(writeDemo);
const SUBTREES = 'table[aria-label="Largest now"]';
const LEDGER = 'table[aria-label="Where the RAM is"]';

/** What the page asks for itself has come. */
async function opened(page: Page): Promise<void> {
  await page.waitForSelector('.answer-lead');
  await page.waitForSelector('.top[aria-busy="false"] .plot[data-state]');
}

interface Trace {
  readonly name: string;
  readonly x: readonly string[];
  readonly y: readonly (number | null)[];
  readonly text?: readonly string[];
  readonly stackgroup?: string;
}

/** What a chart draws, of the figure with this title. */
function tracesOf(page: Page, title: string): Promise<Trace[]> {
  return page.evaluate((wanted) => {
    const figure = [...document.querySelectorAll('figure')].find(
      (one) => one.querySelector('h2')?.textContent === wanted,
    );
    const plot = figure?.querySelector('.js-plotly-plot') as unknown as { data: Trace[] } | null;
    if (!plot) throw new Error(`no chart ${wanted}`);
    return plot.data.map(({ name, x, y, text = [], stackgroup = '' }) => ({ name, x, y, text, stackgroup }));
  }, title);
}

async function drawn(page: Page, title: string): Promise<void> {
  await page.evaluate((wanted) => {
    [...document.querySelectorAll('figure')]
      .find((one) => one.querySelector('h2')?.textContent === wanted)
      ?.scrollIntoView({ block: 'center' });
  }, title);
  await chartsDrawn(page);
}

/** The drawing area of a chart, in the window. */
async function areaOf(page: Page, title: string) {
  return page.evaluate((wanted) => {
    const figure = [...document.querySelectorAll('figure')].find(
      (one) => one.querySelector('h2')?.textContent === wanted,
    );
    const box = figure?.querySelector('.nsewdrag')?.getBoundingClientRect();
    if (!box) throw new Error(`no drawing area in ${wanted}`);
    return { left: box.left, top: box.top, width: box.width, height: box.height };
  }, title);
}

async function press(page: Page, text: string): Promise<void> {
  await page.evaluate((wanted) => {
    const found = [...document.querySelectorAll<HTMLElement>('main a:not(.term), main button')].find(
      (one) => one.textContent === wanted,
    );
    if (!found) throw new Error(`nothing is called ${wanted}`);
    found.click();
  }, text);
}

interface PlotElement extends Element {
  readonly layout?: { readonly xaxis: { readonly range: readonly string[] } };
}

describe('The answer', () => {
  let answer: AnswerAnswer;
  beforeAll(async () => {
    answer = await site.server().json<AnswerAnswer>('/api/v1/answer');
  });

  test('names the process that leaks, what it holds and how much of the growth it is', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    const [hog] = answer.culprits;
    expect(hog.cmd).toContain('/releases/1.9.0/server.js');
    expect(await textOf(page, '.answer-lead')).toBe(
      `10.4 of 15.6 GiB used at 2026-03-04 06:00, 2.22 GiB more than at 05:00. node\u00a0${hog.pid} and ` +
        `${hog.subtree_processes - 1} processes below it hold 5.15 GiB and grew by 1.89 GiB, 85 % of the growth.`,
    );
    expect(await page.$eval('.answer', (section) => section.hasAttribute('data-grown'))).toBe(true);
    await page.click('.answer-lead a');
    await arrivedAt(page, /snapshot\/pid\?/);
    expect(whereOf(page).params).toEqual({ ts: answer.ts, pid: String(hog.pid), key: hog.key });
    expect(await textOf(page, 'h1')).toBe(`PID ${hog.pid} – node`);
    expectQuiet();
  });

  test('leads to its process, to its plot and to what changed in the hour before', async () => {
    const { page, go } = await site.visit();
    const [{ pid, key }] = answer.culprits;
    const leads = { Open: 'pid', Plot: 'pid/plot' };
    for (const [text, path] of Object.entries(leads)) {
      await go('/api/v1/');
      await opened(page);
      await press(page, text);
      await arrivedAt(page, new RegExp(`snapshot/${path}\\?`));
      expect(whereOf(page).params).toEqual({ ts: answer.ts, pid: String(pid), key });
    }
    await go('/api/v1/');
    await opened(page);
    await press(page, 'What changed?');
    await arrivedAt(page, /snapshot\?/);
    expect(whereOf(page).params).toEqual({ ts: answer.ts, base: answer.from, order: '-change_subtree' });
  });

  test('is copied as it is read, or selected where the browser does not let a page copy', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    await press(page, 'Copy as text');
    await page.waitForFunction(() => document.querySelector('.answer .said')?.textContent);
    const [host, copied] = await page.evaluate(async () => {
      const said = document.querySelector('.answer .said')?.textContent;
      return said === 'Copied'
        ? (await navigator.clipboard.readText()).split(/: (.*)/s)
        : ['demo-1', String(getSelection())];
    });
    const read = [await textOf(page, '.answer-lead'), await textOf(page, '.answer-more')].join(' ');
    const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
    expect([host, plain(copied)]).toEqual(['demo-1', plain(read)]);
  });

  test('is of the end of the range that is shown', async () => {
    const { page, go } = await site.visit();
    const { t } = await site.server().json<SnapshotsAnswer>('/api/v1/snapshots');
    const at = t[Math.floor(t.length / 2)];
    await go(`/api/v1/?from=${t[0]}&to=${at + 50_000}`);
    await opened(page);
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
    expect(await textOf(page, '.answer-lead')).toContain(` used at ${time}`);
  });

  test('holds the same figures in the table of the largest, each with a way to it', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    const values = await page.$$eval(`${SUBTREES} tbody tr`, (rows) =>
      rows.map((row) => [...row.querySelectorAll('data')].map((data) => Number(data.value))),
    );
    expect(values).toEqual(answer.largest.map(({ bytes, delta_bytes }) => [bytes, delta_bytes]));
    const hrefs = await page.$$eval(`${SUBTREES} tbody a`, (links) =>
      links.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('key')),
    );
    expect(hrefs).toEqual(answer.largest.map(({ key }) => key));
  });

  test('has beside it how many processes there are, came and went', async () => {
    const { page, go } = await site.visit();
    const snapshot = (query: string) =>
      site.server().json<SnapshotAnswer>(`/api/v1/snapshot?limit=10000&${query}`);
    const now = await snapshot(`ts=${answer.ts}&base=${answer.from}`);
    const fresh = now.rows.filter(({ base_rss_bytes }) => base_rss_bytes === null).length;
    await go('/api/v1/');
    await page.waitForFunction(() => document.querySelector('.figures')?.textContent?.includes(' gone '));
    expect(await textOf(page, '.figures div:last-child')).toBe(
      `Processes${now.totals.processes}${fresh} new, ${now.gone?.processes} gone since 05:00:00`,
    );
  });
});

describe('Where the RAM is', () => {
  test('the table and every instant of the stack add up to MemTotal', async () => {
    const { page, go } = await site.visit();
    const { series } = await site.server().json<OverviewAnswer>('/api/v1/');
    await go('/api/v1/');
    await chartsDrawn(page);
    const parts = await page.$$eval(`${LEDGER} tbody data`, (all) => all.map((one) => Number(one.value)));
    const total = Number(await page.$eval(`${LEDGER} tfoot data`, (one) => (one as HTMLDataElement).value));
    expect(parts).toHaveLength(9);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
    expect(total).toBe(series.mem_total_bytes.at(-1));
    const layers = (await tracesOf(page, 'RAM usage')).filter(({ stackgroup }) => stackgroup);
    const sums = layers[0].y.map((_, at) => layers.reduce((sum, { y }) => sum + (y[at] ?? 0), 0));
    const measured = sums.filter((sum) => sum > 0);
    expect(measured.length).toBeGreaterThan(200);
    for (const sum of measured) expect(sum).toBeCloseTo(total / 2 ** 30, 6);
  });

  test('the sum of RSS, which may exceed the RAM, is drawn when it is asked for, and the URL keeps it', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await chartsDrawn(page);
    const names = async () => (await tracesOf(page, 'RAM usage')).map(({ name }) => name);
    expect(await names()).not.toContain('Sum of RSS (upper bound)');
    expect(await names()).toContain('Used (total − available)');
    for (const wanted of ['Sum of RSS (upper bound)', 'Available'])
      await page.evaluate((name) => {
        [...document.querySelectorAll<HTMLElement>('.legend label')]
          .find((one) => one.title === name)
          ?.click();
      }, wanted);
    await page.waitForFunction(() => location.search.includes('available_bytes'));
    expect(whereOf(page).params).toEqual({ hide: 'used_htop_bytes,available_bytes' });
    await page.reload();
    await settled(page);
    await chartsDrawn(page);
    expect(await names()).toContain('Sum of RSS (upper bound)');
    expect(await names()).not.toContain('Available');
  });

  test('that is out of sight is drawn anew when it comes near, not before', async () => {
    const { page, go } = await site.visit();
    await page.setViewport({ width: 1360, height: 420 });
    await go('/api/v1/');
    await opened(page);
    const charts = await page.$$('figure.chart .plot-area');
    const [first, last] = [charts[0], charts[charts.length - 1]];
    const rangeOf = (chart: typeof first) =>
      chart.evaluate((plot) => (plot as PlotElement).layout?.xaxis.range.join(' ') ?? '');
    await last.scrollIntoView();
    await expect.poll(() => rangeOf(last)).not.toBe('');
    // What is in sight is told to the page a frame later.
    await page.evaluate(async () => {
      scrollTo(0, 0);
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    });
    await expect.poll(() => rangeOf(first)).toBe(await rangeOf(last));
    const before = await rangeOf(last);
    await page.evaluate(() => history.pushState(null, '', '?from=-2h'));
    await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
    await expect.poll(() => rangeOf(first)).not.toBe(before);
    expect(await rangeOf(last)).toBe(before);
    await last.scrollIntoView();
    await expect.poll(() => rangeOf(last)).toBe(await rangeOf(first));
  });

  test('a click on a moment opens the snapshot of that sample', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const { t } = await site.server().json<SnapshotsAnswer>('/api/v1/snapshots');
    await go('/api/v1/');
    await opened(page);
    await drawn(page, 'RAM usage');
    const { left, top, width, height } = await areaOf(page, 'RAM usage');
    await pointAt(page, left + width * 0.75, top + height / 2);
    await page.mouse.click(left + width * 0.75, top + height / 2);
    await arrivedAt(page, /snapshot\?ts=/);
    const at = Date.parse(whereOf(page).params.ts);
    expect(t).toContain(at);
    const aimed = t[0] + ((t.at(-1) ?? 0) - t[0]) * 0.75;
    expect(Math.abs(at - aimed)).toBeLessThanOrEqual(240_000);
    expectQuiet();
  });

  test('a click is not lost because the hand moved just before, and pressed for a moment', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    await drawn(page, 'RAM usage');
    const { left, top, width, height } = await areaOf(page, 'RAM usage');
    await pointAt(page, left + width * 0.75, top + height / 2);
    await page.mouse.move(left + width * 0.75 + 1, top + height / 2);
    await page.mouse.click(left + width * 0.75, top + height / 2, { delay: 75 });
    await arrivedAt(page, /snapshot\?ts=/);
  });
});

describe('Top processes', () => {
  test('change their metric by the URL, without asking for the page again, and back again', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const hint = () => textOf(page, '.top figcaption .muted');
    expect(await hint()).toMatch(/^RSS of each process/);
    await press(page, 'PSS');
    await page.waitForFunction(() =>
      document.querySelector('.top figcaption')?.textContent?.includes('PSS of'),
    );
    expect(whereOf(page).params).toEqual({ metric: 'pss' });
    expect(await textOf(page, '.switch [aria-current]')).toBe('PSS');
    await page.goBack();
    await page.waitForFunction(() =>
      document.querySelector('.top figcaption')?.textContent?.includes('RSS of'),
    );
    expect(whereOf(page).params).toEqual({});
    expect(asked.filter((path) => path === '/api/v1/')).toEqual([]);
    expect(asked.filter((path) => path === '/api/v1/top')).toHaveLength(2);
  });

  test('are no more than thirteen layers that add up to all of them', async () => {
    const { page, go } = await site.visit();
    const { total } = await site.server().json<TopAnswer>('/api/v1/top?px=960');
    await go('/api/v1/');
    await opened(page);
    await drawn(page, 'Top processes');
    const layers = await tracesOf(page, 'Top processes');
    expect(layers).toHaveLength(13);
    const sums = layers[0].y.map((_, at) => layers.reduce((sum, { y }) => sum + (y[at] ?? 0), 0));
    const known = total.flatMap((bytes) => (bytes === null ? [] : [bytes / 2 ** 30]));
    const drawnSums = sums.filter((sum) => sum > 0);
    expect(drawnSums).toHaveLength(known.length);
    for (const [at, sum] of drawnSums.entries()) expect(sum).toBeCloseTo(known[at], 6);
  });

  test('a click on a layer opens that process at that instant', async () => {
    const { page, go, expectQuiet } = await site.visit();
    const top = await site.server().json<TopAnswer>('/api/v1/top?px=960');
    await go('/api/v1/');
    await opened(page);
    await drawn(page, 'Top processes');
    const { left, top: y, width, height } = await areaOf(page, 'Top processes');
    // The lowest layer is the process with the largest peak: the one that was killed, alive in the middle.
    const share = 0.62;
    await pointAt(page, left + width * share, y + height * 0.97);
    await page.mouse.click(left + width * share, y + height * 0.97);
    await arrivedAt(page, /snapshot\/pid\?/);
    const { key, pid, ts } = whereOf(page).params;
    expect({ key, pid: Number(pid) }).toEqual({ key: top.series[0].key, pid: top.series[0].pid });
    expect(top.t).toContain(Date.parse(ts));
    expect(await textOf(page, 'h1')).toBe(`PID ${pid} – node`);
    expectQuiet();
  });

  test('stay drawn until the next are there; a request that is superseded is aborted', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    await opened(page);
    await drawn(page, 'Top processes');
    const held: HTTPRequest[] = [];
    const aborted: string[] = [];
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (request.url().includes('metric=pss')) held.push(request);
      else void request.continue();
    });
    page.on('requestfailed', (request) =>
      aborted.push(new URL(request.url()).searchParams.get('metric') ?? ''),
    );
    await press(page, 'PSS');
    await expect.poll(() => held.length).toBe(1);
    expect(await page.$eval('.top', (top) => top.getAttribute('aria-busy'))).toBe('true');
    expect(await tracesOf(page, 'Top processes')).toHaveLength(13);
    await press(page, 'Swap');
    await page.waitForFunction(() =>
      document.querySelector('.top figcaption')?.textContent?.includes('Swap of'),
    );
    expect(aborted).toEqual(['pss']);
  });
});

describe('What happened', () => {
  test('is marked in the chart and listed, each with a way to the moment', async () => {
    const { page, go } = await site.visit();
    const { events } = await site.server().json<OverviewAnswer>('/api/v1/');
    await go('/api/v1/');
    await chartsDrawn(page);
    expect(await textOf(page, '.events summary')).toBe('In this range: 1 OOM kill, 1 alert, 1 reboot, 1 gap');
    expect(await textOf(page, '.events [data-kind=oom_kill]')).toMatch(
      /1 process was killed for lack of memory between \d\d:\d\d:00 and \d\d:\d\d:00$/,
    );
    const labels = await textsOf(page, 'figure:first-of-type .annotation-text');
    expect(labels).toEqual(expect.arrayContaining(['Reboot', '1 OOM kill']));
    await page.click('.events [data-kind=oom_kill] a');
    await arrivedAt(page, /snapshot\?ts=/);
    const kill = events.find(({ kind }) => kind === 'oom_kill');
    expect(Date.parse(whereOf(page).params.ts)).toBe(kill?.t);
  });
});

describe('A host that has little to tell', () => {
  const bare = openSite((folder) =>
    writeHistory(folder, [
      {
        t: 0,
        system: { swap_total_bytes: 0, swap_free_bytes: 0 },
        processes: [{ pid: 1, rss_mb: 300, comm: 'init', cmd: '/sbin/init' }],
      },
    ]),
  );

  test('says in a line each that it has no swap and tells neither pressure nor faults', async () => {
    const { page, go, expectQuiet } = await bare.visit();
    await go('/api/v1/');
    expect(await textsOf(page, '.charts.small section')).toEqual([
      'Swap usageThis host has no swap.',
      'Swap in and outThis host has no swap.',
      'Memory pressurePressure (PSI) was not recorded in this range: not every kernel tells it.',
      'Major faultsMajor faults were not recorded in this range.',
    ]);
    expect(await page.$$('.charts.small .plot')).toHaveLength(0);
    expectQuiet();
  });

  test('answers with who holds the memory, as an upper bound, and that nothing was there before', async () => {
    const { page, go } = await bare.visit();
    await go('/api/v1/');
    await page.waitForSelector('.answer-lead');
    expect(await textOf(page, '.answer-lead')).toBe(
      '2.00 of 8.00 GiB used at 2026-01-15 12:00. There is no earlier sample to compare it with. ' +
        'Most is held by init\u00a01: at most 300 MiB.',
    );
    expect(await textOf(page, '.answer-more')).toContain('“At most”: only RSS is known');
    expect(await textsOf(page, '.answer .btn')).toEqual(['Open', 'Plot', 'Copy as text']);
  });

  test('has a line instead of the chart where no process has PSS', async () => {
    const { page, go } = await bare.visit();
    await go('/api/v1/?metric=pss');
    await page.waitForSelector('.top[aria-busy="false"] .nothing');
    expect(await textOf(page, '.top .nothing')).toContain('PSS was not recorded in this range.');
  });
});

/** A hog whose PSS nobody may read for a while, in the middle of its life; beside it one that never tells, and a late one. */
function writeHidden(folder: string): void {
  const samples = Array.from({ length: 12 }, (_, at) => ({
    t: at * 60,
    processes: [
      { pid: 1, rss_mb: 50, pss_mb: 40, cmd: '/sbin/init' },
      { pid: 7, rss_mb: 400, cmd: '/usr/bin/hog', ...(at >= 4 && at < 8 ? {} : { pss_mb: 300 }) },
      { pid: 8, rss_mb: 20, cmd: '/usr/bin/mute' },
      ...(at >= 6 ? [{ pid: 9, rss_mb: 90, pss_mb: 80, cmd: '/usr/bin/late' }] : []),
    ],
  }));
  writeHistory(folder, samples);
}

describe('PSS that is unknown for a while', () => {
  const hidden = openSite(writeHidden);
  const minute = (at: number) => `2026-01-15 12:${String(at).padStart(2, '0')}:00.000`;

  test('is hatched, has no height, and is called unknown; a process that was not there is 0', async () => {
    const { page, go, expectQuiet } = await hidden.visit();
    await go('/api/v1/?metric=pss&tz=UTC');
    await opened(page);
    await drawn(page, 'Top processes');
    const [hog, late, init, others, hatch] = await tracesOf(page, 'Top processes');
    const at = (trace: Trace, instant: string) => {
      const place = trace.x.findIndex((x) => x.startsWith(instant));
      return [trace.y[place], trace.text?.[place]];
    };
    expect([hog, late, init, others].map(({ name }) => name)).toEqual([
      '7 hog',
      '9 late',
      '1 init',
      '1 other process, up to 1 unknown',
    ]);
    expect([3, 4, 7, 8].map((one) => at(hog, minute(one)))).toEqual([
      [300, '300 MiB'],
      [0, 'unknown'],
      [0, 'unknown'],
      [300, '300 MiB'],
    ]);
    expect([4, 5, 6].map((one) => at(late, minute(one)))).toEqual([
      [0, '0 B'],
      [0, '0 B'],
      [80, '80.0 MiB'],
    ]);
    expect(new Set(others.text)).toEqual(new Set(['unknown', '0 B']));
    expect([hatch.x[0], hatch.x[2]]).toEqual([minute(0), minute(11)]);
    const { width } = await page.$eval('.top .scatterlayer .trace:last-child path.js-fill', (path) =>
      path.getBoundingClientRect().toJSON(),
    );
    expect(width).toBeGreaterThan(100);
    expectQuiet();
  });

  test('is said in the sentence and in the table', async () => {
    const { page, go } = await hidden.visit();
    await go('/api/v1/?metric=pss&tz=UTC&hide=others');
    await opened(page);
    await drawn(page, 'Top processes');
    expect(await textOf(page, '.top .summary')).toContain(
      'PSS of 2 layers is unknown at times: where it is hatched, there was more than is drawn.',
    );
    const [, , , hatch] = await tracesOf(page, 'Top processes');
    expect([hatch.x[0], hatch.x[2]]).toEqual(['2026-01-15 12:03:30.000', '2026-01-15 12:07:30.000']);
    await page.click('.top .as-table summary');
    await page.waitForSelector('.top .as-table table');
    expect(await textOf(page, '.top .as-table caption')).toBe('All 12 points. –: unknown.');
    const rows = await page.$$eval('.top .as-table tbody tr', (all) =>
      all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
    );
    expect([rows[3], rows[4], rows[6]]).toEqual([
      ['300 MiB', '0 B', '40.0 MiB', '–'],
      ['–', '0 B', '40.0 MiB', '–'],
      ['–', '80.0 MiB', '40.0 MiB', '–'],
    ]);
  });
});
