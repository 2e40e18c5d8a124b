import type { Blocks, Fill } from '../domain/block-peaks.ts';
import { negated, openBlocks, peaksInBlocks } from '../domain/block-peaks.ts';
import type { Keep } from '../domain/downsample.ts';
import { fillRates, PAGE_BYTES } from '../domain/rates.ts';
import type { Gap } from '../domain/timeline.ts';
import { MEDIAN_REACH } from '../domain/timeline.ts';
import type { SystemSeries, SystemSeriesId } from './ports.ts';

/** Lines of the overview that decide which samples are drawn; those that are computed are so where they are looked at. */

const COLUMNS = [
  ...(['mem_total_bytes', 'mem_available_bytes', 'swap_total_bytes', 'swap_free_bytes'] as const),
  ...(['process_rss_bytes', 'psi_some_avg10', 'psi_full_avg10', 'pgmajfault', 'pswpin', 'pswpout'] as const),
] satisfies readonly SystemSeriesId[];

type Figures = SystemSeries<(typeof COLUMNS)[number]>;

export interface Line {
  /** What it is computed of. */
  readonly columns: readonly Float64Array[];
  readonly fill: Fill;
}

function recorded(column: Float64Array): Line {
  return {
    columns: [column],
    fill: (into, first, end) => {
      for (let at = first; at < end; at++) into[at - first] = column[at];
    },
  };
}

function difference(whole: Float64Array, rest: Float64Array): Line {
  return {
    columns: [whole, rest],
    fill: (into, first, end) => {
      for (let at = first; at < end; at++) into[at - first] = Math.max(0, whole[at] - rest[at]);
    },
  };
}

/** `memory`: how much is used. `pressure`: how much the host waits for it. */
export function overviewLines({ t, values }: Figures, gaps: readonly Gap[]) {
  const breaks = gaps.map(({ to }) => to);
  const rate = (counts: Float64Array, scale: number): Line => ({
    columns: [counts],
    fill: (into, first, end) => fillRates({ t, counts, breaks, scale }, into, first, end),
  });
  return {
    memory: {
      used_bytes: difference(values.mem_total_bytes, values.mem_available_bytes),
      swap_used_bytes: difference(values.swap_total_bytes, values.swap_free_bytes),
      process_rss_bytes: recorded(values.process_rss_bytes),
    },
    pressure: {
      psi_some_avg10: recorded(values.psi_some_avg10),
      psi_full_avg10: recorded(values.psi_full_avg10),
      major_faults_per_second: rate(values.pgmajfault, 1),
      swap_in_bytes_per_second: rate(values.pswpin, PAGE_BYTES),
      swap_out_bytes_per_second: rate(values.pswpout, PAGE_BYTES),
    },
  };
}

export type OverviewLines = ReturnType<typeof overviewLines>;
export type PressureId = keyof OverviewLines['pressure'];

/** All values of a line. */
export function valuesOf({ columns, fill }: Line): Float64Array {
  const values = new Float64Array(columns[0].length);
  fill(values, 0, values.length);
  return values;
}

interface Kept {
  readonly buffers: readonly ArrayBufferLike[];
  readonly blocks: Blocks;
}

/** Blocks of the history's own columns, which do not change; they are let go of with them. */
const known = new WeakMap<ArrayBufferLike, Map<string, Kept>>();

function blocksOf(name: string, columns: readonly Float64Array[]): Blocks {
  const buffers = columns.map(({ buffer }) => buffer);
  const ofFirst = known.get(buffers[0]) ?? new Map<string, Kept>();
  known.set(buffers[0], ofFirst);
  const before = ofFirst.get(name);
  if (before?.buffers.every((buffer, at) => buffer === buffers[at])) return before.blocks;
  const blocks = openBlocks(buffers[0].byteLength / Float64Array.BYTES_PER_ELEMENT);
  ofFirst.set(name, { buffers, blocks });
  return blocks;
}

function peaksOfLine(name: string, { columns, fill }: Line): Keep {
  const [{ byteOffset, length }] = columns;
  return peaksInBlocks({
    fill,
    blocks: blocksOf(name, columns),
    offset: byteOffset / Float64Array.BYTES_PER_ELEMENT,
    // A rate is of the sample before, and samples to come may tell whether a gap is between.
    steady: { first: 1, end: length - MEDIAN_REACH },
  });
}

/** What must be drawn: the extremes of the memory, the peaks of the pressure. */
export function driversOf({ memory, pressure }: OverviewLines): Keep[] {
  const troughs = Object.entries(memory).map(([id, { columns, fill }]) =>
    peaksOfLine(`least ${id}`, { columns, fill: negated(fill) }),
  );
  const peaks = Object.entries({ ...memory, ...pressure }).map(([id, line]) => peaksOfLine(id, line));
  return [...troughs, ...peaks];
}
