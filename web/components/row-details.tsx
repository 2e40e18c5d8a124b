import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { processName } from '../lib/process-text.ts';
import { linkTo } from '../state.ts';
import type { Column } from './columns.ts';
import { ALL_COLUMNS } from './columns.ts';
import type { CellContext, ShownRow } from './process-cell.tsx';
import { processHref, renderValue } from './process-cell.tsx';
import { Term } from './term.tsx';

/** Everything that is known of one row, at the lower edge of the window: what a narrow table leaves out. */

interface RowDetailsProps {
  readonly row: ShownRow;
  readonly context: CellContext;
  readonly onClose: () => void;
}

function Actions({
  row,
  context,
  children,
}: Pick<RowDetailsProps, 'row' | 'context'> & { children: ComponentChildren }) {
  const { view, ts } = context;
  const { pid, key, level } = row;
  return (
    <p class="actions">
      <a class="btn primary" href={linkTo('plot', view, { pid, key, ts })}>
        Plot over time
      </a>
      <a class="btn" href={processHref(pid, context)}>
        Subtree
      </a>
      <a class="btn" href={linkTo('level', view, { lvl: level, ts })}>
        Level {level}
      </a>
      {children}
    </p>
  );
}

const ORDER = ['instant', 'change', 'trend', 'window', 'process', 'text'] as const;

/** Memory first; the command is said above. */
function columnsOfRow({ base_rss_bytes }: ShownRow): readonly Column[] {
  const hasBase = base_rss_bytes !== undefined;
  return ORDER.flatMap((wanted) => ALL_COLUMNS.find(({ id }) => id === wanted)?.columns ?? []).filter(
    ({ id }) => id !== 'cmd' && (hasBase || !id.startsWith('change_')),
  );
}

export function RowDetails({ row, context, onClose }: RowDetailsProps) {
  const pane = useRef<HTMLElement>(null);
  useLayoutEffect(() => pane.current?.focus({ preventScroll: true }), [row.key]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <section
      ref={pane}
      class="row-details"
      tabIndex={-1}
      aria-label={`Details of PID ${row.pid}`}
      onKeyDown={onKeyDown}
    >
      <h2 class="cmd whole">{processName(row).text}</h2>
      <Actions row={row} context={context}>
        <button type="button" class="btn quiet" onClick={onClose}>
          Close
        </button>
      </Actions>
      <dl>
        {columnsOfRow(row).map((column) => (
          <div key={column.id} class={`detail-${column.id}`} title={column.help}>
            <dt>
              <Term text={column.label} />
            </dt>
            <dd>{renderValue({ row, column, context })}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
