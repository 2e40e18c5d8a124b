import { DAY_MS } from './durations.ts';

/** Wall clocks and zones, by the runtime's own zone data (ECMA-402). */

export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

const FIXED_OFFSET = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/;

/** `+02:00` → ms ahead of UTC. Told apart here, because the zone data of Node 20 refuses offsets. */
function fixedOffset(zone: string): number | null {
  const match = FIXED_OFFSET.exec(zone);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/** Whether this is a zone: one that the runtime knows (`Europe/Berlin`, `UTC`) or an offset (`+02:00`). */
export function isTimeZone(zone: string): boolean {
  if (fixedOffset(zone) !== null) return true;
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The zone of this process. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function wallOfUtc(t: number): WallTime {
  const date = new Date(t);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

const QUARTER_MS = 900_000;
/** Since then clocks have been set at quarters of an hour of UTC only; the last other one was Liberia's, in 1972. */
const QUARTERS_SINCE = Date.UTC(1973, 0);
const MOST_QUARTERS = 20_000;
/** By zone and quarter of an hour: the zone data takes a hundred times as long, and charts tell thousands of instants. */
const offsets = new Map<string, Map<number, number>>();

/** As the runtime's zone data tells it: `01/15/2026, 12:00:07`. */
function offsetByZoneData(t: number, zone: string): number {
  const numbers = formatterOf(zone).format(t).match(/\d+/g) ?? [];
  const [month, day, year, hour, minute, second] = numbers.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(t / 1000) * 1000;
}

/** How far a zone's clock is ahead of UTC at `t`, in ms. */
export function zoneOffset(t: number, zone: string): number {
  const fixed = zone === 'UTC' ? 0 : fixedOffset(zone);
  if (fixed !== null) return fixed;
  if (!(t >= QUARTERS_SINCE)) return offsetByZoneData(t, zone);
  const ofZone = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, ofZone);
  const quarter = Math.floor(t / QUARTER_MS);
  const known = ofZone.get(quarter);
  if (known !== undefined) return known;
  if (ofZone.size >= MOST_QUARTERS) ofZone.clear();
  const offset = offsetByZoneData(t, zone);
  ofZone.set(quarter, offset);
  return offset;
}

/** Epoch ms → the wall time that a clock in `zone` shows. */
export function wallTimeAt(t: number, zone: string): WallTime {
  return wallOfUtc(t + zoneOffset(t, zone));
}

function hasDay({ year, month, day }: WallTime): boolean {
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1)) return false;
  return day <= 28 || day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A wall time read as if it were UTC. `null` where there is no such day or second (2024-02-30, 25:00). */
export function utcFromWall(wall: WallTime): number | null {
  const { year, month, day, hour, minute, second, millisecond } = wall;
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  return isTime && hasDay(wall) ? Date.UTC(year, month - 1, day, hour, minute, second, millisecond) : null;
}

/**
 * A wall time in `zone` → epoch ms. An ambiguous one (the hour that summer time repeats) is its first
 * occurrence; one that the clock skips is read with the offset from before the skip. `null`: no such day.
 */
export function instantFromWall(wall: WallTime, zone: string): number | null {
  const asUtc = utcFromWall(wall);
  if (asUtc === null) return null;
  const before = zoneOffset(asUtc - DAY_MS, zone);
  const after = zoneOffset(asUtc + DAY_MS, zone);
  const candidates = [asUtc - before, asUtc - after].filter((t) => t + zoneOffset(t, zone) === asUtc);
  return candidates.length > 0 ? Math.min(...candidates) : asUtc - before;
}
