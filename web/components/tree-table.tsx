import { useRef, useState } from 'preact/hooks';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { isNarrow } from '../lib/media.ts';
import type { TreeRow } from '../lib/tree-rows.ts';
import { moveInTree, visibleRows } from '../lib/tree-rows.ts';
import { memTotalBytes } from '../machine.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { readSet, toggleInSet } from '../state.ts';
import type { ColumnGroup } from './columns.ts';
import { treeColumns } from './columns.ts';
import type { CellContext } from './process-cell.tsx';
import { CommandLink, ProcessCell, processHref } from './process-cell.tsx';
import { headRowCount, TableHead } from './table-head.tsx';

type SubtreeRow = PidAnswer['rows'][number];

interface RowProps {
  readonly item: TreeRow<SubtreeRow>;
  readonly index: number;
  readonly isActive: boolean;
  readonly groups: readonly ColumnGroup[];
  readonly context: CellContext;
  readonly onToggle: () => void;
  readonly onFocus: () => void;
}

/** Indented by depth; the row itself says to assistive technology what the triangle says to the eye. */
function TreeCell({ item, context, onToggle }: Pick<RowProps, 'item' | 'context' | 'onToggle'>) {
  const { row, isParent, isOpen } = item;
  const away = isParent && !isOpen ? row.subtree_processes - 1 : 0;
  return (
    <th scope="row" class="l col-cmd">
      <span class="tree" style={{ '--depth': String(row.depth) }}>
        <span class="twist" aria-hidden="true" onClick={isParent ? onToggle : undefined}>
          {isParent ? (isOpen ? '▾' : '▸') : ''}
        </span>
        <CommandLink row={row} context={context} />
        {away > 0 ? <span class="tag">+{away}</span> : null}
      </span>
    </th>
  );
}

function TreeTableRow({ item, index, isActive, groups, context, onToggle, onFocus }: RowProps) {
  const { row, isParent, isOpen, position, siblings } = item;
  const inRow = { ...context, tabIndex: isActive ? 0 : -1 };
  return (
    <tr
      class={row.matched ? undefined : 'dim'}
      tabIndex={isActive ? 0 : -1}
      aria-level={row.depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-rowindex={headRowCount(groups) + index + 1}
      aria-expanded={isParent ? isOpen : undefined}
      onFocus={onFocus}
    >
      {groups.flatMap(({ columns }) =>
        columns.map((metric, at) =>
          metric.id === 'cmd' ? (
            <TreeCell key={metric.id} item={item} context={inRow} onToggle={onToggle} />
          ) : (
            <ProcessCell key={metric.id} row={row} metric={metric} index={at} context={inRow} />
          ),
        ),
      )}
    </tr>
  );
}

/** Rows take the focus; arrows walk, open and close them (WAI-ARIA APG, treegrid). */
function useTreeKeys(rows: readonly TreeRow<SubtreeRow>[], view: View, context: CellContext) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [activePid, setActivePid] = useState<number | null>(null);
  const active = Math.max(
    0,
    rows.findIndex(({ row }) => row.pid === activePid),
  );
  const toggle = (pid: number) => adjustView(toggleInSet(view, 'fold', String(pid)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement) || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const move = moveInTree(rows, active, event.key);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const { pid } = rows[move.index].row;
    if (move.kind === 'toggle') toggle(pid);
    else if (move.kind === 'open') navigate(processHref(pid, context));
    else body.current?.rows[move.index]?.focus();
  };
  return { body, active, toggle, setActivePid, onKeyDown };
}

interface TreeTableProps {
  readonly view: View;
  readonly rows: readonly SubtreeRow[];
  /** The instant that is shown. */
  readonly ts: string;
  readonly label: string;
}

/** Processes, each below its parent. */
export function TreeTable({ view, rows: all, ts, label }: TreeTableProps) {
  const groups = treeColumns(isNarrow.value);
  const rows = visibleRows(all, readSet(view, 'fold'));
  const context: CellContext = { view, ts, memTotal: memTotalBytes.value };
  const { body, active, toggle, setActivePid, onKeyDown } = useTreeKeys(rows, view, context);
  return (
    <div class="table-frame">
      <table
        class="processes treegrid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open, as ARIA has it
        role="treegrid"
        aria-label={label}
        aria-rowcount={headRowCount(groups) + rows.length}
        onKeyDown={onKeyDown}
      >
        <TableHead view={view} groups={groups} />
        <tbody ref={body}>
          {rows.map((item, index) => (
            <TreeTableRow
              key={item.row.key}
              item={item}
              index={index}
              isActive={index === active}
              groups={groups}
              context={context}
              onToggle={() => toggle(item.row.pid)}
              onFocus={() => setActivePid(item.row.pid)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
