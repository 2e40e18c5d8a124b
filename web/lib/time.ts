import {
  formatMomentBeside as momentBesideIn,
  formatMoment as momentIn,
} from '../../server/domain/moment.ts';
import { formatInstant, lastAtClock, parseInstantQuery } from '../../server/domain/stamp.ts';
import { zoneOffset } from '../../server/domain/time-zone.ts';
import { zone as readerZone } from './reader.ts';

/** Instants as people read them: in the reader's zone, and the zone is named. */

/** `2025-11-21 20:00:07`: also a form that `ts` takes. */
export function formatMoment(t: number, zone = readerZone.value): string {
  return momentIn(t, zone);
}

/** `20:00:07`, with the day in front where that is not the reference's day. */
export function formatMomentBeside(t: number, reference: number, zone = readerZone.value): string {
  return momentBesideIn(t, reference, zone);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `UTC+05:30` */
function offsetLabel(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const sign = offsetMs < 0 ? '−' : '+';
  return minutes === 0
    ? 'UTC'
    : `UTC${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

export function zoneLabel(t: number, zone = readerZone.value): string {
  const offset = offsetLabel(zoneOffset(t, zone));
  return zone === offset ? zone : `${zone}, ${offset}`;
}

/**
 * What was typed as an instant → the form that goes into the URL: absolute UTC, because the server may read
 * wall time in another zone than this browser. What is no instant stays as it is, and the server names it.
 * @param newest instant of the newest sample, which says of which day a time of day is
 */
export function canonicalInstant(typed: string, newest: number | null, zone = readerZone.value): string {
  const text = typed.trim();
  const query = parseInstantQuery(text, zone);
  if (query?.kind === 'clock' && newest !== null)
    return wholeSecond(lastAtClock(query.msOfDay, newest, query.zone));
  if (query?.kind !== 'at') return text;
  return query.from === query.to ? formatInstant(query.from) : wholeSecond(query.from);
}

/** Without milliseconds it means all of the second. */
function wholeSecond(t: number): string {
  return formatInstant(t).replace('.000Z', 'Z');
}

/**
 * Chart axes have no time zone: they read and write wall time as text (a number they would take for an instant of
 * the browser's own zone). One offset for a whole chart, that of its end, so that time neither runs backwards nor
 * jumps where summer time ends or begins; the label names it.
 */
export interface ZoneShift {
  readonly toAxis: (t: number) => string;
  readonly fromAxis: (x: string) => number;
  readonly label: string;
}

export function openZoneShift(zone: string, at: number): ZoneShift {
  const offset = zoneOffset(at, zone);
  return {
    toAxis: (t) => new Date(t + offset).toISOString().slice(0, -1).replace('T', ' '),
    fromAxis: (x) => Date.parse(`${x.trim().replace(' ', 'T')}Z`) - offset,
    label: zoneLabel(at, zone),
  };
}

const INSTANT_IN_TEXT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A sentence of the server, its instants as this reader's clock shows them. */
export function localizeInstants(text: string, zone = readerZone.value): string {
  return text.replace(INSTANT_IN_TEXT, (instant) => formatMoment(Date.parse(instant), zone));
}

/** `4 s`, `3 min`, `2 h`, `5 d`: how long ago, in the one unit that says enough. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Whole seconds: what changes each second is read at a glance. */
export function secondsUntil(instant: number, clock: number): number {
  return Math.max(0, Math.ceil((instant - clock) / 1000));
}
