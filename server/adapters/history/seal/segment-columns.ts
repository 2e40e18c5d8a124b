import type { TextColumnId } from '../../../domain/metrics.ts';
import { NUMBER_COLUMNS, STORED_PROCESS_METRICS, TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { SystemMetricId } from '../../../domain/system-metrics.ts';
import { SYSTEM_METRICS } from '../../../domain/system-metrics.ts';
import type { SegmentKind } from '../segment.ts';
import type { RowNumberId } from './day-rows.ts';
import { ROW_NUMBERS } from './day-rows.ts';
import type { DaySample } from './host-day.ts';
import type { SortedDay } from './sort-day.ts';
import type { StreamColumn } from './stream-columns.ts';
import {
  bigintColumn,
  doubleColumn,
  flagColumn,
  intColumn,
  textColumn,
  wordColumn,
} from './stream-columns.ts';
import type { LifeSummary, Summary } from './summaries.ts';
import { summarize } from './summaries.ts';
import { openTextIds } from './text-ids.ts';

/** The columns of a segment's files, as docs/segments.md tells, from a day in its final order. */

export interface SegmentTable {
  readonly columns: readonly StreamColumn[];
  readonly rows: number;
}

const RSS = ROW_NUMBERS.indexOf('rss_bytes');
const CMD = TEXT_COLUMNS.indexOf('cmd');

function inOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at);
}

type StoredId = (typeof STORED_PROCESS_METRICS)[number]['id'];

function storedColumn({ day, order, lives }: SortedDay, life: Int32Array, id: StoredId): StreamColumn {
  const { rows, texts } = day;
  const text = TEXT_COLUMNS.indexOf(id as TextColumnId);
  if (text >= 0) return wordColumn(id, texts[text].ids.texts, rows.texts[text], order);
  const number = ROW_NUMBERS.indexOf(id as RowNumberId);
  if (number >= 0) return doubleColumn(id, rows.numbers[number], order);
  if (!NUMBER_COLUMNS.some((column) => column === id)) throw new RangeError(`no stored column ${id}`);
  const ofLife = lives.map((one) => (id === 'pid' ? one.pid : one.startTicks));
  return doubleColumn(id, Float64Array.from(ofLife), Uint32Array.from(life));
}

function processColumns(sorted: SortedDay): StreamColumn[] {
  const { day, order, parent, begin } = sorted;
  const { rows, samples } = day;
  const instants = Float64Array.from(samples, ({ system }) => system.t);
  const life = new Int32Array(rows.count);
  for (let one = 0; one + 1 < begin.length; one++) life.fill(one, begin[one], begin[one + 1]);
  const subtree = rows.subtreeRss;
  for (let row = 0; row < rows.count; row++) if (rows.subtreeProcesses[row] === 1) subtree[row] = Number.NaN;
  return [
    intColumn('life', rows.life, order),
    bigintColumn('t', (at) => instants[rows.sample[order[at]]]),
    intColumn('parent', parent, order, -1),
    intColumn('level', rows.level, order),
    intColumn('position', rows.position, order),
    intColumn('subtree_processes', rows.subtreeProcesses, order, 1),
    doubleColumn('subtree_rss_bytes', subtree, order),
    ...STORED_PROCESS_METRICS.map(({ id }) => storedColumn(sorted, life, id)),
  ];
}

function numbers<Row>(name: string, rows: readonly Row[], value: (row: Row) => number): StreamColumn {
  return doubleColumn(name, Float64Array.from(rows, value), inOrder(rows.length));
}

function integers<Row>(
  name: string,
  rows: readonly Row[],
  value: (row: Row) => number,
  unknown: number | null = null,
): StreamColumn {
  return intColumn(name, Int32Array.from(rows, value), inOrder(rows.length), unknown);
}

function instantsOf<Row>(name: string, rows: readonly Row[], value: (row: Row) => number): StreamColumn {
  return bigintColumn(name, (row) => value(rows[row]));
}

function lifeColumns({ day, lives }: SortedDay, summaries: readonly LifeSummary[]): StreamColumn[] {
  const cmd = Int32Array.from(summaries, (one) => one.cmd);
  return [
    integers('life', summaries, ({ life }) => life),
    textColumn('key', (life) => lives[life].key),
    numbers('pid', lives, ({ pid }) => pid),
    flagColumn('weak', (life) => lives[life].weak),
    numbers('start_ticks', lives, ({ startTicks }) => startTicks),
    instantsOf('first_t', summaries, ({ firstT }) => firstT),
    instantsOf('last_t', summaries, ({ lastT }) => lastT),
    instantsOf('started', lives, ({ started }) => started),
    wordColumn('cmd', day.texts[CMD].ids.texts, cmd, inOrder(lives.length)),
    integers('samples', summaries, ({ samples }) => samples),
    numbers('rss_min_bytes', summaries, ({ rss }) => rss.min),
    numbers('rss_max_bytes', summaries, ({ rss }) => rss.max),
    numbers('rss_sum_bytes', summaries, ({ rss }) => rss.sum),
    numbers('subtree_rss_max_bytes', summaries, ({ subtreeRss }) => subtreeRss.max),
    numbers('subtree_rss_sum_bytes', summaries, ({ subtreeRss }) => subtreeRss.sum),
  ];
}

function rollupColumns(rows: readonly Summary[]): StreamColumn[] {
  const extents = (['rss', 'subtreeRss'] as const).flatMap((id) => {
    const name = id === 'rss' ? 'rss' : 'subtree_rss';
    return [
      numbers(`${name}_min_bytes`, rows, (row) => row[id].min),
      instantsOf(`${name}_min_t`, rows, (row) => row[id].minT),
      numbers(`${name}_max_bytes`, rows, (row) => row[id].max),
      instantsOf(`${name}_max_t`, rows, (row) => row[id].maxT),
      numbers(`${name}_sum_bytes`, rows, (row) => row[id].sum),
    ];
  });
  return [
    integers('life', rows, ({ life }) => life),
    integers('parent', rows, ({ parent }) => parent, -1),
    instantsOf('hour', rows, ({ hour }) => hour),
    instantsOf('first_t', rows, ({ firstT }) => firstT),
    instantsOf('last_t', rows, ({ lastT }) => lastT),
    integers('samples', rows, ({ samples }) => samples),
    ...extents,
  ];
}

function words(name: string, samples: readonly DaySample[], text: (sample: DaySample) => string | null) {
  const ids = openTextIds();
  const column = Int32Array.from(samples, (sample) => ids.idOf(text(sample)));
  return wordColumn(name, ids.texts, column, inOrder(samples.length));
}

function processRss({ day }: SortedDay, { hasProcesses, first, count }: DaySample): number {
  if (!hasProcesses) return Number.NaN;
  return day.rows.numbers[RSS].subarray(first, first + count).reduce((total, rss) => total + rss, 0);
}

function systemColumns(sorted: SortedDay): StreamColumn[] {
  const { samples } = sorted;
  const known = (value: number | null | undefined) => value ?? Number.NaN;
  const metric = (id: SystemMetricId) => numbers(id, samples, ({ system }) => known(system.values[id]));
  return [
    instantsOf('t', samples, ({ system }) => system.t),
    words('boot_id', samples, ({ system }) => system.bootId),
    numbers('uptime_seconds', samples, ({ system }) => known(system.uptimeSeconds)),
    numbers('clock_ticks', samples, ({ system }) => known(system.clockTicks)),
    numbers('interval_seconds', samples, ({ system }) => known(system.intervalSeconds)),
    flagColumn('has_processes', (at) => samples[at].hasProcesses),
    flagColumn('incomplete', (at) => samples[at].incomplete),
    words('label', samples, ({ system }) => system.label),
    numbers('process_rss_bytes', samples, (sample) => processRss(sorted, sample)),
    ...SYSTEM_METRICS.map(({ id }) => metric(id)),
  ];
}

/** What goes into each file. Uses up the day: its subtree sums are known only to the lives and rollup afterwards. */
export function segmentTables(sorted: SortedDay): Readonly<Record<SegmentKind, SegmentTable>> {
  const { lives, rollup } = summarize(sorted);
  return {
    lives: { columns: lifeColumns(sorted, lives), rows: lives.length },
    rollup: { columns: rollupColumns(rollup), rows: rollup.length },
    processes: { columns: processColumns(sorted), rows: sorted.order.length },
    system: { columns: systemColumns(sorted), rows: sorted.samples.length },
  };
}
