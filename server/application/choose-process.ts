import { MemoryInspectorError } from '../domain/errors.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { History, Life, LifeSpan } from './ports.ts';
import type { OpenSnapshot } from './snapshot-rows.ts';
import { instanceOf } from './snapshot-rows.ts';

/** One life of a process, asked for by pid (the life at that instant) or by key. */
export interface ProcessRequest {
  readonly pid?: number | undefined;
  readonly key?: string | undefined;
}

/** @throws `bad_parameter` where neither is given */
export function requireProcess({ pid, key }: ProcessRequest): void {
  if (pid !== undefined || key !== undefined) return;
  throw new MemoryInspectorError('bad_parameter', 'pid is missing', {
    field: 'pid',
    next: 'Name a process: ?pid=812, or ?key= of a row.',
  });
}

/** Whole time between `t` and a life; 0 while it lives. */
function distance(life: Life, t: number): number {
  return Math.max(0, life.firstSeen - t, t - life.lastSeen);
}

/** A life that spans the instant is not over: nothing was recorded of it then. */
function whereabouts(nearest: Life, t: number): string {
  const stretch = `${formatInstant(nearest.firstSeen)} to ${formatInstant(nearest.lastSeen)}`;
  return distance(nearest, t) === 0
    ? `No sample of it is of ${formatInstant(t)} or the stretch before. Recorded: ${stretch}.`
    : `Not alive at ${formatInstant(t)}. Nearest: ${stretch}.`;
}

/** `No data for PID N`, with the lives of that pid, nearest to `t` first. */
export function noDataForPid(pid: number | string, lives: readonly Life[], t: number): MemoryInspectorError {
  const nearest = [...lives].sort((a, b) => distance(a, t) - distance(b, t));
  const [first] = nearest;
  const next = first ? whereabouts(first, t) : 'No sample holds this process.';
  return new MemoryInspectorError('no_data_for_pid', `No data for PID ${pid}`, {
    field: 'pid',
    next,
    extra: { instances: nearest.map(instanceOf) },
  });
}

/** The lives of the pid that is asked for. */
interface LivesAsked {
  /** The one that is asked for by its key. */
  readonly life: Life | null;
  readonly spans: readonly LifeSpan[];
  /** The same with their commands: they are read meanwhile. Not to wait for it is no error. */
  readonly lives: Promise<readonly Life[]>;
  readonly pid: number;
}

/** @throws `no_data_for_pid` for a key that is not recorded */
export async function livesOf(
  history: History,
  host: string,
  { pid, key }: ProcessRequest,
  t: number,
): Promise<LivesAsked> {
  const life = key === undefined ? null : await history.lifeOfKey(host, key);
  const asked = life?.pid ?? pid;
  if (asked === undefined || (key !== undefined && !life)) throw noDataForPid(pid ?? key ?? '', [], t);
  const spans = await history.spansOfPid(host, asked);
  const lives = history.withCommands(host, spans);
  lives.catch(() => undefined);
  return { life, lives, spans, pid: asked };
}

/** Row of the asked process in a snapshot, −1 where it is not alive there. */
export function rowOfProcess({ table }: OpenSnapshot, life: Life | null, pid: number): number {
  return life ? table.lives.findIndex((one) => one.id === life.id) : table.processes.numbers.pid.indexOf(pid);
}

/** Of a pid the life that is alive at `t`, else the last before it. */
function lifeAt(lives: readonly Life[], t: number): Life | undefined {
  const begun = lives.filter(({ firstSeen }) => firstSeen <= t);
  return begun.find(({ lastSeen }) => lastSeen >= t) ?? begun.at(-1);
}

/** The life with that key, else the one of the pid that is alive at `t` or was last. @throws `no_data_for_pid` */
export async function requireLife(
  history: History,
  host: string,
  request: ProcessRequest,
  t: number,
): Promise<{ readonly life: Life; readonly lives: readonly Life[]; readonly pid: number }> {
  const { life: named, pid, ...asked } = await livesOf(history, host, request, t);
  const lives = await asked.lives;
  const life = named ?? lifeAt(lives, t);
  if (!life) throw noDataForPid(pid, lives, t);
  return { life, lives, pid };
}
