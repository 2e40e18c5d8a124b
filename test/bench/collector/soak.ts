import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeHost, writeFigures } from '../figures.ts';
import { descriptorCount, listDumps, residentMib } from './meter.ts';
import { startPopulation } from './population.ts';

/**
 * 10 000 samples as fast as they can be taken, while processes come and go: the recorder must end as large as it
 * was half-way, with as many descriptors.
 */

const WORDS = process.argv.slice(3);
const SAMPLES = Number(WORDS.find((word) => /^\d+$/.test(word)) ?? 10_000);
const SLEEPERS = 100;
const INTERVAL = '10ms';
const CHURN = 'while :; do sleep 0.05 & sleep 0.02; done';
const COLLECTOR = fileURLToPath(new URL('collector.mjs', import.meta.url));

interface Reading {
  readonly sample: number;
  readonly mib: number;
  readonly descriptors: number;
}

/** Least squares: MiB per 1000 samples. */
function slopeOf(readings: readonly Reading[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(readings.map(({ sample }) => sample));
  const y = mean(readings.map(({ mib }) => mib));
  const numerator = readings.reduce((sum, { sample, mib }) => sum + (sample - x) * (mib - y), 0);
  const denominator = readings.reduce((sum, { sample }) => sum + (sample - x) ** 2, 0);
  return (1000 * numerator) / denominator;
}

function describe(readings: readonly Reading[]): string {
  const mib = readings.map((reading) => reading.mib);
  const descriptors = readings.map((reading) => reading.descriptors);
  const range = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;
  return `RSS ${range(mib)} MiB, slope ${slopeOf(readings).toFixed(2)} MiB per 1000 samples; ${range(descriptors)} descriptors`;
}

/** Counts dumps and removes them: a soak is not to fill the disk. */
function takeDumps(out: string): number {
  const dumps = listDumps(out).slice(0, -1);
  for (const name of dumps) {
    rmSync(name);
    rmSync(name.replace('sys_mem', 'process_mem'));
  }
  return dumps.length;
}

async function soak(pid: number, out: string): Promise<Reading[]> {
  const readings: Reading[] = [];
  let sample = 0;
  while (sample < SAMPLES) {
    await wait(1000);
    sample += takeDumps(out);
    readings.push({ sample, mib: residentMib(pid), descriptors: descriptorCount(pid) });
    if (readings.length % 10 === 0) console.log(`${sample} samples, ${readings.at(-1)?.mib.toFixed(1)} MiB`);
  }
  return readings;
}

const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folder = mkdtempSync(join(parent, 'soak-collector-'));
const out = join(folder, 'dumps');
const population = await startPopulation(SLEEPERS);
const churn = spawn('sh', ['-c', CHURN], { stdio: 'ignore' });
const args = [COLLECTOR, '--interval', INTERVAL, '--quiet', '--out', out];
const recorder = spawn(process.execPath, args, { stdio: 'inherit' });
try {
  await wait(1000);
  if (recorder.pid === undefined) throw new Error('no recorder');
  const readings = await soak(recorder.pid, out);
  const steady = readings.filter(({ sample }) => sample > SAMPLES / 2);
  const figures = `Second half of ${readings.at(-1)?.sample} samples: ${describe(steady)}.`;
  console.log(figures);
  if (WORDS.includes('--write')) writeFigures('soak:collector', `${describeHost()}\n${figures}`);
} finally {
  recorder.kill();
  churn.kill();
  population.end();
  await wait(200);
  rmSync(folder, { recursive: true });
}
