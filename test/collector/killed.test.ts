import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effort } from '../support/effort.ts';
import { checkDumps } from './check-dumps.ts';
import { bundleProgram, inParallel, startProgram } from './collector-process.ts';
import { fakeHost, memoryFolder, temporaryFolder } from './fake-proc.ts';

/** What a collector that is killed leaves behind, whenever that is. `make torture-collector` does more of it. */

const CYCLES = effort(40, 200);
const LANES = 4;
const LATEST_KILL_MS = 25;

let program: Awaited<ReturnType<typeof bundleProgram>>;

beforeAll(async () => {
  program = await bundleProgram('test/collector/doomed-recorder.ts');
});

afterAll(() => program.remove());

function record(procRoot: string, out: string, mode: 'every' | 'kill', number: number) {
  return startProgram([process.execPath, program.path, procRoot, out, mode, String(number)]);
}

/** One clean run after kills. @returns what then stands in the folder */
async function recover(procRoot: string, out: string) {
  expect(await record(procRoot, out, 'kill', 0).ended).toMatchObject({ code: 0, stderr: '' });
  const report = checkDumps(out);
  expect(report).toMatchObject({ torn: [], temporaries: [], foreign: [] });
  expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  return report;
}

/** How many unfinished dumps there are. */
function countUnfinished(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.csv\.\d+\.tmp$/.test(name)).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe.runIf(process.platform === 'linux')('a collector that is killed', () => {
  test('before any of its system calls leaves whole pairs, and the next start sweeps the rest', async () => {
    const host = fakeHost();
    const parent = memoryFolder();
    const total = Number((await record(host, join(parent, 'all'), 'kill', 0).ended).stdout);
    expect(total).toBeGreaterThan(25);
    const alone: number[] = [];
    await inParallel(total, 2, async (index) => {
      const out = join(parent, `killed-${index + 1}`);
      expect((await record(host, out, 'kill', index + 1).ended).signal).toBe('SIGKILL');
      if (existsSync(out)) expect(checkDumps(out)).toMatchObject({ torn: [], foreign: [] });
      const after = await recover(host, out);
      expect(after.whole).toBeGreaterThanOrEqual(1);
      alone.push(after.uncommitted.length);
    });
    expect(sum(alone)).toBeGreaterThan(0);
    console.log(`killed before each of ${total} system calls: 0 torn, ${sum(alone)} process files alone`);
  }, 180_000);

  test(`${CYCLES} times at random moments leaves whole pairs, and each next start works at once`, async () => {
    const host = fakeHost();
    const folders = Array.from({ length: LANES }, () => temporaryFolder());
    const unfinished: number[] = [];
    await inParallel(LANES, LANES, async (lane) => {
      for (let cycle = 0; cycle < CYCLES / LANES; cycle++) {
        const { child, ended } = record(host, folders[lane], 'every', 2);
        if (child.stdout) await once(child.stdout, 'data');
        await wait(Math.random() * LATEST_KILL_MS);
        child.kill('SIGKILL');
        expect(await ended).toEqual({ code: null, signal: 'SIGKILL', stdout: 'recording\n', stderr: '' });
        unfinished.push(countUnfinished(folders[lane]));
      }
    });
    const reports = await Promise.all(folders.map((folder) => recover(host, folder)));
    const whole = sum(reports.map((report) => report.whole));
    const alone = sum(reports.map((report) => report.uncommitted.length));
    expect(whole).toBeGreaterThan(CYCLES);
    console.log(
      `${CYCLES} kills: ${whole} whole pairs, 0 torn, ${alone} process files alone, ${sum(unfinished)} temporaries swept`,
    );
  }, 300_000);
});

describe('stale temporaries', () => {
  test('are swept when they are of our names and their owner is gone or they are an hour old', async () => {
    const out = temporaryFolder();
    const day = join(out, '20240229');
    mkdirSync(day);
    const dead = 4_194_999;
    const put = (name: string, ageS = 0) => {
      writeFileSync(join(day, name), 'x');
      const t = Date.now() / 1000 - ageS;
      utimesSync(join(day, name), t, t);
    };
    put(`.process_mem_20240229_120000Z.csv.${dead}.tmp`);
    put(`.sys_mem_20240229_120000Z.csv.gz.${dead}.tmp`);
    put(`.process_mem_20240229_120001Z.csv.1.tmp`, 3700);
    put(`.process_mem_20240229_120002Z.csv.1.tmp`);
    put(`.notes.${dead}.tmp`);
    put(`process_mem_20240229_120000Z.csv.${dead}.tmp`);
    mkdirSync(join(day, `.sys_mem_20240229_120003Z.csv.${dead}.tmp`));
    mkdirSync(join(out, `.collector.lock.${dead}.tmp`));
    writeFileSync(join(out, `.sys_mem_20240229_120000.csv.${dead}.tmp`), 'x');
    await record(fakeHost(), out, 'kill', 0).ended;
    expect(readdirSync(day).sort()).toEqual([
      `.notes.${dead}.tmp`,
      `.process_mem_20240229_120002Z.csv.1.tmp`,
      `.sys_mem_20240229_120003Z.csv.${dead}.tmp`,
      `process_mem_20240229_120000Z.csv.${dead}.tmp`,
    ]);
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
