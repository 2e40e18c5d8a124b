import { formatStamp } from './stamp.ts';

/** Where moments are kept in a dump folder: a folder for each UTC day, in it a file for each life. */

/** Names with a dot in front are no dumps, days or hosts to those who list the dump folder. */
export const REGIONS_FOLDER = '.regions';

/** `s…-812-3524058` of process-key.ts. */
const FILE = /^regions_(s[0-9a-z]+-(\d+)-\d+)\.csv$/;
const DAY = /^\d{8}$/;

export function isRegionDay(name: string): boolean {
  return DAY.test(name);
}

/** @param t epoch ms */
export function regionDayOf(t: number): string {
  return formatStamp(t).slice(0, 'YYYYMMDD'.length);
}

export function regionFileOf(key: string): string {
  return `regions_${key}.csv`;
}

/** Whose moments a file holds; `null`: it is no file of ours. */
export function parseRegionFile(name: string): { readonly key: string; readonly pid: number } | null {
  const match = FILE.exec(name);
  return match && { key: match[1], pid: Number(match[2]) };
}
