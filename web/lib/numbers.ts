import { formatBytes } from './bytes.ts';

const NARROW_SPACE = '\u202f';

/** `1 240`: thousands apart, in every locale alike. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
}

/** `99.2 %`; 100 % only when nothing at all is missing. */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  const text = percent === 100 ? '100' : Math.min(99.9, percent).toFixed(1);
  return `${text} %`;
}

/** `1 process`, `4 032 dumps` */
export function countOf(count: number, singular: string, plural: string): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** What a figure is to the last byte that was recorded, for a tooltip. */
export function exactBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  const exact =
    bytes % 1024 === 0 ? `${formatCount(bytes / 1024)} KiB` : `${formatCount(Math.round(bytes))} B`;
  return `${formatBytes(bytes)} (${exact})`;
}

/** How many processes a sum is of, where that is not all of them. */
export function knownNote(known: number, processes: number): string | null {
  return known === processes ? null : `of ${formatCount(known)}`;
}

export const UPPER_BOUND = 'Upper bound: pages that processes share are counted once for each.';
