import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HealthAnswer, PidAnswer } from '../../server/interfaces/http/schemas.ts';
import type { RunningPmi } from '../server/interfaces/cli/run-pmi.ts';
import { servedAt, startPmi } from '../server/interfaces/cli/run-pmi.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { arrivedAt, openVisit, textOf, textsOf } from './support/browser.ts';
import { chartsDrawn, launchBrowser } from './support/launch.ts';

/** The main job: this host is recorded, something eats 500 MB, and a person finds it. */

const HOG_BYTES = 500 * 2 ** 20;

/** Allocates and touches nothing until a line comes in, then 500 MB; it says when they are there. */
const HOG = `
  process.stdin.once('data', () => {
    globalThis.eaten = Buffer.alloc(${HOG_BYTES}, 1);
    console.log('eaten');
  });
  setTimeout(() => process.exit(), 120000);
`;

const folder = sharedTempFolder();
let pmi: RunningPmi;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  const dumps = join(folder, 'time');
  pmi = startPmi(['up', '--interval', '1s', '--port', '0', '--dumps', dumps], { cwd: folder });
  [browser, origin] = await Promise.all([launchBrowser(), servedAt(pmi).then((url) => new URL(url).origin)]);
});

afterAll(async () => {
  await browser.close();
  pmi.child.kill('SIGINT');
  expect((await pmi.finished).code).toBe(0);
});

async function ask<Answer>(path: string): Promise<Answer> {
  return (await fetch(origin + path)).json() as Promise<Answer>;
}

async function sampleCount(): Promise<number> {
  return (await ask<HealthAnswer>('/healthz')).samples;
}

/** Waits until two more samples than now are queryable. */
async function twoSamples(): Promise<void> {
  const wanted = (await sampleCount()) + 2;
  while ((await sampleCount()) < wanted) await sleep(100);
}

async function eat(hog: ChildProcess): Promise<void> {
  const eaten = new Promise((resolve) => hog.stdout?.once('data', resolve));
  hog.stdin?.write('now\n');
  await eaten;
}

/** The largest and the smallest value of the first line that a chart shows. */
function extremesOfOwnLine(plot: Element): readonly [number, number] {
  const { data } = plot as unknown as { readonly data: readonly { readonly y: readonly number[] }[] };
  return [Math.min(...data[0].y), Math.max(...data[0].y)];
}

describe('A person whose machine is recorded', () => {
  test('sees the first sample on the first page', async () => {
    const { page, go, expectQuiet } = await openVisit(browser, origin);
    await go('/api/v1/');
    await chartsDrawn(page);
    expect(await textsOf(page, 'figcaption h2')).toContain('RAM usage');
    expect(await sampleCount()).toBeGreaterThan(0);
    expectQuiet();
  });

  test('finds a process that has just eaten 500 MB: on its level, as a subtree, and its rise', async () => {
    const hog = spawn(process.execPath, ['-e', HOG], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      await twoSamples();
      await eat(hog);
      await twoSamples();
      const { process: row } = await ask<PidAnswer>(`/api/v1/snapshot/pid?pid=${hog.pid}`);
      expect(row.rss_bytes).toBeGreaterThan(HOG_BYTES);

      const { page, go, expectQuiet } = await openVisit(browser, origin);
      await go(`/api/v1/snapshot/level?lvl=${row.level}&min_rss=500`);
      const link = `tbody a[href*="/snapshot/pid?"][href*="pid=${hog.pid}"]`;
      await page.click(link);

      await arrivedAt(page, new RegExp(`/snapshot/pid\\?.*pid=${hog.pid}`));
      expect(await textOf(page, 'h1')).toContain(`PID ${hog.pid}`);
      expect(await textOf(page, '[role=treegrid] tbody')).toContain(String(hog.pid));

      await page.click('a[href*="/snapshot/pid/plot?"]');
      await arrivedAt(page, /\/snapshot\/pid\/plot\?/);
      await chartsDrawn(page);
      const [least, most] = await page.$eval(
        '.plot .js-plotly-plot, .plot.js-plotly-plot',
        extremesOfOwnLine,
      );
      expect(most - least).toBeGreaterThan(0);
      expect(most / least).toBeGreaterThan(3);
      expectQuiet();
    } finally {
      hog.kill();
    }
  });
});
