import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecorderStatus } from '../../collector/status.ts';
import type { TestServer } from '../server/interfaces/http/test-server.ts';
import { serveFolder } from '../server/interfaces/http/test-server.ts';
import { bareSurroundings } from '../support/bare-surroundings.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { openVisit, textOf } from './support/browser.ts';
import { launchBrowser } from './support/launch.ts';
import { writeSmallHost } from './support/recording.ts';

const WEB = join(import.meta.dirname, '../../dist/web');
const [dumps, scratch] = [sharedTempFolder(), sharedTempFolder()];
const MIB = 2 ** 20;

/** Of one CPU. */
let share = 0.004;
let holder: { pid: number; since: string } | null = null;
let memories = [90, 60];
let browser: Browser;
let server: TestServer;

beforeAll(async () => {
  writeSmallHost(dumps);
  const status = await readRecorderStatus(dumps, Date.UTC(2026, 0, 15, 13));
  server = await serveFolder(dumps, scratch, {
    webRoot: WEB,
    surroundings: {
      ...bareSurroundings('dumps'),
      recorder: async () => ({ ...status, holder, cost: { ...status.cost, cpu_share: share } }),
      own: {
        memory() {
          const [rss = 0, ...others] = memories;
          memories = others;
          return { rss_bytes: rss * MIB, heap_used_bytes: (rss * MIB) / 2, external_bytes: MIB };
        },
        collect: async () => undefined,
      },
    },
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe('The status page', () => {
  test('shows what recording costs as a bar of its budget, and in words where it is more', async () => {
    const { page, go, expectQuiet } = await openVisit(browser, server.origin);
    await go('/api/v1/status');
    const bar = () => page.$eval('meter', ({ value, max }) => value / max);
    expect(await bar()).toBeCloseTo(0.4);
    expect(await textOf(page, '.facts')).toMatch(/0\.4 % of one core\s+of a budget of 1\.0 %/);
    share = 0.03;
    await go('/api/v1/status');
    expect(await bar()).toBe(1);
    expect(await textOf(page, '.facts')).toContain('more than the budget of 1.0 %');
    holder = { pid: 7, since: '2026-01-15T12:00:00.000Z' };
    await go('/api/v1/status');
    expect(await textOf(page, '.facts')).toContain('3.0 % of one core, together with the server');
    expect(await page.$('meter')).toBe(null);
    expectQuiet();
  });

  test('has a button that collects the server’s own garbage, and says what that has freed', async () => {
    const { page, go, expectQuiet } = await openVisit(browser, server.origin);
    await go('/api/v1/status');
    const title = await page.$eval('.part button', (button) => button.title);
    expect(title).toContain('other processes cannot be collected from outside');
    await page.click('.part button');
    await page.waitForFunction(() => document.querySelector('.part [role=status]')?.textContent !== '');
    expect(await textOf(page, '.part [role=status]')).toMatch(
      /^The server’s own memory: RSS 90\.0 MiB → 60\.0 MiB \(−30\.0 MiB\), heap used 45\.0 MiB → 30\.0 MiB \(−15\.0 MiB\), external .* ms\.$/,
    );
    expectQuiet();
  });
});
