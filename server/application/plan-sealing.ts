import { HOUR_MS } from '../domain/durations.ts';
import { formatDay } from '../domain/stamp.ts';
import type { DumpPair } from './dump-ports.ts';
import type { DayOfDumps, Stretch } from './sealing-ports.ts';

/** What of the dumps that no segment holds becomes one now, and what stays in the tail. */
export interface SealPlan {
  /** The newest first. */
  readonly stretches: readonly Stretch[];
  /** In order of time. */
  readonly tail: readonly DumpPair[];
}

/** A recorder may be late, and the process file waits for its system file. */
const GRACE_MS = 60_000;
/** Of a day that is not over: more hours than these are several stretches, for several threads. */
const MOST_HOURS = 6;

/** The begin of the UTC hour that is not over yet, epoch ms; what is older may be sealed. */
export function openHourAt(now: number): number {
  return Math.floor((now - GRACE_MS) / HOUR_MS) * HOUR_MS;
}

function hourOf({ stampInstant }: DumpPair): number {
  return Math.floor(stampInstant / HOUR_MS);
}

/** Hours of which nothing is sealed yet: a part of one that is would overlap with the rest of it. */
function wholeHours({ pairs, unsealed }: DayOfDumps, until: number): ReadonlySet<number> {
  const open = new Set(unsealed);
  const begun = new Set(pairs.filter((pair) => !open.has(pair)).map(hourOf));
  return new Set(
    unsealed
      .filter((pair) => pair.stampInstant < until)
      .map(hourOf)
      .filter((hour) => !begun.has(hour)),
  );
}

/** Sealed hours must not lie within a stretch, so it ends where hours do not follow each other. */
function stretchesOf(hours: readonly number[]): number[][] {
  const stretches: number[][] = [];
  for (const hour of hours) {
    const last = stretches.at(-1);
    if (last && last.length < MOST_HOURS && last[last.length - 1] === hour - 1) last.push(hour);
    else stretches.push([hour]);
  }
  return stretches;
}

/** A day that is not over is sealed by whole hours. */
function planParts(day: DayOfDumps, until: number): SealPlan {
  const hours = wholeHours(day, until);
  const stretches = stretchesOf([...hours].sort((a, b) => a - b)).map((stretch) => {
    const wanted = new Set(stretch);
    const pairs = day.unsealed.filter((pair) => wanted.has(hourOf(pair)));
    return { date: day.date, pairs, isWholeDay: false };
  });
  return { stretches: stretches.reverse(), tail: day.unsealed.filter((pair) => !hours.has(hourOf(pair))) };
}

function planDay(day: DayOfDumps, until: number): SealPlan {
  if (day.date >= formatDay(until)) return planParts(day, until);
  const isDone = day.unsealed.length === 0 && day.isWhole;
  return { stretches: isDone ? [] : [{ date: day.date, pairs: day.pairs, isWholeDay: true }], tail: [] };
}

/** @param now epoch ms */
export function planSealing(days: readonly DayOfDumps[], now: number): SealPlan {
  const until = openHourAt(now);
  const newestFirst = [...days].sort((a, b) => (a.date < b.date ? 1 : -1));
  const plans = newestFirst.map((day) => planDay(day, until));
  return {
    stretches: plans.flatMap(({ stretches }) => stretches),
    tail: plans.flatMap(({ tail }) => tail).sort((a, b) => a.stampInstant - b.stampInstant),
  };
}
