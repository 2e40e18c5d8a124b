import type { TextColumnId } from '../../../domain/metrics.ts';
import { STORED_PROCESS_METRICS, TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { RowNumberId } from './day-rows.ts';
import {
  DOUBLES,
  FIRST_TEXT,
  INTS,
  isNarrow,
  LEVEL,
  ROW_NUMBERS,
  SUBTREE_PROCESSES,
  SUBTREE_RSS,
} from './day-rows.ts';
import type { FileOrder } from './file-order.ts';
import { areDecimals, decimalColumn, doubleColumn, floatColumn, intColumn } from './number-columns.ts';
import type { SortedDay, SortedLife } from './sort-day.ts';
import type { StreamColumn, Strided } from './stream-columns.ts';
import { wordColumn } from './stream-columns.ts';

/** The columns of a day's rows, for the file of all of them and for that of each life's last. */

type StoredMetric = (typeof STORED_PROCESS_METRICS)[number];

interface Reals {
  readonly values: Strided<Float64Array>;
  /** Digits after the point in a dump. */
  readonly decimals: number;
  /** Whether 32 bits hold each. */
  readonly areNarrow: boolean;
}

type RealColumn = (name: string, reals: Reals) => StreamColumn;

/** The least room that holds all of them exactly. */
export function compactColumn(name: string, { values, decimals, areNarrow }: Reals): StreamColumn {
  if (decimals > 0 && areDecimals(decimals, values)) return decimalColumn(name, decimals, values);
  return areNarrow ? floatColumn(name, values) : doubleColumn(name, values);
}

export function plainColumn(name: string, { values }: Reals): StreamColumn {
  return doubleColumn(name, values);
}

/** Rows of a day in some order, and the life of each. */
type RowOrder = Pick<FileOrder, 'order' | 'lifeOf'>;

function pidOf({ pid }: SortedLife): number {
  return pid;
}

function startTicksOf({ startTicks }: SortedLife): number {
  return startTicks;
}

function storedColumn(
  { day, lives }: SortedDay,
  metric: StoredMetric,
  { order, lifeOf }: RowOrder,
  realColumn: RealColumn,
): StreamColumn {
  const { id } = metric;
  const numberColumn = (values: Strided<Float64Array>, areNarrow: boolean) =>
    metric.unit === 'id'
      ? intColumn(id, values)
      : realColumn(id, { values, areNarrow, decimals: metric.stored.decimals });
  const { rows, texts } = day;
  const text = TEXT_COLUMNS.indexOf(id as TextColumnId);
  if (text >= 0)
    return wordColumn(id, texts[text].ids.texts, {
      values: rows.ints,
      stride: INTS,
      first: FIRST_TEXT + text,
      order,
    });
  const number = ROW_NUMBERS.indexOf(id as RowNumberId);
  if (number >= 0)
    return numberColumn(
      { values: rows.doubles, stride: DOUBLES, first: number, order },
      rows.wide[number] === 0,
    );
  const values = Float64Array.from(lives, id === 'pid' ? pidOf : startTicksOf);
  return numberColumn({ values, stride: 1, first: 0, order: lifeOf }, values.every(isNarrow));
}

/** Figures of the tree, and all stored metrics. */
export function rowColumns(sorted: SortedDay, rowOrder: RowOrder, realColumn: RealColumn): StreamColumn[] {
  const { ints, doubles, wide } = sorted.day.rows;
  const { order } = rowOrder;
  const subtreeRss = {
    values: { values: doubles, stride: DOUBLES, first: SUBTREE_RSS, order },
    ...{ decimals: 0, areNarrow: wide[SUBTREE_RSS] === 0 },
  };
  const int = (name: string, first: number, unknown: number | null = null) =>
    intColumn(name, { values: ints, stride: INTS, first, order }, unknown);
  return [
    int('level', LEVEL),
    int('subtree_processes', SUBTREE_PROCESSES, 1),
    realColumn('subtree_rss_bytes', subtreeRss),
    ...STORED_PROCESS_METRICS.map((metric) => storedColumn(sorted, metric, rowOrder, realColumn)),
  ];
}
