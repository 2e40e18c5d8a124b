import { isNarrow } from '../lib/media.ts';
import { adjustView } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView } from '../state.ts';
import type { Column, ColumnGroup, ColumnId, TablePage } from './columns.ts';
import { ALL_COLUMNS, shownColumns } from './columns.ts';
import { Popover } from './popover.tsx';
import { LearnLink } from './term.tsx';

/** Which columns the table has: every metric of the catalogue, with what it counts and the way to its concept. */

const TITLES: Readonly<Record<ColumnGroup['id'], string>> = {
  process: 'Process',
  window: 'Over its samples',
  instant: 'At this instant',
  change: 'Against the instant compared with',
  trend: 'Over time',
  text: 'Names',
};

interface ChooserProps {
  readonly view: View;
  readonly page: TablePage;
}

function choose(view: View, shown: ReadonlySet<ColumnId>, id: ColumnId): void {
  const next = new Set(shown);
  if (!next.delete(id)) next.add(id);
  adjustView(changeView(view, { shown: [...next].join(',') }));
}

interface ChoiceProps extends ChooserProps {
  readonly column: Column;
}

function Choice({ view, page, column: { id, label, help } }: ChoiceProps) {
  const shown = shownColumns(view, page);
  const isNeeded = id === 'cmd';
  const needsBase = id.startsWith('change_') && view.params.base === undefined;
  return (
    <div class="choice-line">
      <label class="choice">
        <input
          type="checkbox"
          name={id}
          checked={shown.has(id)}
          disabled={isNeeded || needsBase}
          onChange={() => choose(view, shown, id)}
        />
        <span>
          {label}
          <small>{needsBase ? 'Choose what to compare with first.' : help}</small>
        </span>
      </label>
      <LearnLink label={label} />
    </div>
  );
}

/** Where there is little room the table has its three columns, and a row tells the rest. */
export function ColumnChooser({ view, page }: ChooserProps) {
  if (isNarrow.value) return null;
  return (
    <Popover label="Columns" title="Choose what the table shows" side="end">
      <div class="chooser">
        <div>
          {ALL_COLUMNS.map(({ id, columns }) => (
            <fieldset key={id}>
              <legend>{TITLES[id]}</legend>
              {columns.map((column) => (
                <Choice key={column.id} view={view} page={page} column={column} />
              ))}
            </fieldset>
          ))}
        </div>
      </div>
      <button
        type="button"
        class="btn"
        disabled={view.params.shown === undefined}
        onClick={() => adjustView(changeView(view, { shown: null }))}
      >
        Reset
      </button>
    </Popover>
  );
}
