import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { countOf, knownNote, UPPER_BOUND } from '../lib/numbers.ts';
import type { Column, ColumnGroup } from './columns.ts';
import { Bytes } from './figures.tsx';
import { cellClass } from './process-cell.tsx';

type Totals = LevelAnswer['totals'];

function sumOf(totals: Totals, id: string): number | null | undefined {
  if (id === 'rss_bytes') return totals.rss_bytes;
  if (id === 'pss_bytes') return totals.pss_bytes;
  return id === 'swap_bytes' ? totals.swap_bytes : undefined;
}

function noteOf(totals: Totals, id: string): string | null {
  if (id === 'pss_bytes') return knownNote(totals.known.pss, totals.processes);
  return id === 'swap_bytes' ? knownNote(totals.known.swap, totals.processes) : null;
}

interface TotalCellProps {
  readonly totals: Totals;
  readonly column: Column;
  readonly index: number;
}

/** Only what can be added is: no sum of PIDs or of peaks that were at different times. */
function TotalCell({ totals, column, index }: TotalCellProps) {
  const sum = sumOf(totals, column.id);
  const note = noteOf(totals, column.id);
  return (
    <td
      class={cellClass(column, index).replace('heat', '')}
      title={column.id === 'rss_bytes' ? UPPER_BOUND : undefined}
    >
      {sum === undefined ? null : (
        <>
          {column.id === 'rss_bytes' ? <span class="u">≤ </span> : null}
          <Bytes value={sum} />
          {note ? <small class="known">{note}</small> : null}
        </>
      )}
    </td>
  );
}

interface TotalsRowProps {
  readonly totals: Totals;
  readonly groups: readonly ColumnGroup[];
  readonly rowIndex?: number;
}

/** The label stands over the columns before the first sum. */
export function TotalsRow({ totals, groups, rowIndex }: TotalsRowProps) {
  const columns = groups.flatMap((group) => group.columns.map((column, index) => ({ column, index })));
  const firstSum = columns.findIndex(({ column }) => sumOf(totals, column.id) !== undefined);
  const labelled = Math.max(1, firstSum < 0 ? columns.length : firstSum);
  return (
    <tfoot>
      <tr aria-rowindex={rowIndex}>
        <th scope="row" colSpan={labelled} class="l">
          Total of {countOf(totals.processes, 'process', 'processes')}
        </th>
        {columns.slice(labelled).map(({ column, index }) => (
          <TotalCell key={column.id} totals={totals} column={column} index={index} />
        ))}
      </tr>
    </tfoot>
  );
}
