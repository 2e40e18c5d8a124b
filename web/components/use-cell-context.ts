import { useMemo } from 'preact/hooks';
import { isNarrow } from '../lib/media.ts';
import { memTotalBytes } from '../machine.ts';
import type { View } from '../state.ts';
import { trendStretch } from '../trend-stretch.ts';
import type { ColumnGroup, TablePage } from './columns.ts';
import { columnsOf } from './columns.ts';
import type { CellContext } from './process-cell.tsx';
import { useSparklines } from './use-sparklines.ts';

/** The same groups while the choice is the same, so that rows need not be drawn again. */
export function useColumns(view: View, page: TablePage): readonly ColumnGroup[] {
  const { shown, base } = view.params;
  const narrow = isNarrow.value;
  return useMemo(() => columnsOf(view, page, narrow), [shown, base, page, narrow]);
}

/** What cells need beside their row; small lines only where their column is shown, or one row is told in full. */
export function useCellContext(
  view: View,
  ts: string,
  groups: readonly ColumnGroup[],
  keys: readonly string[],
  detail: string | null = null,
): CellContext {
  const hasTrend = groups.some(({ id }) => id === 'trend');
  const wanted = hasTrend ? keys : [];
  const told = detail === null ? wanted : [...wanted, detail];
  const { seconds, label } = trendStretch(view, ts);
  const aboutSparks = `Subtree RSS, ${label.toLowerCase()}`;
  const sparks = useSparklines({ ts, host: view.params.host, seconds, keys: told });
  const memTotal = memTotalBytes.value;
  return useMemo(
    () => ({ view, ts, memTotal, sparks, aboutSparks }),
    [view, ts, memTotal, sparks, aboutSparks],
  );
}
