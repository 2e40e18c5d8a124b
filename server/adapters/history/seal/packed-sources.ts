import type { Damage } from '../../../application/dump-damage.ts';
import type { SegmentSource } from '../segment.ts';

/**
 * Dumps whose names differ by their time of day alone, as columns: of each number the difference from that of the dump
 * before, of an mtime that from its dump's instant. So most are small, and many the same.
 */
export interface PackedSources {
  /** `*` stands for the time of day: `HHMMSS`, or where there are two `HHMMSS_mmm`. */
  readonly name: string;
  /** Digits of the time of day, read as one number; `null`: the name is as it stands. */
  readonly time: (number | null)[];
  readonly size: number[];
  /** Epoch ms; `null` where the dump gave no sample. */
  readonly t: (number | null)[];
  /** Whole milliseconds. */
  readonly mtime: number[];
  readonly rows: (number | null)[];
  readonly damage: Record<string, Damage>;
}

/** What differences are from. */
interface Before {
  time: number;
  size: number;
  t: number;
}

const TIMED = /^(.*_)(\d{6})(?:_(\d{3}))?(Z?\..*)$/;
const [LENGTH, LONGER] = [6, 9];

function splitName(file: string): { readonly name: string; readonly time: number | null } {
  const match = TIMED.exec(file);
  if (!match) return { name: file, time: null };
  const [, head, second, fraction = '', end] = match;
  return { name: `${head}${fraction ? '*_*' : '*'}${end}`, time: Number(second + fraction) };
}

function joinName(name: string, time: number): string {
  const long = name.includes('*_*');
  const digits = String(time).padStart(long ? LONGER : LENGTH, '0');
  return long
    ? name.replace('*_*', `${digits.slice(0, LENGTH)}_${digits.slice(LENGTH)}`)
    : name.replace('*', digits);
}

function addSource(list: PackedSources, before: Before, source: SegmentSource, time: number | null): void {
  const { size, mtimeMs, t, rows = null, damage } = source;
  if (damage) list.damage[list.size.length] = damage;
  list.time.push(time === null ? null : time - before.time);
  list.size.push(size - before.size);
  list.t.push(t === null ? null : t - before.t);
  before.time = time ?? before.time;
  before.size = size;
  before.t = t ?? before.t;
  list.mtime.push(Math.floor(mtimeMs) - before.t);
  list.rows.push(rows);
}

/** The sources of each list in their order. */
export function packSources(sources: readonly SegmentSource[]): readonly PackedSources[] {
  const lists = new Map<string, { readonly list: PackedSources; readonly before: Before }>();
  for (const source of sources) {
    const { name, time } = splitName(source.file);
    let open = lists.get(name);
    if (!open) {
      const list = { name, time: [], size: [], t: [], mtime: [], rows: [], damage: {} };
      open = { list, before: { time: 0, size: 0, t: 0 } };
      lists.set(name, open);
    }
    addSource(open.list, open.before, source, time);
  }
  return [...lists.values()].map(({ list }) => list);
}

/** @throws TypeError where a column is missing */
export function unpackSources({ name, ...columns }: PackedSources): readonly SegmentSource[] {
  const before: Before = { time: 0, size: 0, t: 0 };
  return columns.size.map((size, at) => {
    const [time, spacing, rows] = [columns.time[at], columns.t[at], columns.rows[at]];
    before.time += time ?? 0;
    before.size += size;
    before.t += spacing ?? 0;
    return {
      file: time === null ? name : joinName(name, before.time),
      size: before.size,
      mtimeMs: before.t + columns.mtime[at],
      t: spacing === null ? null : before.t,
      ...(rows === null ? {} : { rows }),
      ...(columns.damage[at] ? { damage: columns.damage[at] } : {}),
    };
  });
}
