import type { SystemMetricId } from '../../../domain/system-metrics.ts';
import { SYSTEM_METRICS } from '../../../domain/system-metrics.ts';
import { lastName } from '../last-rows.ts';
import type { SegmentKind } from '../segment.ts';
import type { DayRows } from './day-rows.ts';
import { numbersAt, PARENT, ROW_NUMBERS } from './day-rows.ts';
import { orderByBlock } from './file-order.ts';
import type { DaySample } from './host-day.ts';
import { areDecimals, bigintColumn, decimalColumn, doubleColumn, intColumn } from './number-columns.ts';
import type { RowBlock } from './row-block.ts';
import { fetchRows, openRowBlock } from './row-block.ts';
import { compactColumn, plainColumn, rowColumns } from './row-columns.ts';
import type { SortedDay, SortedLife } from './sort-day.ts';
import type { StreamColumn, StreamTable, Strided } from './stream-columns.ts';
import {
  CHUNK_ROWS,
  flagColumn,
  markNull,
  sideBySide,
  textColumn,
  wholeTable,
  wordColumn,
} from './stream-columns.ts';
import type { Totals } from './sum-rows.ts';
import { openSumming } from './sum-rows.ts';
import type { Summaries } from './summaries.ts';
import {
  FIRST_T,
  LAST_T,
  MAX,
  MAX_T,
  MIN,
  MIN_T,
  RSS_EXTENT,
  SAMPLES,
  SUBTREE_EXTENT,
  SUM,
  SUMMARY,
  SUMMARY_HOUR,
  SUMMARY_LIFE,
  SUMMARY_PARENT,
} from './summaries.ts';
import { openTextIds } from './text-ids.ts';

/** The columns of a segment's files, as docs/segments.md tells, from a day in its final order. */

const RSS = ROW_NUMBERS.indexOf('rss_bytes');

function keyPrefixOf({ key }: SortedLife): string {
  return key.slice(0, key.indexOf('-'));
}

function weaknessOf({ weak }: SortedLife): number {
  return weak ? 1 : 0;
}

/** Of the others it follows from the start ticks and their first sample. */
function startedOf({ weak, started }: SortedLife): number {
  return weak ? started : Number.NaN;
}

function instantOf({ system }: DaySample): number {
  return system.t;
}

function processColumns(block: RowBlock): StreamColumn[] {
  return [
    intColumn('life', sideBySide(block.life)),
    bigintColumn('t', sideBySide(block.t)),
    intColumn('parent', sideBySide(block.ints[PARENT]), -1),
    ...rowColumns(block, compactColumn),
  ];
}

/** Columns of summaries: whole numbers, instants, bytes. */
function openSummaryColumns({ values }: Summaries) {
  const strided = (first: number): Strided<Float64Array> => ({ values, stride: SUMMARY, first });
  return {
    int: (name: string, at: number, unknown = Number.NaN) => intColumn(name, strided(at), unknown),
    instant: (name: string, at: number) => bigintColumn(name, strided(at)),
    bytes: (name: string, at: number) => doubleColumn(name, strided(at)),
  };
}

/** Of a life's last row, the figures that are mostly its maximum: where they are, they are left out. */
const MOSTLY_MAXIMUM: ReadonlyMap<string, number> = new Map([
  ['rss_bytes', RSS_EXTENT + MAX],
  ['subtree_rss_bytes', SUBTREE_EXTENT + MAX],
]);

function unlessMaximum(column: StreamColumn, { values }: Summaries): StreamColumn {
  const maximum = MOSTLY_MAXIMUM.get(column.name);
  if (maximum === undefined) return column;
  return {
    ...column,
    fill(staging, from, count) {
      let hasNulls = column.fill(staging, from, count);
      for (let at = 0; at < count; at++) {
        if (staging.doubles[at] !== values[(from + at) * SUMMARY + maximum]) continue;
        markNull(staging.validity, at);
        hasNulls = true;
      }
      return hasNulls;
    },
  };
}

/** Several of these files are read at once, which have their types in common: DOUBLE. */
function lifeColumns(sorted: SortedDay, { lives: summaries, lastRow }: Totals): StreamColumn[] {
  const { lives } = sorted;
  const { int, instant, bytes } = openSummaryColumns(summaries);
  const block = openRowBlock(sorted, lives.length);
  fetchRows(block, lastRow, 0, lives.length);
  return [
    int('life', SUMMARY_LIFE),
    textColumn('key_prefix', lives.map(keyPrefixOf)),
    flagColumn('weak', Uint8Array.from(lives, weaknessOf)),
    instant('first_t', FIRST_T),
    instant('last_t', LAST_T),
    bigintColumn('started', sideBySide(Float64Array.from(lives, startedOf))),
    int('samples', SAMPLES),
    bytes('rss_min_bytes', RSS_EXTENT + MIN),
    bytes('rss_max_bytes', RSS_EXTENT + MAX),
    bytes('rss_sum_bytes', RSS_EXTENT + SUM),
    bytes('subtree_rss_max_bytes', SUBTREE_EXTENT + MAX),
    bytes('subtree_rss_sum_bytes', SUBTREE_EXTENT + SUM),
    ...rowColumns(block, plainColumn).map((column) => ({
      ...unlessMaximum(column, summaries),
      name: lastName(column.name),
    })),
  ];
}

function rollupColumns({ rollup }: Totals): StreamColumn[] {
  const { int, instant, bytes } = openSummaryColumns(rollup);
  const extent = (name: string, at: number) => [
    bytes(`${name}_min_bytes`, at + MIN),
    instant(`${name}_min_t`, at + MIN_T),
    bytes(`${name}_max_bytes`, at + MAX),
    instant(`${name}_max_t`, at + MAX_T),
    bytes(`${name}_sum_bytes`, at + SUM),
  ];
  return [
    int('life', SUMMARY_LIFE),
    int('parent', SUMMARY_PARENT, -1),
    instant('hour', SUMMARY_HOUR),
    instant('first_t', FIRST_T),
    instant('last_t', LAST_T),
    int('samples', SAMPLES),
    ...extent('rss', RSS_EXTENT),
    ...extent('subtree_rss', SUBTREE_EXTENT),
  ];
}

function totalRss(rows: DayRows, { first: begin, count }: DaySample): number {
  const { values, stride, first } = numbersAt(rows, RSS);
  let total = 0;
  for (let row = begin; row < begin + count; row++) total += values[row * stride + first];
  return total;
}

function processRss(rows: DayRows, samples: readonly DaySample[]): Float64Array {
  const totals = new Float64Array(samples.length).fill(Number.NaN);
  for (let at = 0; at < samples.length; at++)
    if (samples[at].hasProcesses) totals[at] = totalRss(rows, samples[at]);
  return totals;
}

function factOf(
  samples: readonly DaySample[],
  key: 'uptimeSeconds' | 'clockTicks' | 'intervalSeconds',
): Float64Array {
  const values = new Float64Array(samples.length);
  for (let at = 0; at < samples.length; at++) values[at] = samples[at].system[key] ?? Number.NaN;
  return values;
}

function metricOf(samples: readonly DaySample[], id: SystemMetricId): Float64Array {
  const values = new Float64Array(samples.length);
  for (let at = 0; at < samples.length; at++) values[at] = samples[at].system.values[id] ?? Number.NaN;
  return values;
}

function systemColumns({ samples, day }: SortedDay): StreamColumn[] {
  const double = (name: string, values: Float64Array) => doubleColumn(name, sideBySide(values));
  const hundredths = (name: string, values: Float64Array) =>
    areDecimals(2, sideBySide(values), values.length)
      ? decimalColumn(name, 2, sideBySide(values))
      : double(name, values);
  const flag = (name: string, key: 'hasProcesses' | 'incomplete') =>
    flagColumn(
      name,
      Uint8Array.from(samples, (sample) => (sample[key] ? 1 : 0)),
    );
  const word = (name: string, text: (sample: DaySample) => string | null) => {
    const ids = openTextIds();
    const values = Int32Array.from(samples, (sample) => ids.idOf(text(sample)));
    return wordColumn(name, ids.texts, values);
  };
  return [
    bigintColumn('t', sideBySide(Float64Array.from(samples, instantOf))),
    word('boot_id', ({ system }) => system.bootId),
    hundredths('uptime_seconds', factOf(samples, 'uptimeSeconds')),
    double('clock_ticks', factOf(samples, 'clockTicks')),
    double('interval_seconds', factOf(samples, 'intervalSeconds')),
    flag('has_processes', 'hasProcesses'),
    flag('incomplete', 'incomplete'),
    word('label', ({ system }) => system.label),
    double('process_rss_bytes', processRss(day.rows, samples)),
    ...SYSTEM_METRICS.map(({ id }) => double(id, metricOf(samples, id))),
  ];
}

/**
 * What goes into each file, in the order in which they are to be written: lives and rollup are known once the
 * processes are.
 */
export function openSegmentTables(sorted: SortedDay): Readonly<Record<SegmentKind, () => StreamTable>> {
  const { order, ends, blockRows } = orderByBlock(sorted);
  const summing = openSumming(order, sorted.lives.length, sorted.day.space.sums);
  const block = openRowBlock(sorted, CHUNK_ROWS);
  let totals: Totals | undefined;
  const summed = () => {
    totals ??= summing.end();
    return totals;
  };
  return {
    processes: () => ({
      columns: processColumns(block),
      rows: order.length,
      ends,
      groupRows: blockRows,
      fetch(from, count) {
        fetchRows(block, order, from, count);
        summing.add(block, from, count);
      },
    }),
    lives: () => wholeTable(lifeColumns(sorted, summed()), sorted.lives.length),
    rollup: () => wholeTable(rollupColumns(summed()), summed().rollup.count),
    system: () => wholeTable(systemColumns(sorted), sorted.samples.length),
  };
}
