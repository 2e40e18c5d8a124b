import { lifetimeSeconds } from '../../../domain/lifetime.ts';
import { bootPrefix, strongKey, weakKey } from '../../../domain/process-key.ts';
import type { SystemRow } from '../../../domain/sample.ts';
import type { DayLives } from './day-lives.ts';
import { INTS, LIFE, PARENT_LIFE, PARENT_ROW } from './day-rows.ts';
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

/** A day whose rows have their final order. Lives are numbered by pid, then start, then key. */
export interface SortedDay {
  readonly day: HostDay;
  /** In order of time. */
  readonly samples: readonly DaySample[];
  readonly lives: readonly SortedLife[];
  /** Rows by life, then time. */
  readonly order: Uint32Array;
  /** The rows of life `i` are `order[begin[i] … begin[i + 1]]`. */
  readonly begin: Uint32Array;
}

interface Sightings {
  /** Rows of each life. */
  readonly rows: Uint32Array;
  /** The first sample of each. */
  readonly first: readonly DaySample[];
}

function lookAtLives({ rows, lives }: HostDay, samples: readonly DaySample[]): Sightings {
  const seen: Sightings & { first: DaySample[] } = { rows: new Uint32Array(lives.count), first: [] };
  for (const sample of samples) {
    const end = sample.first + sample.count;
    for (let row = sample.first; row < end; row++) {
      const life = rows.ints[row * INTS + LIFE];
      if (seen.rows[life]++ === 0) seen.first[life] = sample;
    }
  }
  return seen;
}

function startOf(lives: DayLives, life: number, { t, uptimeSeconds, clockTicks }: SystemRow): number {
  if (!Number.isNaN(lives.since[life])) return lives.since[life];
  const age = lifetimeSeconds(uptimeSeconds ?? Number.NaN, lives.startTicks[life], clockTicks ?? Number.NaN);
  return Math.round(t - (Number.isNaN(age) ? 0 : age) * 1000);
}

function describeLives({ host, lives, boots }: HostDay, first: readonly DaySample[]): SortedLife[] {
  const prefixes = boots.texts.map((boot) => bootPrefix(host, boot));
  return lives.pid.map((pid, life) => {
    const startTicks = lives.startTicks[life];
    const weak = Number.isNaN(startTicks);
    const key = weak
      ? weakKey(host, pid, lives.since[life])
      : strongKey(prefixes[lives.boot[life]], pid, startTicks);
    return { key, pid, weak, startTicks, started: startOf(lives, life, first[life].system) };
  });
}

function isBefore(a: SortedLife, b: SortedLife): number {
  if (a.pid !== b.pid) return a.pid - b.pid;
  if (a.started !== b.started) return a.started - b.started;
  return a.key < b.key ? -1 : 1;
}

/** Numbers the lives of the rows anew, and finds those of the parents. */
function renumber({ rows: { count, ints } }: HostDay, rank: Int32Array): void {
  for (let at = LIFE; at < count * INTS; at += INTS) ints[at] = rank[ints[at]];
  for (let at = 0; at < count * INTS; at += INTS) {
    const up = ints[at + PARENT_ROW];
    ints[at + PARENT_LIFE] = up < 0 ? -1 : ints[up * INTS + LIFE];
  }
}

function countingSort({ rows }: HostDay, samples: readonly DaySample[], begin: Uint32Array): Uint32Array {
  const next = begin.slice();
  const order = new Uint32Array(rows.count);
  for (const sample of samples) {
    const end = sample.first + sample.count;
    for (let row = sample.first; row < end; row++) order[next[rows.ints[row * INTS + LIFE]]++] = row;
  }
  return order;
}

/**
 * Puts the rows of a day in order. Every row must have its life.
 * @param samples of the day, in order of time
 */
export function sortDay(day: HostDay, samples: readonly DaySample[]): SortedDay {
  const seen = lookAtLives(day, samples);
  const described = describeLives(day, seen.first);
  const byRank = Uint32Array.from(described, (_, life) => life).sort((a, b) =>
    isBefore(described[a], described[b]),
  );
  const rank = new Int32Array(described.length);
  const begin = new Uint32Array(described.length + 1);
  byRank.forEach((life, at) => {
    rank[life] = at;
    begin[at + 1] = begin[at] + seen.rows[life];
  });
  renumber(day, rank);
  const lives = Array.from(byRank, (life) => described[life]);
  return { day, samples, lives, order: countingSort(day, samples, begin), begin };
}

/** The samples of a day in order of time. */
export function samplesInTime({ samples }: HostDay): readonly DaySample[] {
  return samples.toSorted((a, b) => a.system.t - b.system.t);
}
