import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSystemReader } from '../../server/adapters/procfs/system-reading.ts';
import { displayText, escapeBytes } from '../../server/domain/text-notation.ts';
import { putFile, putProcess } from '../collector/fake-proc.ts';
import type { TestServer } from '../server/interfaces/http/test-server.ts';
import { serveFolder } from '../server/interfaces/http/test-server.ts';
import { bareSurroundings } from '../support/bare-surroundings.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { openVisit, textOf, textsOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import type { VisitOptions } from './support/launch.ts';
import { launchBrowser } from './support/launch.ts';

/** The real page over a host made of files: what /proc, /sys and /dev/shm would tell. */
const WEB = join(import.meta.dirname, '../../dist/web');
const [dumps, proc, sys, shm, bare] = [
  ...[sharedTempFolder(), sharedTempFolder(), sharedTempFolder()],
  ...[sharedTempFolder(), sharedTempFolder()],
];
const HOSTILE = Buffer.from('a<b>\x1b[2J"\xff\xe2\x80\xae=1+1', 'latin1');
const HOSTILE_TEXT = displayText(escapeBytes(HOSTILE));

function meminfo(freeKib: number): string {
  return `MemTotal:  8388608 kB\nMemFree:  ${freeKib} kB\nMemAvailable: ${freeKib} kB\nShmem:  1024 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\nNovelty:  7 kB\n`;
}

function writeHost(): void {
  putProcess(proc, { pid: 1, ppid: 0, rss: 10, cmdline: 'init\0' });
  putProcess(proc, { pid: 812, rss: 3000, cmdline: Buffer.concat([HOSTILE, Buffer.from('\0')]) });
  putFile(proc, 'meminfo', meminfo(4_194_304));
  putFile(proc, 'self/mountinfo', '30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n');
  const stall = 'avg10=1.50 avg60=0.00 avg300=0.00 total=10\n';
  putFile(proc, 'pressure/memory', `some ${stall}full ${stall}`);
  putFile(proc, 'sysvipc/shm', 'key shmid size cpid lpid nattch uid rss swap\n0 5 4096 11 12 0 0 4096 0\n');
  const group = (name: string, text: string) => putFile(sys, `fs/cgroup/${name}`, text);
  group('cgroup.controllers', 'memory\n');
  group('app.slice/memory.current', '990\n');
  group('app.slice/memory.max', '1000\n');
  group('app.slice/inner/memory.current', '10\n');
  group('app.slice/inner/memory.max', 'max\n');
  mkdirSync(Buffer.concat([Buffer.from(`${sys}/fs/cgroup/`), HOSTILE]));
  writeFileSync(Buffer.concat([Buffer.from(`${shm}/`), HOSTILE]), 'x');
}

let browser: Browser;
let full: TestServer;
let empty: TestServer;

beforeAll(async () => {
  writeHost();
  putProcess(bare, { pid: 1, ppid: 0, rss: 10 });
  const serve = (roots: Parameters<typeof openSystemReader>[0]) =>
    serveFolder(dumps, dumps, {
      webRoot: WEB,
      surroundings: { ...bareSurroundings('dumps'), system: openSystemReader(roots) },
    });
  browser = await launchBrowser();
  full = await serve({ procRoot: proc, sysRoot: sys, shmRoot: shm });
  empty = await serve({ procRoot: bare, sysRoot: bare, shmRoot: join(bare, 'none') });
});
afterAll(async () => {
  await browser.close();
  for (const server of [full, empty]) {
    await server.close();
    expect(server.failures).toEqual([]);
  }
});
tellWhatAxeSaw();

async function visitSystem(server = full, options: VisitOptions = {}) {
  const visit = await openVisit(browser, server.origin, options);
  await visit.go('/system');
  return visit;
}

const bodyOf = (label: string) => `table[aria-label="${label}"] tbody`;

describe('The system page', () => {
  test('tells memory, and what each key of meminfo means; a key that nobody knows stands as it is', async () => {
    const { page, expectQuiet } = await visitSystem();
    expect(await textOf(page, '.figures .figure')).toBe('4.00 GiB');
    expect(await textsOf(page, '.figures small')).toContain('what does not fit is killed');
    const rows = await textsOf(page, `${bodyOf('Memory figures of the kernel')} tr`);
    expect(rows[0]).toBe('MemTotal8.00 GiBAll RAM that the kernel can use.');
    expect(rows.at(-1)).toBe('Novelty7.00 KiBno description');
    expectQuiet();
  });

  test('finds a key by its name and by its meaning, and says where there is none', async () => {
    const { page } = await visitSystem();
    const found = () => textsOf(page, `${bodyOf('Memory figures of the kernel')} th`);
    await page.type('input[type=search].search:not(#search)', 'NOVEL');
    expect(await found()).toEqual(['Novelty']);
    await page.$eval('input[type=search].search:not(#search)', (input) => {
      (input as HTMLInputElement).select();
    });
    await page.keyboard.type('without swapping');
    expect(await found()).toEqual(['MemAvailable']);
    await page.keyboard.type('zzz');
    expect(await textOf(page, '.empty')).toContain('None of 7 keys');
  });

  test('is renewed while it is looked at, and keeps what the reader typed and opened', async () => {
    const { page } = await visitSystem();
    await page.type('input[type=search].search:not(#search)', 'MemFree');
    putFile(proc, 'meminfo', meminfo(2_097_152));
    await page.waitForFunction(() => document.querySelector('.figures .figure')?.textContent === '6.00 GiB');
    expect(await textsOf(page, `${bodyOf('Memory figures of the kernel')} th`)).toEqual(['MemFree']);
    putFile(proc, 'meminfo', meminfo(4_194_304));
  });

  test('shows control groups as a tree that keys walk and fold, each with its share of its limit', async () => {
    const { page } = await visitSystem();
    const tree = '[role=treegrid][aria-label="Control groups"]';
    const names = () => textsOf(page, `${tree} tbody th .cmd`);
    expect(await names()).toEqual(['/', 'app.slice', 'inner', HOSTILE_TEXT]);
    expect(await textsOf(page, `${tree} .fill`)).toEqual(['99.0 %']);
    await page.focus(`${tree} tbody tr[tabindex="0"]`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    expect(await names()).toEqual(['/', 'app.slice', HOSTILE_TEXT]);
    expect(await page.$eval(':focus', (row) => row.getAttribute('aria-expanded'))).toBe('false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.$eval(':focus', (row) => row.textContent)).toContain('inner');
    expect(await textsOf(page, `${tree} tbody tr:nth-child(3) td:nth-child(3)`)).toEqual(['none']);
  });

  test('shows memory that nobody has attached, and names of any bytes as text', async () => {
    const { page, expectQuiet } = await visitSystem();
    expect(await textOf(page, `${bodyOf('System V shared memory')} .hurting`)).toBe('by nobody');
    expect(await textsOf(page, `${bodyOf('POSIX shared memory')} .cmd`)).toEqual([HOSTILE_TEXT]);
    expect(await textsOf(page, `${bodyOf('Largest processes')} .cmd`)).toEqual([HOSTILE_TEXT, 'init']);
    expect(HOSTILE_TEXT).toContain('\\u{202e}');
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test('of a host that tells next to nothing says so in words, and shows no zero in its place', async () => {
    const { page, expectQuiet } = await visitSystem(empty);
    const text = await textOf(page, 'main');
    for (const words of [
      'This kernel does not measure pressure',
      'No control groups are mounted here.',
      'No file system in memory is mounted here.',
      'There are no System V segments.',
      '/dev/shm cannot be listed.',
    ])
      expect(text).toContain(words);
    expect((await textsOf(page, '.figures .figure')).slice(0, 3)).toEqual(['–', '–', '–']);
    expectQuiet();
  });
});

describe.each([
  { scheme: 'light', width: 1360 },
  { scheme: 'dark', width: 1360 },
  { scheme: 'light', width: 400 },
] as const)('Nothing serious stands in anyone’s way, $scheme at $width px', (options) => {
  test('with everything, and with nothing', async () => {
    for (const server of [full, empty]) {
      const { page } = await visitSystem(server, options);
      expect(await findings(page)).toEqual([]);
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      expect(isWide).toBe(false);
    }
  });
});
