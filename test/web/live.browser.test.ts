import { describe, expect, test } from 'vitest';
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

describe('While something is being recorded', () => {
  test('an empty folder says how to begin, and its page opens with the first sample', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/');
    expect(await textOf(page, '.empty')).toContain(
      'Start recording: pmi collect — or open a folder: pmi serve --dumps DIR.',
    );
    record(0, 100);
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

  test('a view of the past stays as it is', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?ts=2026-01-15T12:00:30Z');
    record(120, 300);
    await page.waitForFunction(
      async () => ((await (await fetch('/healthz')).json()) as { samples: number }).samples === 3,
      { timeout: 20_000, polling: 500 },
    );
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(await textOf(page, 'h1')).toBe('Level 0 – snapshot 2026-01-15 12:00:00');
    expect(await page.$eval('a[rel=next]', (link) => link.getAttribute('title'))).toBe('Next sample (])');
  });
});
