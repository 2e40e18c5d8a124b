import { memTotalBytes } from '../machine.ts';
import type { View } from '../state.ts';
import type { ColumnGroup } from './columns.ts';
import type { CellContext } from './process-cell.tsx';
import { useSparklines } from './use-sparklines.ts';

/** What cells need beside their row; small lines only where their column is shown, or one row is told in full. */
export function useCellContext(
  view: View,
  ts: string,
  groups: readonly ColumnGroup[],
  keys: readonly string[],
  detail: string | null = null,
): CellContext & { readonly sparks: NonNullable<CellContext['sparks']> } {
  const hasTrend = groups.some(({ id }) => id === 'trend');
  const wanted = hasTrend ? keys : [];
  const told = detail === null ? wanted : [...wanted, detail];
  const sparks = useSparklines({ ts, host: view.params.host, keys: told });
  return { view, ts, memTotal: memTotalBytes.value, sparks };
}
