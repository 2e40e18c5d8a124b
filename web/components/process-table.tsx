import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { isNarrow } from '../lib/media.ts';
import { memTotalBytes } from '../machine.ts';
import type { View } from '../state.ts';
import { levelColumns } from './columns.ts';
import type { CellContext } from './process-cell.tsx';
import { ProcessCell } from './process-cell.tsx';
import { TableHead } from './table-head.tsx';
import { TotalsRow } from './totals-row.tsx';

interface ProcessTableProps {
  readonly view: View;
  readonly answer: LevelAnswer;
}

/** The processes of one level. */
export function ProcessTable({ view, answer }: ProcessTableProps) {
  const groups = levelColumns(isNarrow.value);
  const context: CellContext = { view, ts: answer.ts, memTotal: memTotalBytes.value };
  return (
    <div class="table-frame">
      <table class="processes" aria-label={`Processes of level ${answer.level}`}>
        <TableHead view={view} groups={groups} />
        <tbody>
          {answer.rows.map((row) => (
            <tr key={row.key}>
              {groups.flatMap(({ columns }) =>
                columns.map((metric, index) => (
                  <ProcessCell key={metric.id} row={row} metric={metric} index={index} context={context} />
                )),
              )}
            </tr>
          ))}
        </tbody>
        <TotalsRow totals={answer.totals} groups={groups} />
      </table>
    </div>
  );
}
