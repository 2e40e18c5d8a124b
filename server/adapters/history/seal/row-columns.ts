import type { TextColumnId } from '../../../domain/metrics.ts';
import { STORED_PROCESS_METRICS, TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { RowNumberId } from './day-rows.ts';
import {
  isNarrow,
  LEVEL,
  numbersAt,
  ROW_NUMBERS,
  SUBTREE_PROCESSES,
  SUBTREE_RSS,
  TEXTS,
} from './day-rows.ts';
import type { Reals } from './number-columns.ts';
import { areDecimals, decimalColumn, doubleColumn, floatColumn, intColumn } from './number-columns.ts';
import type { RowBlock } from './row-block.ts';
import type { StreamColumn } from './stream-columns.ts';
import { sideBySide, wordColumn } from './stream-columns.ts';

/** The columns of a day's rows, for the file of all of them and for that of each life's last. */

type StoredMetric = (typeof STORED_PROCESS_METRICS)[number];

interface RowReals {
  /** Of the rows in hand. */
  readonly values: Reals;
  /** Of all rows of the day, so many, in any order. */
  readonly all: Reals;
  readonly count: number;
  /** Whether 32 bits hold each of all. */
  readonly areNarrow: boolean;
}

type RealColumn = (name: string, reals: RowReals, decimals: number) => StreamColumn;

/**
 * The least room that holds all of them exactly.
 * @param decimals digits after the point in a dump
 */
export function compactColumn(
  name: string,
  { values, all, count, areNarrow }: RowReals,
  decimals: number,
): StreamColumn {
  if (decimals > 0 && areDecimals(decimals, all, count)) return decimalColumn(name, decimals, values);
  return areNarrow ? floatColumn(name, values) : doubleColumn(name, values);
}

/** The type that files which are read together have in common, but for what is counted in parts of a second. */
export function plainColumn(name: string, { values }: RowReals, decimals: number): StreamColumn {
  const isCounted = decimals > 0 && areDecimals(decimals, values, values.values.length);
  return isCounted ? decimalColumn(name, decimals, values) : doubleColumn(name, values);
}

function realsAt({ numbers, sorted: { day } }: RowBlock, at: number): RowReals {
  const { rows } = day;
  return {
    values: sideBySide(numbers[at]),
    all: numbersAt(rows, at),
    count: rows.count,
    areNarrow: !rows.wide[at].isUsed,
  };
}

/** Of what a life's key tells. */
function realsOfLives(values: Float64Array, all: Float64Array): RowReals {
  return {
    values: sideBySide(values),
    all: sideBySide(all),
    count: all.length,
    areNarrow: all.every(isNarrow),
  };
}

function realsOf(block: RowBlock, id: string): RowReals {
  if (id === 'pid') return realsOfLives(block.pid, block.pids);
  if (id === 'start_ticks') return realsOfLives(block.startTicks, block.starts);
  return realsAt(block, ROW_NUMBERS.indexOf(id as RowNumberId));
}

function storedColumn(
  block: RowBlock,
  { id, unit, stored }: StoredMetric,
  realColumn: RealColumn,
): StreamColumn {
  const text = TEXT_COLUMNS.indexOf(id as TextColumnId);
  const { columns, ids } = block.sorted.day.texts;
  if (text >= 0) return wordColumn(id, columns[text].texts, ids[text], block.ints[TEXTS]);
  const reals = realsOf(block, id);
  return unit === 'id' ? intColumn(id, reals.values) : realColumn(id, reals, stored.decimals);
}

/** Figures of the tree, and all stored metrics. */
export function rowColumns(block: RowBlock, realColumn: RealColumn): StreamColumn[] {
  const { ints } = block;
  return [
    intColumn('level', sideBySide(ints[LEVEL])),
    intColumn('subtree_processes', sideBySide(ints[SUBTREE_PROCESSES]), 1),
    realColumn('subtree_rss_bytes', realsAt(block, SUBTREE_RSS), 0),
    ...STORED_PROCESS_METRICS.map((metric) => storedColumn(block, metric, realColumn)),
  ];
}
