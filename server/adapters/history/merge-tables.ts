import type { RowTable } from '../../application/ports.ts';
import type { NumberColumnId, TextColumnId } from '../../domain/metrics.ts';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../domain/metrics.ts';

/** Rows of several sources, put where they belong. */
export function mergeTables(
  parts: readonly { readonly table: RowTable; readonly places: readonly number[] }[],
): RowTable {
  const rows = parts.flatMap(({ table, places }) => places.map((place, row) => ({ table, place, row })));
  rows.sort((a, b) => a.place - b.place);
  const pick = (column: (table: RowTable) => ArrayLike<number>) =>
    Float64Array.from(rows, ({ table, row }) => column(table)[row]);
  const numbers = NUMBER_COLUMNS.map((id) => [id, pick(({ processes }) => processes.numbers[id])]);
  const texts = TEXT_COLUMNS.map((id) => [id, rows.map(({ table, row }) => table.processes.texts[id][row])]);
  return {
    t: pick(({ t }) => t),
    processes: {
      count: rows.length,
      numbers: Object.fromEntries(numbers) as Record<NumberColumnId, Float64Array>,
      texts: Object.fromEntries(texts) as Record<TextColumnId, (string | null)[]>,
    },
    lives: rows.map(({ table, row }) => table.lives[row]),
    level: pick(({ level }) => level),
    subtreeProcesses: pick(({ subtreeProcesses }) => subtreeProcesses),
    subtreeRss: pick(({ subtreeRss }) => subtreeRss),
  };
}
