import type { ProcessMetric } from '../../server/domain/metrics.ts';
import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { ColumnGroup } from './columns.ts';
import { Bytes } from './figures.tsx';
import { cellClass } from './process-cell.tsx';

type Totals = LevelAnswer['totals'];

function sumOf(totals: Totals, id: string): number | null | undefined {
  if (id === 'rss_bytes') return totals.rss_bytes;
  if (id === 'pss_bytes') return totals.pss_bytes;
  return id === 'swap_bytes' ? totals.swap_bytes : undefined;
}

/** How many processes a sum is of, where that is not all of them. */
function knownNote(totals: Totals, id: string): string | null {
  const known = id === 'pss_bytes' ? totals.known.pss : id === 'swap_bytes' ? totals.known.swap : null;
  return known === null || known === totals.processes ? null : `of ${formatCount(known)}`;
}

function sumTitle(id: string): string | undefined {
  return id === 'rss_bytes'
    ? 'Upper bound: pages that processes share are counted once for each.'
    : undefined;
}

interface TotalCellProps {
  readonly totals: Totals;
  readonly metric: ProcessMetric;
  readonly index: number;
}

/** Only what can be added is: no sum of PIDs or of peaks that were at different times. */
function TotalCell({ totals, metric, index }: TotalCellProps) {
  const sum = sumOf(totals, metric.id);
  const note = knownNote(totals, metric.id);
  return (
    <td class={cellClass(metric, index).replace('heat', '')} title={sumTitle(metric.id)}>
      {sum === undefined ? null : (
        <>
          {metric.id === 'rss_bytes' ? <span class="u">≤ </span> : null}
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
}

export function TotalsRow({ totals, groups }: TotalsRowProps) {
  const [first, ...others] = groups;
  const label = `Total of ${countOf(totals.processes, 'process', 'processes')}`;
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={first.columns.length} class="l">
          {label}
        </th>
        {others.flatMap(({ columns }) =>
          columns.map((metric, index) => (
            <TotalCell key={metric.id} totals={totals} metric={metric} index={index} />
          )),
        )}
      </tr>
    </tfoot>
  );
}
