import { useMemo } from 'preact/hooks';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { isNarrow } from '../lib/media.ts';
import { formatCount } from '../lib/numbers.ts';
import type { TreeRow } from '../lib/tree-rows.ts';
import type { ColumnGroup } from './columns.ts';
import type { CellContext } from './process-cell.tsx';
import { CommandLink, renderCell } from './process-cell.tsx';

export type SubtreeRow = PidAnswer['rows'][number];

interface RowProps {
  readonly item: TreeRow<SubtreeRow>;
  readonly rowIndex: number;
  readonly isActive: boolean;
  readonly groups: readonly ColumnGroup[];
  readonly context: CellContext;
  readonly onToggle: (pid: number) => void;
  readonly onFocus: (pid: number) => void;
  readonly onDetails: (key: string) => void;
}

interface DetailsButtonProps {
  readonly row: { readonly pid: number; readonly key: string };
  readonly tabIndex: number | undefined;
  readonly onDetails: (key: string) => void;
}

/** Where there is room for three columns, the others are a tap away. */
export function DetailsButton({ row, tabIndex, onDetails }: DetailsButtonProps) {
  if (!isNarrow.value) return null;
  return (
    <button
      type="button"
      class="btn quiet row-more"
      tabIndex={tabIndex}
      aria-label={`Details of PID ${row.pid}`}
      onClick={() => onDetails(row.key)}
    >
      ⋯
    </button>
  );
}

/** Indented by depth; the row itself says to assistive technology what the triangle says to the eye. */
function TreeCell({
  item,
  context,
  onToggle,
  onDetails,
}: Pick<RowProps, 'item' | 'context' | 'onToggle' | 'onDetails'>) {
  const { row, isParent, isOpen } = item;
  const away = isParent && !isOpen ? row.subtree_processes - 1 : 0;
  return (
    <th scope="row" class="l col-cmd">
      <span class="tree" style={{ '--depth': String(row.depth) }}>
        <span class="twist" aria-hidden="true" onClick={isParent ? () => onToggle(row.pid) : undefined}>
          {isParent ? (isOpen ? '▾' : '▸') : ''}
        </span>
        <CommandLink row={row} context={context} />
        {away > 0 ? <span class="tag">+{formatCount(away)}</span> : null}
        <DetailsButton row={row} tabIndex={context.tabIndex} onDetails={onDetails} />
      </span>
    </th>
  );
}

function rowOf(props: RowProps) {
  const { item, rowIndex, isActive, groups, context, onFocus } = props;
  const { row, isParent, isOpen, position, siblings } = item;
  const inRow = { ...context, tabIndex: isActive ? 0 : -1 };
  return (
    <tr
      class={row.matched ? undefined : 'dim'}
      tabIndex={isActive ? 0 : -1}
      data-pid={row.pid}
      data-key={row.key}
      aria-level={row.depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-rowindex={rowIndex}
      aria-expanded={isParent ? isOpen : undefined}
      onFocus={() => onFocus(row.pid)}
    >
      {groups.flatMap(({ columns }) =>
        columns.map((column, at) =>
          column.id === 'cmd' ? (
            <TreeCell key={column.id} {...props} context={inRow} />
          ) : (
            renderCell({ row, column, index: at, context: inRow })
          ),
        ),
      )}
    </tr>
  );
}

/** Drawn again only when something of it changed: in a long table others come and go at each turn of the wheel. */
export function TreeTableRow(props: RowProps) {
  const { item, rowIndex, isActive, groups, context } = props;
  return useMemo(() => rowOf(props), [item, rowIndex, isActive, groups, context]);
}
