import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from './collector-process.ts';
import { memoryFolder } from './fake-proc.ts';

/** The short form of `make soak-collector`. */

let program: Awaited<ReturnType<typeof bundleProgram>>;

beforeAll(async () => {
  program = await bundleProgram('collector/main.ts');
});

afterAll(() => program.remove());

function countDumps(out: string): number {
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('sys_mem'))
    .length;
}

/** Descriptors that are not those of processes, and MiB of its own memory. */
function readCost(pid: number) {
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const anonymous = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return { others: descriptors - processes, mib: Number(anonymous) / 1024 };
}

describe.runIf(process.platform === 'linux')('a recorder that runs on and on', () => {
  test('keeps its size and its descriptors while processes come and go', async () => {
    const out = memoryFolder();
    const churn = spawn('sh', ['-c', 'while :; do sleep 0.05 & sleep 0.02; done'], { stdio: 'ignore' });
    const { child, ended } = startProgram([
      process.execPath,
      program.path,
      '--interval',
      '10ms',
      '--out',
      out,
    ]);
    onTestFinished(() => {
      churn.kill('SIGKILL');
      child.kill('SIGKILL');
    });
    const { pid } = child;
    if (pid === undefined) throw new Error('no recorder');
    const after = async (samples: number) => {
      await expect.poll(() => countDumps(out), { timeout: 20_000, interval: 50 }).toBeGreaterThan(samples);
      return readCost(pid);
    };
    const early = await after(100);
    const late = await after(350);
    expect(Math.abs(late.others - early.others)).toBeLessThan(30);
    expect(late.mib - early.mib).toBeLessThan(12);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  }, 40_000);
});
