import type { Sample } from '../../server/domain/sample.ts';
import { demoScenario } from './demo-scenario.ts';
import type { HistoryOptions } from './options.ts';
import { parseOptions } from './options.ts';
import { simulateHost } from './simulate-host.ts';

/** The demo host's samples as tests look at them. */

export function options(flags = ''): HistoryOptions {
  const parsed = parseOptions(['--out', 'x', ...flags.split(' ').filter(Boolean)]);
  if (!parsed) throw new Error('no help was asked for');
  return parsed;
}

export function samplesOf(flags = ''): Sample[] {
  return [...simulateHost(demoScenario(options(flags)))];
}

export interface Seen {
  readonly t: number;
  readonly boot: string | null;
  readonly pid: number;
  readonly ppid: number;
  readonly start: number;
  readonly rss: number;
  readonly pss: number;
  readonly user: string | null;
  readonly cmd: string;
}

export function processesOf({ system, processes }: Sample): Seen[] {
  if (!processes) return [];
  const { numbers, texts } = processes;
  return texts.cmd.map((cmd, row) => ({
    t: system.t,
    boot: system.bootId,
    pid: numbers.pid[row],
    ppid: numbers.ppid[row],
    start: numbers.start_ticks[row],
    rss: numbers.rss_bytes[row],
    pss: numbers.pss_bytes[row],
    user: texts.user[row],
    cmd: cmd ?? '',
  }));
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** A figure of the system's row; 0 where it is unknown. */
export function figure({ system }: Sample, id: keyof Sample['system']['values']): number {
  return system.values[id] ?? 0;
}
