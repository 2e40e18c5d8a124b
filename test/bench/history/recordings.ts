import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Recordings of an imaginary host, made once and kept: the simulator's, so that figures stay comparable. */

const SIMULATOR = resolve('test/bench/history/simulate-host.mjs');
/** Beside no checkout: `npm ci` would take hours of dumps away with the packages. */
export const CACHE = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'pid-memory-inspector',
  'bench-history',
);

function simulate(name: string, words: readonly string[]): string {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  console.error(`making ${name} …`);
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${folder}.unfinished-${process.pid}`;
  execFileSync(process.execPath, [SIMULATOR, '--out', unfinished, '--procs', '300', ...words], {
    stdio: 'ignore',
  });
  renameSync(unfinished, folder);
  return folder;
}

/** 30 days of minutes: 86 400 files, 13.4 million rows, 2.2 GB. */
export function monthOfMinutes(): string {
  return simulate('month', ['--hours', '720']);
}

const DUMPS_OF_TODAY = 8640;

/** 8640 dumps between midnight (UTC) and now; `null` in the first hours of a day, which are too short for them. */
export function manyOfToday(now = Date.now()): string | null {
  const midnight = Math.floor(now / 86_400_000) * 86_400_000;
  const interval = Math.floor((now - midnight) / 1000 / DUMPS_OF_TODAY);
  if (interval < 1) return null;
  const hours = String((DUMPS_OF_TODAY * interval) / 3600);
  const start = new Date(midnight).toISOString();
  const name = `today-${start.slice(0, 10)}-${interval}s`;
  return simulate(name, ['--start', start, '--interval', String(interval), '--hours', hours]);
}
