import type { Column, DumpFormat } from '../../domain/dump-format.ts';
import { processColumns } from '../../domain/dump-format.ts';
import type { NumberColumnId, TextColumnId } from '../../domain/metrics.ts';
import { NUMBER_COLUMNS, processMetric, TEXT_COLUMNS } from '../../domain/metrics.ts';
import type { Complaint } from './rejects.ts';

/** The largest process id that Linux gives on any machine (PID_MAX_LIMIT, include/linux/threads.h). */
export const LARGEST_PID = 4_194_304;

/** What one column of a process file means. `slot`: its place among the table's columns of that kind. */
export interface LayoutColumn {
  readonly kind: 'number' | 'text' | 'unknown';
  readonly name: string;
  readonly slot: number;
  readonly scale: number;
  readonly decimals: number;
  /** Whether an empty cell is a value that is not known, or a damaged line. */
  readonly nullable: boolean;
  /** The largest number that a cell may hold. */
  readonly largest: number;
}

/** A process file's columns in the order of its header. */
export interface Layout {
  readonly format: DumpFormat;
  readonly columns: readonly LayoutColumn[];
}

type ProcessColumn = Column<NumberColumnId | TextColumnId>;

const UNKNOWN = { kind: 'unknown', slot: -1, scale: 1, decimals: 0, nullable: true, largest: 0 } as const;

function describeColumn(column: ProcessColumn): LayoutColumn {
  const { id, name, scale, decimals } = column;
  const { unit, nullable } = processMetric(id);
  const text = TEXT_COLUMNS.indexOf(id as TextColumnId);
  if (text >= 0) return { ...UNKNOWN, kind: 'text', name, slot: text };
  const slot = NUMBER_COLUMNS.indexOf(id as NumberColumnId);
  const largest = unit === 'id' ? LARGEST_PID : Number.MAX_SAFE_INTEGER / scale;
  return { kind: 'number', name, slot, scale, decimals, nullable, largest };
}

/** The header tells the format; where it could be either, the file's name does. */
function formatOf(names: readonly string[], byName: DumpFormat): DumpFormat {
  if (names.includes('RSS_KB')) return 'v2';
  return names.includes('RSS_MB') ? 'seed' : byName;
}

/** Column names → what they mean. A header without a required column is refused by the column's name. */
export function buildLayout(
  names: readonly string[],
  byName: DumpFormat,
): Layout | { readonly refusal: Complaint } {
  const format = formatOf(names, byName);
  const known = new Map(processColumns(format).map((column) => [column.name, column]));
  const missing = [...known.values()].filter(({ name, required }) => required && !names.includes(name));
  if (missing.length > 0) {
    const list = missing.map(({ name }) => name).join(', ');
    const noun = missing.length > 1 ? 'columns' : 'column';
    return { refusal: { column: null, reason: `lacks the ${noun} ${list}` } };
  }
  const columns = names.map((name) => {
    const column = known.get(name);
    return column ? describeColumn(column) : { ...UNKNOWN, name };
  });
  return { format, columns };
}
