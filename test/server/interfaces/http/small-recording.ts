import { MIB } from '../../../../server/domain/units.ts';
import type { ProcessLiteral, SampleLiteral } from '../../../support/dump-builder.ts';

/** Four minutes of a host in small, its figures easy to add up: init 10 MiB, web with two workers, a shell. */

const init: ProcessLiteral = { pid: 1, rss_mb: 10, start: 0, cmd: '/sbin/init', comm: 'init', pss_mb: 8 };
const shell: ProcessLiteral = { pid: 90, ppid: 1, rss_mb: 5, start: 90_000, cmd: '-bash', swap_mb: 2 };

function web(rss_mb: number): ProcessLiteral {
  return { pid: 20, ppid: 1, rss_mb, start: 2000, user: 'www', cmd: '/usr/bin/web --all', pss_mb: 40 };
}
function worker(pid: number, rss_mb: number): ProcessLiteral {
  return { pid, ppid: 20, rss_mb, start: 3000 + pid, user: 'www', cmd: '/usr/bin/web worker' };
}

export const SMALL_RECORDING: readonly SampleLiteral[] = [
  { t: 0, processes: [init, web(50), worker(21, 100), worker(22, 1)] },
  { t: 60, processes: [init, web(60), worker(21, 20), worker(22, 90), shell] },
  {
    t: 120,
    processes: [init, web(70), worker(21, 30), worker(22, 40), shell],
    system: {
      swap_total_bytes: 1024 * MIB,
      swap_free_bytes: 1000 * MIB,
      shmem_bytes: 64 * MIB,
      buffers_bytes: 32 * MIB,
      cached_bytes: 512 * MIB,
      s_reclaimable_bytes: 32 * MIB,
    },
  },
  { t: 180, processes: null },
];

/** The newest sample with processes. */
export const NEWEST = '2026-01-15T12:02:00.000Z';
export const FIRST = '2026-01-15T12:00:00.000Z';
export const SECOND = '2026-01-15T12:01:00.000Z';

/** Every view with parameters under which it answers 200. */
export const VIEWS = [
  '/api/v1/',
  '/api/v1/snapshots',
  '/api/v1/snapshot/level',
  '/api/v1/snapshot/pid?pid=20',
  '/api/v1/snapshot/pid/plot?pid=20',
  '/api/v1/snapshot',
  '/api/v1/facets',
  '/api/v1/groups?by=exe',
  '/api/v1/sparklines?keys=s1-20-2000',
  '/api/v1/search?q=web',
  '/api/v1/answer',
  '/api/v1/top',
  '/api/v1/composition?pid=20',
  '/api/v1/minimap',
  '/api/v1/watch-groups',
  '/api/v1/alerts',
] as const;

/** Adds parameters to a path that may have some. */
export function withParameters(path: string, parameters: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${parameters}`;
}
