import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecorderRequest } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import type { Measured } from './measure.ts';

const SLEEPERS = 200;
const SAMPLES = 10;
const PS = ['-eo', 'pid,ppid,user,rss,vsz,cmd'];

/** CPU of children that have ended, ms; fields 16 and 17 of /proc/self/stat, proc(5). */
function childCpuMs(): number {
  const stat = execFileSync('cat', [`/proc/${process.pid}/stat`], { encoding: 'latin1' });
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function recorderCpuMs(out: string): Promise<number> {
  const request = readRecorderRequest(
    ['--interval', '1s', '--count', String(SAMPLES), '--out', out, '--quiet'],
    'bench',
  );
  if (request.kind !== 'record') throw new Error('no recording');
  const start = process.cpuUsage();
  await openRecorder(request.options).done;
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / SAMPLES;
}

/** One sample a second of a population with 200 more sleepers, beside `ps` asking for the same columns. */
export async function benchSample(): Promise<Measured[]> {
  const sleepers = Array.from({ length: SLEEPERS }, () => spawn('sleep', ['600'], { stdio: 'ignore' }));
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    await sleep(500);
    const ours = await recorderCpuMs(out);
    const before = childCpuMs();
    for (let at = 0; at < SAMPLES; at++) execFileSync('ps', PS, { maxBuffer: 1 << 26 });
    const theirs = (childCpuMs() - before) / SAMPLES;
    const what = `record one sample of ${SLEEPERS} sleepers and the rest (CPU)`;
    return [{ what, ours, peer: `ps ${PS.join(' ')}`, theirs, unit: 'ms' }];
  } finally {
    for (const one of sleepers) one.kill();
    rmSync(out, { recursive: true });
  }
}
