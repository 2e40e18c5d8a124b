import { MIB } from '../../../server/domain/units.ts';
import type { ProcessLiteral, SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../support/dump-builder.ts';

/** A small host: services, a build with many children, a leak, a reused PID, a gap in the middle. */

export const STEP_S = 60;
export const SAMPLES = 40;
/** Samples in which nothing was recorded. */
const GAP = { first: 15, last: 24 };
const WORKERS = 15;
export const PID = { init: 1, kernel: 2, server: 812, leak: 977, reused: 4000 } as const;

/** Epoch ms of the nth sample. */
export function sampleAt(index: number): number {
  return HISTORY_START + index * STEP_S * 1000;
}

export const lastSample = sampleAt(SAMPLES - 1);

function workers(): ProcessLiteral[] {
  return Array.from({ length: WORKERS }, (_, index) => ({
    pid: 1000 + index,
    ppid: PID.server,
    user: 'app',
    rss_mb: 60 - index,
    pss_mb: 40,
    swap_mb: 1,
    cmd: `node worker.js --id ${index}`,
  }));
}

/** One PID, two lives: a compiler early on, a shell later. */
function reused(index: number): ProcessLiteral[] {
  const shared = { pid: PID.reused, ppid: PID.init, user: 'me' };
  if (index < 10) return [{ ...shared, start: 100, rss_mb: 300, cmd: '/usr/bin/cc1 -quiet main.c' }];
  return index < 28 ? [] : [{ ...shared, start: 268_000, rss_mb: 12, cmd: 'bash' }];
}

function processes(index: number): ProcessLiteral[] {
  return [
    { pid: PID.init, rss_mb: 12, comm: 'systemd', cmd: '/sbin/init' },
    { pid: PID.kernel, rss_mb: 0, comm: 'kthreadd', cmd: '' },
    { pid: 30, ppid: PID.kernel, rss_mb: 0, comm: 'kworker/0:1', cmd: '' },
    {
      pid: PID.server,
      ppid: PID.init,
      user: 'app',
      rss_mb: 200,
      pss_mb: 150,
      cmd: 'node /srv/app/server.js',
    },
    ...workers(),
    { pid: 1200, ppid: 1000, user: 'app', rss_mb: 25, cmd: 'esbuild --ping' },
    {
      pid: PID.leak,
      ppid: PID.init,
      user: 'app',
      rss_mb: 100 + index * 40,
      cmd: 'python3 worker.py --queue default',
    },
    ...reused(index),
  ];
}

function system(index: number): NonNullable<SampleLiteral['system']> {
  return {
    mem_available_bytes: (6144 - index * 40) * MIB,
    shmem_bytes: 200 * MIB,
    swap_total_bytes: 2048 * MIB,
    swap_free_bytes: (2048 - index) * MIB,
    buffers_bytes: 100 * MIB,
    cached_bytes: 900 * MIB,
    s_reclaimable_bytes: 50 * MIB,
  };
}

function indexes(): number[] {
  const all = Array.from({ length: SAMPLES }, (_, index) => index);
  return all.filter((index) => index < GAP.first || index > GAP.last);
}

export function writeSmallHost(folder: string): void {
  writeHistory(
    folder,
    indexes().map((index) => ({
      t: index * STEP_S,
      host: 'web-1',
      label: 'demo',
      system: system(index),
      processes: processes(index),
    })),
  );
}

/** Every name is that of a process of its own, below one parent; three samples. */
export function writeNamedProcesses(folder: string, names: readonly string[]): void {
  const named = names.map((cmd, index) => ({
    pid: 2000 + index,
    ppid: 10,
    rss_mb: 500 - index,
    cmd,
    comm: cmd.slice(0, 15).replace(/\\x?[0-9a-f]?$/, ''),
    user: cmd.slice(0, 20).replace(/\\x?[0-9a-f]?$/, ''),
    cgroup: cmd.slice(0, 60).replace(/\\x?[0-9a-f]?$/, ''),
  }));
  const samples = [0, 60, 120].map((t) => ({
    t,
    processes: [{ pid: 10, rss_mb: 5, cmd: names[0], comm: 'x' }, ...named],
  }));
  writeHistory(folder, samples);
}
