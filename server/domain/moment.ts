import type { WallTime } from './time-zone.ts';
import { wallTimeAt } from './time-zone.ts';

/** Instants as people read them: wall time in a zone. */

function digits(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

function dayOf(wall: WallTime): string {
  return `${digits(wall.year, 4)}-${digits(wall.month)}-${digits(wall.day)}`;
}

function clockOf(wall: WallTime): string {
  return `${digits(wall.hour)}:${digits(wall.minute)}:${digits(wall.second)}`;
}

/** `2025-11-21 20:00:07`: also a form that `ts` takes. */
export function formatMoment(t: number, zone: string): string {
  const wall = wallTimeAt(t, zone);
  return `${dayOf(wall)} ${clockOf(wall)}`;
}

/** `20:00:07`, with the day in front where that is not the reference's day. */
export function formatMomentBeside(t: number, reference: number, zone: string): string {
  const wall = wallTimeAt(t, zone);
  const other = wallTimeAt(reference, zone);
  const isSameDay = wall.day === other.day && wall.month === other.month && wall.year === other.year;
  return isSameDay ? clockOf(wall) : `${dayOf(wall)} ${clockOf(wall)}`;
}

/** `20:00` of `20:00:00`; a second that is not 0 is told. */
export function withoutZeroSeconds(moment: string): string {
  return moment.replace(/(\d\d:\d\d):00$/, '$1');
}
