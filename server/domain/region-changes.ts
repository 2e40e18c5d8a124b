import type { RegionClass } from './memory-regions.ts';
import { REGION_CLASSES } from './memory-regions.ts';
import type { RegionMoment } from './region-moments.ts';
import { displayText } from './text-notation.ts';
import { formatBytes, formatDuration } from './units.ts';

/** Two moments of one process: what grew in RAM, by class and by mapped file. */

export interface Change {
  readonly a_bytes: number;
  readonly b_bytes: number;
  readonly delta_bytes: number;
}

export interface ClassChange extends Change {
  readonly class: RegionClass;
}

export interface FileChange extends Change {
  readonly path: string;
  readonly is_deleted: boolean;
}

export interface RegionChanges {
  readonly delta_bytes: number;
  /** Grown first. */
  readonly classes: readonly ClassChange[];
  readonly files: readonly FileChange[];
}

/** Rows of both, by name; what is in one only had, or has, nothing. */
function changesOf<Row extends { readonly rss_bytes: number }, Named>(
  before: readonly Row[],
  after: readonly Row[],
  nameOf: (row: Row) => string,
  named: (row: Row) => Named,
): (Named & Change)[] {
  const was = new Map(before.map((row) => [nameOf(row), row]));
  const is = new Map(after.map((row) => [nameOf(row), row]));
  return Array.from(new Map([...was, ...is]), ([name, row]) => {
    const a_bytes = was.get(name)?.rss_bytes ?? 0;
    const b_bytes = is.get(name)?.rss_bytes ?? 0;
    return { ...named(row), a_bytes, b_bytes, delta_bytes: b_bytes - a_bytes };
  }).sort((x, y) => y.delta_bytes - x.delta_bytes || y.b_bytes - x.b_bytes);
}

export function compareMoments(a: RegionMoment, b: RegionMoment): RegionChanges {
  return {
    delta_bytes: b.total.rss_bytes - a.total.rss_bytes,
    classes: changesOf(
      a.classes,
      b.classes,
      (row) => row.class,
      (row) => ({ class: row.class }),
    ),
    files: changesOf(
      a.files,
      b.files,
      (row) => `${row.is_deleted}${row.path}`,
      ({ path, is_deleted }) => ({ path, is_deleted }),
    ),
  };
}

/** A tenth of a percent of what is there, or a few pages, is no change. */
const SMALLEST_SHARE = 0.001;
const SMALLEST_BYTES = 64 * 1024;
const MOST_TOLD = 3;

function isChange({ a_bytes, b_bytes, delta_bytes }: Change): boolean {
  return Math.abs(delta_bytes) >= Math.max(SMALLEST_BYTES, SMALLEST_SHARE * Math.max(a_bytes, b_bytes));
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

function told(name: string, change: Change): string {
  return `${name} ${isChange(change) ? signed(change.delta_bytes) : 'unchanged'}`;
}

function fileName({ path }: FileChange): string {
  return displayText(path.slice(path.lastIndexOf('/') + 1));
}

const LABELS = new Map<string, string>(REGION_CLASSES.map(({ id, label }) => [id, label.toLowerCase()]));

/** Those that changed most, or the largest where none did. */
function mostChanged<One extends Change>(changes: readonly One[], most: number): readonly One[] {
  const changed = changes.filter(isChange);
  if (changed.length > 0)
    return changed.toSorted((x, y) => Math.abs(y.delta_bytes) - Math.abs(x.delta_bytes)).slice(0, most);
  return changes.toSorted((x, y) => y.b_bytes - x.b_bytes).slice(0, 1);
}

/** `RSS +412 MiB in 30m 0s: heap +412 MiB, libfoo.so unchanged.` */
export function describeChanges({ delta_bytes, classes, files }: RegionChanges, seconds: number): string {
  const parts = [
    ...mostChanged(classes, MOST_TOLD).map((one) => told(LABELS.get(one.class) ?? one.class, one)),
    ...mostChanged(files, 1).map((one) => told(fileName(one), one)),
  ];
  const whole = Math.abs(delta_bytes) < SMALLEST_BYTES ? 'unchanged' : signed(delta_bytes);
  return `RSS ${whole} in ${formatDuration(seconds)}: ${parts.join(', ')}.`;
}
