import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FilesAnswer } from '../../server/interfaces/http/schemas/files.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { arrivedAt, textOf, textsOf } from './support/browser.ts';
import { PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSite } from './support/site.ts';

tellWhatAxeSaw();

const at = (index: number) => new Date(sampleAt(index)).toISOString();

/** The process files of the day, oldest first. */
function processFiles(folder: string): string[] {
  const [day] = readdirSync(folder).filter((name) => /^\d{8}$/.test(name));
  const names = readdirSync(join(folder, day)).filter((name) => name.startsWith('process_mem_'));
  return names.sort().map((name) => join(folder, day, name));
}

/** One cell of the second sample's third row is no number; the third sample's file ends within a row. */
function writeDamagedHost(folder: string): void {
  writeSmallHost(folder);
  const [, second, third] = processFiles(folder);
  const lines = readFileSync(second, 'utf8').split('\n');
  const row = lines.findIndex((line) => line.startsWith(`${PID.kernel},`));
  lines[row] = lines[row].replace(/^\d+/, 'two');
  writeFileSync(second, lines.join('\n'));
  writeFileSync(third, readFileSync(third).subarray(0, -40));
}

describe('What is not as it should be is said', () => {
  const site = openSite(writeDamagedHost);

  test('an instant in a gap: until when, why, and which sample is shown in its place', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/level?lvl=1&ts=${at(20)}`);
    expect(await findings(page)).toEqual([]);
    await page.waitForSelector('.note');
    expect(await textsOf(page, 'main > .note')).toEqual([
      'Nothing recorded 12:14:00–12:25:00 (recorder stopped). Showing the sample before, 12:14:00.',
    ]);
    await go(`/api/v1/snapshot/level?lvl=1&ts=${at(25)}`);
    await page.waitForSelector('.minimap-picture');
    expect(await textsOf(page, 'main > .note')).toEqual([]);
    expectQuiet();
  });

  test.each([
    ['the overview', `/api/v1/?from=${at(16)}&to=${at(18)}`, 'main > .note'],
    [
      'the plot of a process',
      `/api/v1/snapshot/pid/plot?pid=${PID.leak}&from=${at(16)}&to=${at(18)}`,
      '.gone > p',
    ],
  ])('a range within a gap: %s says so, and does not take the process for ended', async (_, path, place) => {
    const { page, go, expectQuiet } = await site.visit();
    await go(path);
    await page.waitForFunction(
      (selector) =>
        [...document.querySelectorAll(selector)].some(({ textContent }) =>
          textContent?.startsWith('Nothing recorded 12:14:00–12:25:00 (recorder stopped).'),
        ),
      {},
      place,
    );
    expect(await textOf(page, 'main')).not.toMatch(/exited|no gaps|Not alive/);
    expect(await page.$('.plot')).toBeNull();
    expectQuiet();
  });

  test('nothing passes the filter: how many are hidden and what they hold, on each page, and two ways on', async () => {
    const { page, go, expectQuiet } = await site.visit();
    for (const path of ['snapshot?', 'snapshot/level?lvl=1&', 'groups?by=user&']) {
      await go(`/api/v1/${path}min_rss=99999`);
      expect(await textOf(page, '.empty h2'), path).toBe('No rows after filtering');
      expect(await textOf(page, '.empty p'), path).toMatch(/^\d+ processes are hidden \(\d\S* GiB\)\.$/);
      expect(await textsOf(page, '.empty .actions a'), path).toEqual(['Clear filters', 'Lower RSS to 0']);
    }
    expect(await textOf(page, '.empty p')).toBe('22 processes are hidden (2.64 GiB).');
    await page.click('.empty .actions a:last-child');
    await arrivedAt(page, /groups\?by=user$/);
    await go('/api/v1/groups?by=user&min_rss=20&user=app');
    expect(await textOf(page, 'main > .note')).toBe(
      '18 of 22 processes shown; the others hold 24.0 MiB. Show all',
    );
    expectQuiet();
  });

  test('PSS that is not known: of how many, what it needs, and how RSS is told in its place', async () => {
    const { page, go } = await site.visit();
    for (const path of ['snapshot?', 'snapshot/level?lvl=1&', `snapshot/pid?pid=${PID.server}&`]) {
      await go(`/api/v1/${path}ts=${at(30)}`);
      const notes = await textsOf(page, 'main > p.muted');
      expect(notes.at(-1), path).toMatch(
        /^PSS for \d+ process(es)? is not known here: it needs root or the same user, and not every sample has it\. RSS is shown; sums of it are marked ≤\.$/,
      );
    }
  });

  test('an answer that takes long can be cancelled: what was there is there again, else a way to try again', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=1');
    let isHeld = true;
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      // One that is held is never answered; the page lets go of it.
      if (!isHeld || !/format=json/.test(request.url()) || !/groups|lvl=0/.test(request.url()))
        void request.continue();
    });
    await page.click('.tabs a[href*="lvl=0"]');
    await (await page.waitForSelector('.still-loading button'))?.click();
    await arrivedAt(page, /level\?lvl=1$/);
    expect(await textOf(page, 'h1')).toContain('Level 1');
    expect(await page.$('.still-loading')).toBeNull();
    await page.click('.tabs a[href*="by=user"]');
    await (await page.waitForSelector('.still-loading button'))?.click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Loading was cancelled');
    expect(await findings(page)).toEqual([]);
    isHeld = false;
    await page.click('.empty .primary');
    await page.waitForFunction(() => document.querySelector('h1')?.textContent?.startsWith('By user'));
    expectQuiet();
  });

  test('an instant long after the newest sample: how far that is', async () => {
    const { page, go } = await site.visit();
    const newest = await site.server().json<{ last_sample: string }>('/healthz');
    const t = Date.parse(newest.last_sample);
    await go(`/api/v1/snapshot?ts=${new Date(t + 7_200_000).toISOString()}`);
    await page.waitForSelector('.note');
    expect(await textsOf(page, 'main > .note')).toEqual([
      `Nothing was recorded after ${newest.last_sample.slice(11, 19)}, 2 h before the instant that was asked for.`,
    ]);
    await go(`/api/v1/snapshot?ts=${new Date(t + 30_000).toISOString()}`);
    await page.waitForSelector('.minimap-picture');
    expect(await textsOf(page, 'main > .note')).toEqual([]);
  });

  test('a process that has ended: when, with what, its last sample, and the way to it', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/pid?pid=${PID.reused}&ts=${at(12)}`);
    expect(await textOf(page, 'h1')).toBe('No data for PID 4000');
    await page.waitForSelector('.gone .figures');
    expect(await textOf(page, '.gone > p')).toBe(
      'PID 4000 exited at 12:09:00 (last 300 MiB). Showing its last sample.',
    );
    expect(await textOf(page, '.gone .cmd')).toBe('/usr/bin/cc1 -quiet main.c');
    expect((await textsOf(page, '.gone .figure'))[0]).toBe('300 MiB');
    await page.click('.gone .primary');
    await arrivedAt(page, /ts=2026-01-15T12%3A09/);
    expect(await textOf(page, 'h1')).toBe('PID 4000 – cc1');
    expectQuiet();
  });

  test('a process that had not begun yet', async () => {
    const { page, go } = await site.visit();
    await go(`/api/v1/snapshot/pid?pid=${PID.reused}&ts=${at(26)}`);
    await page.waitForSelector('.gone .figures');
    expect(await textOf(page, '.gone > p')).toBe(
      'PID 4000 was first seen at 12:28:00 (first 12.0 MiB). Showing its first sample.',
    );
  });

  test('a damaged sample, and from it the files with line, column and reason', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go(`/api/v1/snapshot/level?lvl=1&ts=${at(1)}`);
    expect(await textOf(page, '.note.hurt')).toContain('This sample is incomplete');
    await page.click('.note.hurt a');
    await arrivedAt(page, /files\?state=damaged/);
    expect(await textOf(page, '[aria-current=page].nav a, .nav [aria-current=page]')).toBe('Status');
    const { dumps, total } = await site.server().json<FilesAnswer>('/api/v1/files?state=damaged');
    expect(total).toBe(2);
    const told = dumps.flatMap(({ reasons }) =>
      reasons.map(
        ({ file, line, column, reason }) => `${[file, line, column].filter(Boolean).join(':')} ${reason}`,
      ),
    );
    expect(await textsOf(page, '.why li')).toEqual(told);
    expect(told.filter((text) => /\.csv:\d+:1 PID is not a number: "two"$/.test(text))).toHaveLength(1);
    expect(await findings(page)).toEqual([]);
    expect(await textsOf(page, '.hurting')).toEqual(['used in part', 'used in part']);
    await page.waitForFunction(() => document.querySelector('.tabs')?.textContent?.includes('All (30)'));
    expect(await textsOf(page, '.tabs a')).toEqual(['All (30)', 'Damaged (2)', 'Waiting (0)']);
    await page.click('.tabs a:first-child');
    await arrivedAt(page, /files$/);
    expect(await page.$$eval('.dumps tbody tr:not(.why)', (rows) => rows.length)).toBe(30);
    expectQuiet();
  });

  test('the overview and the status say that something could not be used', async () => {
    const { page, go } = await site.visit();
    for (const path of ['/api/v1/', '/api/v1/status']) {
      await go(path);
      await page.waitForSelector('.note a[href*=damaged]');
      expect(await textOf(page, 'main > .note')).toMatch(
        /^Not all of the dumps could be used: \d+ complaints? about files, \d+ rows? left out\. Which, and why$/,
      );
    }
  });

  test('the status: recorder, disk, server and hosts in plain words, and the way to the files', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/api/v1/status');
    expect(await textsOf(page, 'main h2')).toEqual([
      'Recording', 'Disk', 'Server', 'Reading', 'Recorded hosts', 'Gaps of the last day',
    ]); // biome-ignore format: one row
    const facts = Object.fromEntries(
      await page.$$eval('.facts > div', (rows) =>
        rows.map((row) => [
          row.querySelector('dt')?.textContent ?? '',
          row.querySelector('dd')?.textContent ?? '',
        ]),
      ),
    );
    expect(facts.State).toBe('not recording');
    expect(facts['Last sample']).toMatch(/^2026-01-15 12:39:00, \d+ d ago$/);
    expect(facts.Samples).toBe('every 1m 0s');
    expect(facts.Dumps).toMatch(/ in 30 dumps$/);
    expect(facts.Free).toMatch(/^\S+ \w+ of \S+ \w+$/);
    expect(await textsOf(page, '[aria-label="Recorded hosts"] tbody th')).toEqual(['web-1']);
    await page.click('.toolbar a');
    await arrivedAt(page, /files$/);
    expect(await textOf(page, 'h1')).toBe('Files');
    expectQuiet();
  });

  test('and all of it fits a screen of 320 px', async () => {
    const { page, go } = await site.visit({ width: 320 });
    for (const path of [
      '/api/v1/files?state=damaged',
      '/api/v1/status',
      `/api/v1/snapshot/pid?pid=${PID.reused}&ts=${at(12)}`,
      `/api/v1/snapshot/pid/plot?pid=${PID.server}&small=1`,
    ]) {
      await go(path);
      await page.evaluate(() => document.querySelector<HTMLElement>('.exports summary')?.click());
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, path).toBeLessThanOrEqual(0);
    }
  });
});

describe('The predecessor’s dumps', () => {
  const site = openSite((folder) => {
    const samples = [0, 60, 120].map((t) => ({ t, processes: [{ pid: 7, rss_mb: 20, cmd: 'hog' }] }));
    const files = writeHistory(folder, samples, { format: 'seed' });
    // A file of the predecessor is taken in when it has rested a while.
    for (const { processFile, systemFile } of files)
      for (const file of [processFile, systemFile]) if (file) utimesSync(join(folder, file), 1e9, 1e9);
  });

  test('hold no start times: the pages of a process say what that means', async () => {
    const { page, go } = await site.visit();
    for (const path of ['/api/v1/snapshot/pid?pid=7', '/api/v1/snapshot/pid/plot?pid=7']) {
      await go(path);
      expect(await textOf(page, 'main > .note')).toBe(
        'The dumps hold no start times: a reused PID is told apart only by its command and parent.',
      );
      expect(await findings(page)).toEqual([]);
    }
  });
});

describe('A folder that is still being read', () => {
  const site = openSite(() => undefined);

  test('shows how far it has come, and how to begin once nothing is left', async () => {
    const { page, go } = await site.visit();
    const reading = {
      state: 'ingesting', pending: 2792, read: 1240, rows: 9000, seconds_left: 90,
      rejected_files: 0, rejected_rows: 0, sealed_by: null,
    }; // biome-ignore format: one row
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (!request.url().endsWith('/healthz')) return void request.continue();
      const body = JSON.stringify({ ok: true, version: '0', samples: 0, last_sample: null, ingest: reading });
      void request.respond({ status: 200, contentType: 'application/json', body });
    });
    await go('/api/v1/snapshot/level');
    await page.waitForSelector('progress');
    expect(await textOf(page, 'h1')).toBe('Reading the dumps');
    expect((await textOf(page, '.reading p')).replaceAll('\u202f', ' ')).toBe(
      'Indexing 1 240 of 4 032 dumps, 9 000 rows, about 1 min left.',
    );
    const bar = await page.$eval('progress', ({ value, max }) => [value, max]);
    expect(bar).toEqual([1240, 4032]);
    expect(await findings(page)).toEqual([]);
    Object.assign(reading, { state: 'idle', pending: 0, seconds_left: null });
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'No process dumps found', {
      timeout: 15_000,
    });
    expect(await textOf(page, '.empty p')).toBe(
      'No process dumps found. Start recording: pmi collect — or open a folder: pmi serve --dumps DIR.',
    );
    expect(await findings(page)).toEqual([]);
  });
});
