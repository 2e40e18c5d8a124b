import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import type { HealthAnswer } from '../../server/interfaces/http/schemas.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { textOf } from './support/browser.ts';
import { settled } from './support/launch.ts';
import { openSiteOver } from './support/site.ts';

const folder = sharedTempFolder();
const site = openSiteOver(folder);

function record(t: number, rss: number): void {
  writeHistory(folder, [{ t, processes: [{ pid: 7, rss_mb: rss, cmd: 'hog' }] }]);
}

async function untilSamples(count: number): Promise<void> {
  const samples = async () => (await site.server().json<HealthAnswer>('/healthz')).samples;
  await expect.poll(samples).toBe(count);
}

/** Somebody looks at the page: it asks at once how things are, not when its next turn comes. */
async function look(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().endsWith('/healthz'));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await answered;
}

describe('While something is being recorded', () => {
  test('an empty folder says how to begin, and its page opens with the first sample', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    expect(await textOf(page, '.empty')).toContain(
      'Start recording: pmi collect — or open a folder: pmi serve --dumps DIR.',
    );
    record(0, 100);
    await untilSamples(1);
    await look(page);
    await page.waitForSelector('.figures', { timeout: 20_000 });
    await settled(page);
    expect(await textOf(page, 'h1')).toBe('Memory Inspector');
  });

  test('a view of now follows, quietly: the focus and the announcement stay', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level');
    await page.focus('input[name=q]');
    await page.type('input[name=q]', 'ho');
    record(60, 250);
    await page.waitForFunction(() => document.querySelector('h1')?.textContent?.endsWith('12:01:00'), {
      timeout: 20_000,
    });
    expect(await textOf(page, 'tbody .col-rss_bytes')).toBe('250 MiB');
    expect(await page.$eval('input[name=q]', (input) => (input as HTMLInputElement).value)).toBe('ho');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
    expect(await textOf(page, 'div[role=status]')).toBe('');
  });

  test('a page that nobody looks at asks nothing, until somebody does', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      }, isHidden);
    await hide(true);
    // What was asked before is answered.
    await page.waitForNetworkIdle({ idleTime: 500 });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.evaluate(() => {
      for (let turn = 0; turn < 3; turn++) document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForNetworkIdle({ idleTime: 500 });
    expect(asked).toEqual([]);
    await hide(false);
    await look(page);
    expect(asked.filter((path) => path === '/healthz')).toHaveLength(1);
  });

  test('a view of the past stays as it is', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?ts=2026-01-15T12:00:30Z');
    record(120, 300);
    await untilSamples(3);
    await look(page);
    await page.waitForNetworkIdle({ idleTime: 300 });
    expect(await textOf(page, 'h1')).toBe('Level 0 – snapshot 2026-01-15 12:00:00');
    expect(await page.$eval('a[rel=next]', (link) => link.getAttribute('title'))).toBe('Next sample (])');
  });
});
