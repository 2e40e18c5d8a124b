import type { RegionClass, RegionTotals } from './memory-regions.ts';
import { REGION_CLASS_IDS } from './memory-regions.ts';
import type { RegionReading } from './process-analysis.ts';

/**
 * What is kept of an address space at one moment: its sums by class and by mapped file, as lines of CSV. A moment's
 * last line is its total: lines without one were cut off, and do not count.
 */

export type MomentSums = Pick<
  RegionTotals,
  'regions' | 'size_bytes' | 'rss_bytes' | 'pss_bytes' | 'private_bytes' | 'swap_bytes'
>;

export interface ClassSums extends MomentSums {
  readonly class: RegionClass;
}

export interface FileSums extends MomentSums {
  /** Dump notation. */
  readonly path: string;
  readonly is_deleted: boolean;
}

export interface RegionMoment {
  /** Epoch ms. */
  readonly t: number;
  readonly readSeconds: number;
  readonly total: MomentSums;
  readonly classes: readonly ClassSums[];
  /** The 200 with the largest RSS. */
  readonly files: readonly FileSums[];
}

const MOST_FILES = 200;
const KIB = 1024;

export const MOMENT_COLUMNS = [
  ...(['TIMESTAMP', 'KIND', 'REGIONS', 'SIZE_KB', 'RSS_KB', 'PSS_KB', 'PRIVATE_KB', 'SWAP_KB'] as const),
  ...(['READ_MS', 'NAME'] as const),
];

export const MOMENT_HEADER = `${MOMENT_COLUMNS.join(',')}\n`;

export function momentOf(reading: RegionReading, t: number, readSeconds: number): RegionMoment {
  return {
    t,
    readSeconds,
    total: reading.totals,
    classes: reading.classes,
    files: reading.files.slice(0, MOST_FILES),
  };
}

/** Dump notation has no newline in it: a line stays one. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function lineOf(moment: RegionMoment, kind: string, sums: MomentSums, name: string): string {
  const { regions, size_bytes, rss_bytes, pss_bytes, private_bytes, swap_bytes } = sums;
  const kib = [size_bytes, rss_bytes, pss_bytes, private_bytes, swap_bytes].map((bytes) => bytes / KIB);
  const cost = (1000 * moment.readSeconds).toFixed(1);
  return `${[new Date(moment.t).toISOString(), kind, regions, ...kib, cost, quoted(name)].join(',')}\n`;
}

/** Lines without the header. */
export function encodeMoment(moment: RegionMoment): string {
  return [
    ...moment.classes.map((one) => lineOf(moment, 'class', one, one.class)),
    ...moment.files.map((one) => lineOf(moment, one.is_deleted ? 'deleted' : 'file', one, one.path)),
    lineOf(moment, 'total', moment.total, ''),
  ].join('');
}

const LINE =
  /^([\dT:.Z-]+),(class|file|deleted|total),(\d+),(\d+),(\d+),(\d+),(\d+),(\d+),(\d+\.\d+),"((?:[^"]|"")*)"$/;

interface MomentLine {
  readonly t: number;
  readonly kind: string;
  readonly sums: MomentSums;
  readonly readSeconds: number;
  readonly name: string;
}

function parseLine(line: string): MomentLine | null {
  const match = LINE.exec(line);
  const t = Date.parse(match?.[1] ?? '');
  if (!match || Number.isNaN(t)) return null;
  const [size_bytes, rss_bytes, pss_bytes, private_bytes, swap_bytes] = match
    .slice(4, 9)
    .map((kib) => Number(kib) * KIB);
  return {
    t,
    kind: match[2],
    sums: { regions: Number(match[3]), size_bytes, rss_bytes, pss_bytes, private_bytes, swap_bytes },
    readSeconds: Number(match[9]) / 1000,
    name: match[10].replaceAll('""', '"'),
  };
}

function isClass(name: string): name is RegionClass {
  return (REGION_CLASS_IDS as readonly string[]).includes(name);
}

function buildMoment(total: MomentLine, lines: readonly MomentLine[]): RegionMoment {
  return {
    t: total.t,
    readSeconds: total.readSeconds,
    total: total.sums,
    classes: lines.flatMap(({ kind, name, sums }) =>
      kind === 'class' && isClass(name) ? [{ class: name, ...sums }] : [],
    ),
    files: lines.flatMap(({ kind, name, sums }) =>
      kind === 'file' || kind === 'deleted' ? [{ path: name, is_deleted: kind === 'deleted', ...sums }] : [],
    ),
  };
}

export interface ParsedMoments {
  readonly moments: readonly RegionMoment[];
  /** Lines, counted from 1, that are no line of a moment, or of one without a total. */
  readonly rejectedLines: readonly number[];
}

/** A file's text, header and all. */
export function parseMoments(text: string): ParsedMoments {
  const moments: RegionMoment[] = [];
  const rejectedLines: number[] = [];
  let open: { readonly line: number; readonly parsed: MomentLine }[] = [];
  const reject = (some: typeof open) => rejectedLines.push(...some.map(({ line }) => line));
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '' || at === 0) continue;
    const parsed = parseLine(line);
    if (!parsed) {
      rejectedLines.push(at + 1);
      continue;
    }
    // What belongs to another instant was cut off before its total.
    reject(open.filter(({ parsed: { t } }) => t !== parsed.t));
    open = open.filter(({ parsed: { t } }) => t === parsed.t);
    if (parsed.kind !== 'total') open.push({ line: at + 1, parsed });
    else {
      moments.push(
        buildMoment(
          parsed,
          open.map((one) => one.parsed),
        ),
      );
      open = [];
    }
  }
  reject(open);
  return { moments: moments.sort((a, b) => a.t - b.t), rejectedLines };
}
