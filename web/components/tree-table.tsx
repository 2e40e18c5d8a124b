import { useMemo, useRef, useState } from 'preact/hooks';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { compareChanges, readOrder } from '../lib/change.ts';
import { openFolding } from '../lib/tree-folding.ts';
import { sortBranches, visibleRows } from '../lib/tree-rows.ts';
import type { View } from '../state.ts';
import { readSet } from '../state.ts';
import type { TablePage } from './columns.ts';
import { countColumns } from './columns.ts';
import { RowDetails } from './row-details.tsx';
import { useRowsInSight, WholeNote, WindowedRows } from './row-window.tsx';
import type { Instants } from './table-head.tsx';
import { headRowCount, TableHead } from './table-head.tsx';
import { TotalsRow } from './totals-row.tsx';
import type { SubtreeRow } from './tree-row.tsx';
import { TreeTableRow } from './tree-row.tsx';
import { useCellContext, useColumns } from './use-cell-context.ts';
import { useTreeKeys } from './use-tree-keys.ts';

interface TreeTableProps {
  readonly view: View;
  readonly page: Exclude<TablePage, 'level'>;
  readonly rows: readonly SubtreeRow[];
  readonly totals: PidAnswer['totals'];
  /** The instants that are shown and compared. */
  readonly at: Instants;
  readonly label: string;
}

/** The rows that are seen: in the order asked for, without what is folded away. */
function useSeenRows(view: View, all: readonly SubtreeRow[]) {
  const { fold, order: wish, base } = view.params;
  const sorted = useMemo(() => {
    const order = base === undefined ? null : readOrder(wish);
    return order ? sortBranches(all, compareChanges(order)) : all;
  }, [all, wish, base]);
  return useMemo(() => {
    const folding = openFolding(sorted, readSet(view, 'fold'));
    return { folding, rows: visibleRows(sorted, folding.isOpen) };
  }, [sorted, fold]);
}

/** Processes, each below its parent. */
export function TreeTable({ view, page, rows: all, totals, at, label }: TreeTableProps) {
  const groups = useColumns(view, page);
  const { rows, folding } = useSeenRows(view, all);
  const body = useRef<HTMLTableSectionElement>(null);
  const inSight = useRowsInSight(body, rows.length);
  const [isWhole, setIsWhole] = useState(false);
  const [detail, setDetail] = useState<string | null>(null);
  const seen = rows.slice(inSight.first, inSight.end).map(({ row }) => row.key);
  const context = useCellContext(view, at.ts, groups, seen, detail);
  const keys = useTreeKeys({ body, rows, folding, view, context, onDetails: setDetail });
  const detailed = all.find(({ key }) => key === detail);
  const { width, frame } = countColumns(groups);
  const head = headRowCount(groups);
  return (
    <>
      <div class={frame}>
        <table
          class="processes treegrid"
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open, as ARIA has it
          role="treegrid"
          aria-label={label}
          aria-rowcount={head + rows.length + 1}
          onKeyDown={keys.onKeyDown}
        >
          <TableHead view={view} groups={groups} at={at} />
          <tbody ref={body}>
            <WindowedRows
              count={rows.length}
              inSight={inSight}
              active={keys.active}
              isWhole={isWhole}
              width={width}
            >
              {(index) => (
                <TreeTableRow
                  key={rows[index].row.key}
                  item={rows[index]}
                  rowIndex={head + index + 1}
                  isActive={index === keys.active}
                  groups={groups}
                  context={context}
                  onToggle={keys.toggle}
                  onFocus={keys.onFocus}
                  onDetails={setDetail}
                />
              )}
            </WindowedRows>
          </tbody>
          <TotalsRow totals={totals} groups={groups} rowIndex={head + rows.length + 1} />
        </table>
      </div>
      <WholeNote count={rows.length} isWhole={isWhole} onWhole={() => setIsWhole(true)} />
      {detailed ? <RowDetails row={detailed} context={context} onClose={keys.closeDetails} /> : null}
    </>
  );
}
