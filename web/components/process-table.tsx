import { useMemo, useRef, useState } from 'preact/hooks';
import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { compareChanges, readOrder } from '../lib/change.ts';
import { isNarrow } from '../lib/media.ts';
import { WHOLE_UP_TO } from '../lib/row-window.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import type { ColumnGroup } from './columns.ts';
import { countColumns } from './columns.ts';
import type { CellContext, ShownRow } from './process-cell.tsx';
import { CommandLink, processHref, renderCell } from './process-cell.tsx';
import { RowDetails } from './row-details.tsx';
import { useRowsInSight, WholeNote, WindowedRows } from './row-window.tsx';
import { ColumnWidths, headRowCount, TableHead } from './table-head.tsx';
import { TotalsRow } from './totals-row.tsx';
import { DetailsButton } from './tree-row.tsx';
import { useCellContext, useColumns } from './use-cell-context.ts';

interface RowProps {
  readonly row: ShownRow;
  readonly groups: readonly ColumnGroup[];
  readonly context: CellContext;
  readonly rowIndex: number;
  readonly onDetails: (key: string) => void;
  readonly onFocus: (key: string) => void;
}

/** The command, and the way to the rest where there is little room. */
function NarrowName({ row, context, onDetails }: Pick<RowProps, 'row' | 'context' | 'onDetails'>) {
  return (
    <th scope="row" class="l col-cmd">
      <span class="tree">
        <CommandLink row={row} context={context} />
        <DetailsButton row={row} tabIndex={undefined} onDetails={onDetails} />
      </span>
    </th>
  );
}

function ProcessRow({ row, groups, context, rowIndex, onDetails, onFocus }: RowProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target === event.currentTarget && event.key === 'Enter')
      navigate(processHref(row.pid, context));
  };
  return (
    <tr
      tabIndex={-1}
      data-pid={row.pid}
      data-key={row.key}
      aria-rowindex={rowIndex}
      onKeyDown={onKeyDown}
      onFocusIn={() => onFocus(row.key)}
    >
      {groups.flatMap(({ columns }) =>
        columns.map((column, index) =>
          column.id === 'cmd' && isNarrow.value ? (
            <NarrowName key={column.id} row={row} context={context} onDetails={onDetails} />
          ) : (
            renderCell({ row, column, index, context })
          ),
        ),
      )}
    </tr>
  );
}

function useOrdered(view: View, rows: readonly ShownRow[]): readonly ShownRow[] {
  const { base, order: wish } = view.params;
  return useMemo(() => {
    const order = base === undefined ? null : readOrder(wish);
    return order ? [...rows].sort(compareChanges(order)) : rows;
  }, [rows, base, wish]);
}

interface ProcessTableProps {
  readonly view: View;
  readonly answer: LevelAnswer;
}

/** The processes of one level. */
export function ProcessTable({ view, answer }: ProcessTableProps) {
  const groups = useColumns(view, 'level');
  const rows = useOrdered(view, answer.rows);
  const body = useRef<HTMLTableSectionElement>(null);
  const inSight = useRowsInSight(body, rows.length);
  const [isWhole, setIsWhole] = useState(false);
  const [detail, setDetail] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const active = rows.findIndex(({ key }) => key === focused);
  const seen = rows.slice(inSight.first, inSight.end).map(({ key }) => key);
  const context = useCellContext(view, answer.ts, groups, seen, detail);
  const detailed = rows.find(({ key }) => key === detail);
  const head = headRowCount(groups);
  const isLong = rows.length > WHOLE_UP_TO;
  const { width, frame } = countColumns(groups);
  return (
    <>
      <div class={frame}>
        <table
          class={isLong ? 'processes long' : 'processes'}
          aria-label={`Processes of level ${answer.level}`}
          aria-rowcount={head + rows.length + 1}
        >
          {isLong ? <ColumnWidths groups={groups} /> : null}
          <TableHead view={view} groups={groups} at={answer} />
          <tbody ref={body}>
            <WindowedRows
              count={rows.length}
              inSight={inSight}
              active={active}
              isWhole={isWhole}
              width={width}
            >
              {(index) => (
                <ProcessRow
                  key={rows[index].key}
                  row={rows[index]}
                  groups={groups}
                  context={context}
                  rowIndex={head + index + 1}
                  onDetails={setDetail}
                  onFocus={setFocused}
                />
              )}
            </WindowedRows>
          </tbody>
          <TotalsRow totals={answer.totals} groups={groups} rowIndex={head + rows.length + 1} />
        </table>
      </div>
      <WholeNote count={rows.length} isWhole={isWhole} onWhole={() => setIsWhole(true)} />
      {detailed ? <RowDetails row={detailed} context={context} onClose={() => setDetail(null)} /> : null}
    </>
  );
}
