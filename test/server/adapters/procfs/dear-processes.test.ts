import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import type { Subject } from '../../../bench/analysis/subjects.ts';
import { startWithBytes, startWithRegions } from '../../../bench/analysis/subjects.ts';
import { PMI } from '../../interfaces/cli/run-pmi.ts';

const REGIONS = 60_000;
const hasPython = existsSync('/usr/bin/python3');
const mayBeOther = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv');
const probe = openProcessProbe();
const never = new AbortController().signal;

function readRollup(pid: number, key: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(new RegExp(`^${key}: +(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024;
}

describe.runIf(hasPython)('a process of 60 000 regions', () => {
  let subject: Subject;

  beforeAll(async () => {
    subject = await startWithRegions(REGIONS);
  });
  afterAll(() => subject.kill('SIGKILL'));

  test('is read whole, in order, and its sums are those of the kernel', async () => {
    const { figures, missing } = await probe.readRegions(await probe.identify(subject.pid, never), never);
    expect(missing).toEqual([]);
    if (!figures) throw new Error('nothing was read');
    const { regions, totals, map } = figures;
    expect(regions.length).toBeGreaterThanOrEqual(REGIONS);
    expect(totals.regions).toBe(regions.length);
    expect(totals.rss_bytes).toBe(readRollup(subject.pid, 'Rss'));
    for (let at = 1; at < regions.length; at++)
      if (regions.at(at).start < regions.at(at - 1).end)
        throw new Error(`region ${at} overlaps the one before`);
    expect(map.length).toBeLessThanOrEqual(4000);
    expect(map.reduce((sum, one) => sum + one.regions, 0)).toBe(regions.length);
  });

  test('is given up in the middle, and other work has its turns while it is read', async () => {
    const identity = await probe.identify(subject.pid, never);
    const leaving = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      turns++;
      if (turns === 10) leaving.abort();
    }, 1);
    await expect(probe.readRegions(identity, leaving.signal)).rejects.toMatchObject({ code: 'client_gone' });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(10);
  });
});

test.runIf(hasPython)('a large process tells in its memory what it has touched', async () => {
  const subject = await startWithBytes(256 * 1024 ** 2);
  onTestFinished(() => {
    subject.kill('SIGKILL');
  });
  const { figures } = await probe.readMemory(await probe.identify(subject.pid, never), never);
  expect(figures.rss_bytes).toBeGreaterThan(256 * 1024 ** 2);
  expect(figures.uss_bytes).toBeGreaterThan(256 * 1024 ** 2);
});

test.runIf(mayBeOther)('who may not read a process is told what may be read, and what helps', async () => {
  const child = spawn(
    '/usr/bin/setpriv',
    [
      ...['--reuid=65534', '--regid=65534', '--clear-groups'],
      ...[
        process.execPath,
        PMI,
        'analyze',
        String(process.pid),
        '--memory',
        '--regions',
        '--layout',
        '--json',
      ],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  const { memory, totals, layout, rows, missing, process: subject } = JSON.parse(out);
  expect(subject.comm).toBe(readFileSync('/proc/self/comm', 'utf8').trim());
  expect(memory.rss_bytes).toBeGreaterThan(0);
  expect([memory.pss_bytes, memory.uss_bytes, totals, layout, rows]).toEqual([null, null, null, null, []]);
  const text = expect.stringMatching(/own user, root, or with CAP_SYS_PTRACE/);
  expect(missing).toEqual([
    { what: 'smaps_rollup', reason: 'permission', text },
    { what: 'smaps', reason: 'permission', text },
  ]);
});
