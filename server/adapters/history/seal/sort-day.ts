import { startedAt } from '../../../domain/lifetime.ts';
import { bootPrefix, strongKey, weakKey } from '../../../domain/process-key.ts';
import type { SystemRow } from '../../../domain/sample.ts';
import type { DayLives } from './day-lives.ts';
import { PARENT, WORDS } from './day-rows.ts';
import type { DaySample, HostDay } from './host-day.ts';

/** A life as it will stand in the segment. */
export interface SortedLife {
  readonly key: string;
  readonly pid: number;
  readonly weak: boolean;
  /** `NaN`: unknown. */
  readonly startTicks: number;
  /** Epoch ms. */
  readonly started: number;
}

interface DescribedLife extends SortedLife {
  /** Its number in the order in which they came. */
  readonly came: number;
}

/** A day whose lives have their final numbers: by pid, then start, then key. */
export interface SortedDay {
  readonly day: HostDay;
  /** In order of time. */
  readonly samples: readonly DaySample[];
  readonly lives: readonly SortedLife[];
}

/** The first sample of each life. */
function firstSightings({ rows: { life }, lives }: HostDay, samples: readonly DaySample[]): DaySample[] {
  const first = new Array<DaySample>(lives.count);
  for (const sample of samples) {
    const end = sample.first + sample.count;
    for (let row = sample.first; row < end; row++) first[life[row]] ??= sample;
  }
  return first;
}

function startOf(lives: DayLives, life: number, { t, uptimeSeconds, clockTicks }: SystemRow): number {
  if (!Number.isNaN(lives.since[life])) return lives.since[life];
  return startedAt(t, lives.startTicks[life], uptimeSeconds ?? Number.NaN, clockTicks ?? Number.NaN);
}

function describeLives({ host, lives, boots }: HostDay, first: readonly DaySample[]): DescribedLife[] {
  const prefixes = boots.texts.map((boot) => bootPrefix(host, boot));
  const described: DescribedLife[] = [];
  for (let life = 0; life < lives.count; life++) {
    const pid = lives.pid[life];
    const startTicks = lives.startTicks[life];
    const weak = Number.isNaN(startTicks);
    const key = weak
      ? weakKey(host, pid, lives.since[life])
      : strongKey(prefixes[lives.boot[life]], pid, startTicks);
    const started = startOf(lives, life, first[life].system);
    described.push({ key, pid, weak, startTicks, started, came: life });
  }
  return described;
}

function isBefore(a: SortedLife, b: SortedLife): number {
  if (a.pid !== b.pid) return a.pid - b.pid;
  if (a.started !== b.started) return a.started - b.started;
  return a.key < b.key ? -1 : 1;
}

/** Numbers the lives of the rows anew, and finds those of the parents. */
function renumber({ rows: { count, life, ints } }: HostDay, rank: Int32Array): void {
  for (let row = 0; row < count; row++) life[row] = rank[life[row]];
  for (let at = PARENT; at < count * WORDS; at += WORDS) if (ints[at] >= 0) ints[at] = life[ints[at]];
}

/**
 * Puts the lives of a day in order. Every row must have its life.
 * @param samples of the day, in order of time
 */
export function sortDay(day: HostDay, samples: readonly DaySample[]): SortedDay {
  const described = describeLives(day, firstSightings(day, samples));
  const lives = described.sort(isBefore);
  const rank = new Int32Array(lives.length);
  for (let at = 0; at < lives.length; at++) rank[lives[at].came] = at;
  renumber(day, rank);
  return { day, samples, lives };
}

/** The samples of a day in order of time. */
export function samplesInTime({ samples }: HostDay): readonly DaySample[] {
  return samples.toSorted((a, b) => a.system.t - b.system.t);
}
