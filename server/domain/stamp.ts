import { DAY_MS, HOUR_MS, MINUTE_MS, UNIT_MS } from './durations.ts';
import type { WallTime } from './time-zone.ts';
import { instantFromWall, utcFromWall, wallTimeAt } from './time-zone.ts';

/** Stamps in file names and instants in queries. Inside, an instant is epoch milliseconds UTC. */

export interface Stamp {
  readonly wall: WallTime;
  readonly isUtc: boolean;
  readonly hasMilliseconds: boolean;
}

const STAMP = /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})(?:_(\d{3}))?(Z?)$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i;
const RELATIVE = /^-(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
const EPOCH_MS = /^\d{1,16}$/;
const LARGEST_INSTANT = 8.64e15;

function wallOf(parts: readonly (string | undefined)[]): WallTime {
  const [year, month, day, hour, minute, second, fraction] = parts;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? '').padEnd(3, '0')),
  };
}

/** `YYYYMMDD_HHMMSS[_mmm][Z]` → its parts; `null` where it is not a stamp or names a day that does not exist. */
export function parseStamp(text: string): Stamp | null {
  const match = STAMP.exec(text);
  if (!match) return null;
  const wall = wallOf(match.slice(1, 8));
  if (utcFromWall(wall) === null) return null;
  return { wall, isUtc: match[8] === 'Z', hasMilliseconds: match[7] !== undefined };
}

/** A stamp → epoch ms; without `Z` it is wall time in `zone`. */
export function instantOfStamp(stamp: Stamp, zone: string): number | null {
  return stamp.isUtc ? utcFromWall(stamp.wall) : instantFromWall(stamp.wall, zone);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Epoch ms → `YYYYMMDD_HHMMSSZ`, or with milliseconds `YYYYMMDD_HHMMSS_mmmZ`. */
export function formatStamp(t: number, withMilliseconds = false): string {
  const d = new Date(t);
  const day = `${digits(d.getUTCFullYear(), 4)}${digits(d.getUTCMonth() + 1, 2)}${digits(d.getUTCDate(), 2)}`;
  const time = `${digits(d.getUTCHours(), 2)}${digits(d.getUTCMinutes(), 2)}${digits(d.getUTCSeconds(), 2)}`;
  return `${day}_${time}${withMilliseconds ? `_${digits(d.getUTCMilliseconds(), 3)}` : ''}Z`;
}

/** Epoch ms → ISO 8601 UTC with milliseconds, the only form of an instant in JSON. */
export function formatInstant(t: number): string {
  return new Date(t).toISOString();
}

/** What a query asks for, before the history is known. */
export type InstantQuery =
  | { readonly kind: 'latest' }
  | { readonly kind: 'before-newest'; readonly ms: number }
  /** The last time that a clock in `zone` showed this, up to the newest sample. */
  | { readonly kind: 'clock'; readonly msOfDay: number; readonly zone: string }
  | { readonly kind: 'at'; readonly from: number; readonly to: number };

function second(t: number | null, exact: boolean): InstantQuery | null {
  if (t === null || Math.abs(t) > LARGEST_INSTANT) return null;
  return { kind: 'at', from: t, to: exact ? t : t + 999 };
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

function parseClock(text: string, zone: string): InstantQuery | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [hour, minute, seconds] = [match[1], match[2], match[3] ?? '0'].map(Number);
  return { kind: 'clock', msOfDay: ((hour * 60 + minute) * 60 + seconds) * 1000, zone };
}

/** The last instant up to `newest` at which a clock in `zone` showed this time of day. */
export function lastAtClock(msOfDay: number, newest: number, zone: string): number {
  const today = wallTimeAt(newest, zone);
  const [hour, minute, seconds] = [HOUR_MS, MINUTE_MS, 1000].map((unit) => Math.floor(msOfDay / unit) % 60);
  const clock = { hour, minute, second: seconds, millisecond: 0 };
  const at = instantFromWall({ ...today, ...clock }, zone);
  if (at !== null && at <= newest) return at;
  // Noon less a day is the day before, also where summer time begins or ends.
  const noon = instantFromWall({ ...today, hour: 12, minute: 0, second: 0, millisecond: 0 }, zone) ?? newest;
  return instantFromWall({ ...wallTimeAt(noon - DAY_MS, zone), ...clock }, zone) ?? newest;
}

function beforeNewest(ms: number): InstantQuery | null {
  return ms <= LARGEST_INSTANT ? { kind: 'before-newest', ms } : null;
}

function parseIso(text: string, zone: string): InstantQuery | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const wall = wallOf(match.slice(1, 8));
  const exact = match[7] !== undefined;
  const offset = match[8];
  if (!offset) return second(instantFromWall(wall, zone), exact);
  const asUtc = utcFromWall(wall);
  return second(asUtc === null ? null : asUtc - offsetMs(offset), exact);
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * `ts`, `from`, `to`: stamp, ISO 8601, epoch ms, `-3m` (before the newest sample), `03:12` or `latest`.
 * Without milliseconds it means a whole second: `from` its start, `to` its end. Without a zone: `zone`.
 * @returns `null` where it is none of these
 */
export function parseInstantQuery(text: string, zone: string): InstantQuery | null {
  if (text === 'latest') return { kind: 'latest' };
  const relative = RELATIVE.exec(text);
  if (relative) return beforeNewest(Math.round(Number(relative[1]) * UNIT_MS[relative[2]]));
  const stamp = parseStamp(text);
  if (stamp) return second(instantOfStamp(stamp, zone), stamp.hasMilliseconds);
  if (EPOCH_MS.test(text)) return second(Number(text), true);
  return parseClock(text, zone) ?? parseIso(text, zone);
}

/** The UTC day of an instant: `YYYY-MM-DD`. */
export function formatDay(t: number): string {
  return new Date(t).toISOString().slice(0, 10);
}
