import type { Page } from 'puppeteer-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AlertRuleConfig } from '../../server/domain/alert-rule.ts';
import type { WatchGroup } from '../../server/domain/watch-group.ts';
import type { AlertsAnswer } from '../../server/interfaces/http/schemas/alerts.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { arrivedAt, textOf, textsOf, whereOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { settled } from './support/launch.ts';
import { lastSample, PID, sampleAt, writeNamedProcesses, writeSmallHost } from './support/recording.ts';
import { openSiteOver } from './support/site.ts';
import { HOSTILE_NAMES } from './support/vectors.ts';
import { writeWatchGroups } from './support/watch-config.ts';

const folder = sharedTempFolder();
const GROUPS: readonly WatchGroup[] = [{ name: 'app', members: [{ name: 'All', rule: { user: 'app' } }] }];
const RULES: readonly AlertRuleConfig[] = [
  { name: 'One huge process', kind: 'level', limit: '1GiB', severity: 'critical' },
  { name: 'Compiler', kind: 'level', watch: 'app', limit: '10GiB' },
  { name: 'Memory', kind: 'mem_available', limit: '5500MiB', clear: '5600MiB' },
  { name: 'Lost', kind: 'budget', watch: 'nobody', limit: '1GiB' },
];
writeSmallHost(folder);
writeWatchGroups(folder, GROUPS, RULES);
const site = openSiteOver(folder);
tellWhatAxeSaw();

/** The server looks at the file a few times a second. */
async function configure(rules: readonly AlertRuleConfig[] | undefined, groups = GROUPS): Promise<void> {
  writeWatchGroups(folder, groups, rules);
  const told = async () => (await site.server().json<AlertsAnswer>('/api/v1/alerts')).rules;
  const [first] = rules ?? [{ name: 'Memory is running out' }];
  await expect.poll(async () => (await told())[0]?.rule.name).toBe(first?.name);
}

beforeEach(() => configure(RULES));

const press = (page: Page, label: string) =>
  page.evaluate((wanted) => {
    document.querySelector<HTMLElement>(`main button[aria-label="${wanted}"]`)?.click();
  }, label);

const iso = (index: number) => new Date(sampleAt(index)).toISOString();

describe('The page of alerts', () => {
  test('tells what fires, why, who it was and since when, and of each rule how it stands', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/alerts');
    expect(await textsOf(page, '.alert h3')).toEqual(['One huge process critical', 'Memory warning']);
    const first = '.alerts li:first-child .alert';
    expect(await textsOf(page, `${first} p`)).toEqual([
      'RSS of one process 1.11 GiB, above 1.00 GiB for 1m',
      `It was python3 ${PID.leak} "worker.py --queue default": 1.11 GiB`,
      expect.stringMatching(/^Since 2026-01-15 12:25:00; at worst 1\.62 GiB at 12:39:00$/),
      'Snapshot Overview Acknowledge'.replaceAll(' ', ''),
    ]);
    expect(await page.$$eval('.alert svg', (charts) => charts.length)).toBe(2);
    expect(await textsOf(page, '.alert-rules tbody th b')).toEqual(RULES.map(({ name }) => name));
    expect(await textsOf(page, '.alert-rules tbody td:nth-child(2)')).toEqual([
      ...['firing', 'quiet', 'firing', 'not known'],
    ]);
    expect(await textOf(page, '.alert-rules small.hurting')).toBe('There is no watch group nobody.');
    expect(await page.title()).toBe('(2) Alerts · Memory Inspector');
    expectQuiet();
  });

  test('says it in the reader’s units', async () => {
    const { page, go } = await site.visit();
    await go('/alerts?unit=MB');
    expect(await textOf(page, '.alert .why')).toBe('RSS of one process 1.20 GB, above 1.07 GB for 1m');
  });

  test('is in the navigation with how many fire, on a key, and in the help', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/status');
    await page.waitForFunction(
      () => document.querySelector('.nav a[href^="/alerts"]')?.textContent === 'Alerts (2)',
    );
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await arrivedAt(page, /\/alerts$/);
    expect(await textOf(page, '.nav [aria-current]')).toBe('Alerts (2)');
    expect(await page.$eval('.nav [aria-current]', (link) => link.getAttribute('aria-label'))).toBe(
      'Alerts, 2 firing',
    );
  });

  test('leads to the moment, to the process then, and to the overview around it', async () => {
    const { page, go } = await site.visit();
    await go('/alerts');
    const hrefs = await page.$$eval('.alerts li:first-child a', (links) =>
      links.map((link) => new URL(link.href).pathname + new URL(link.href).search),
    );
    const ts = encodeURIComponent(iso(26));
    expect(hrefs[0]).toMatch(new RegExp(`^/api/v1/snapshot/pid\\?ts=${ts}&pid=${PID.leak}&key=`));
    expect(hrefs[1]).toBe(`/api/v1/snapshot?ts=${ts}`);
    expect(hrefs[2]).toMatch(/^\/api\/v1\/\?from=2026-01-15T11/);
    await page.click('.alerts li:first-child p a');
    await arrivedAt(page, /\/snapshot\/pid\?/);
    expect(whereOf(page).params.pid).toBe(String(PID.leak));
  });

  test('takes an acknowledgement, keeps it, and takes it back', async () => {
    const { page, go } = await site.visit();
    await go('/alerts');
    await press(page, 'Acknowledge Memory');
    await page.waitForSelector('main button[aria-label="Take back, Memory"]');
    await page.reload();
    await page.waitForSelector('main button[aria-label="Take back, Memory"]');
    expect(await page.$eval('.alerts li:last-child .alert', (alert) => alert.getAttribute('data-open'))).toBe(
      'false',
    );
    await press(page, 'Take back, Memory');
    await page.waitForSelector('main button[aria-label="Acknowledge Memory"]');
  });

  test('of a stretch of the past tells what fired at its end', async () => {
    const { page, go } = await site.visit();
    await go('/alerts');
    expect(await textOf(page, '.range-label')).toBe('Last 24 h');
    await go(`/alerts?to=${iso(14)}`);
    expect(await textOf(page, 'main .block .nothing')).toMatch(/^Nothing fires at /);
    await go(`/alerts?to=${new Date(lastSample).toISOString()}`);
    expect(await textsOf(page, '.alert h3')).toHaveLength(2);
  });

  test('without rules of its own tells those that are there, without any how that is', async () => {
    const { page, go } = await site.visit();
    await configure(undefined);
    await go('/alerts');
    expect(await textsOf(page, '.alert-rules tbody th b')).toEqual([
      ...['Memory is running out', 'Everything waits for memory', 'Swap is running out', 'OOM kill'],
    ]);
    expect(await textOf(page, '.alert-rules .note')).toContain('pmi config example');
    await configure([]);
    await go('/alerts');
    expect(await textOf(page, '.alert-rules .nothing')).toContain('an empty list');
    expect(await findings(page)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('Nobody is kept out, %s', (scheme) => {
  test.each([1360, 320])('on a screen of %i px', async (width) => {
    const { page, go } = await site.visit({ scheme, width });
    await go('/alerts');
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.click('.exports summary');
    expect(await findings(page)).toEqual([]);
  });
});

describe('Where nothing has been recorded', () => {
  const empty = openSiteOver(sharedTempFolder());

  test('it says so', async () => {
    const { page, go } = await empty.visit();
    await go('/alerts');
    expect(await textOf(page, 'main')).toContain('pmi collect');
    expect(await findings(page)).toEqual([]);
  });
});

describe('A hostile name', () => {
  const hostile = sharedTempFolder();
  writeNamedProcesses(hostile, HOSTILE_NAMES);
  writeWatchGroups(
    hostile,
    [],
    Array.from({ length: 20 }, (_, at) => ({
      name: `<img src=x onerror=alert(${at})>`,
      kind: 'level',
      limit: `${1 + at}MiB`,
      for: '0s',
    })),
  );
  const dangerous = openSiteOver(hostile);

  test('is shown as text, of a process and of a rule', async () => {
    const { page, go, expectQuiet } = await dangerous.visit();
    await go('/alerts');
    expect(await textsOf(page, '.alert')).toHaveLength(20);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });
});
