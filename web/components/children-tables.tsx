import { useState } from 'preact/hooks';
import type { ProcessRow } from '../../server/domain/metrics.ts';
import { formatCount } from '../lib/numbers.ts';
import { processName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Bytes, Duration, Moment } from './figures.tsx';
import { Term } from './term.tsx';

interface ChildrenTableProps {
  readonly view: View;
  readonly rows: readonly ProcessRow[];
  /** Direct children ever, of which these are the first. */
  readonly total: number;
}

function ChildRow({ view, row }: { readonly view: View; readonly row: ProcessRow }) {
  const at = { ts: row.last_seen };
  return (
    <tr>
      <th scope="row" class="num col-pid">
        <a href={linkTo('plot', view, { ...at, pid: row.pid })}>{row.pid}</a>
      </th>
      <td class="num opt">
        {row.level === 0 ? row.ppid : <a href={linkTo('pid', view, { ...at, pid: row.ppid })}>{row.ppid}</a>}
      </td>
      <td class="l opt">
        <Moment at={row.started} />
      </td>
      <td class="l opt">
        <Moment at={row.last_seen} />
      </td>
      <td class="num">
        <Duration seconds={row.lifetime_seconds} />
      </td>
      <td class="num">
        <Bytes value={row.rss_bytes} />
      </td>
      <td class="num">
        <Bytes value={row.subtree_rss_bytes} />
      </td>
    </tr>
  );
}

const FIRST_SHOWN = 25;

/** The largest first, as the server sends them; the many small ones when they are asked for. */
function useFirstRows(rows: readonly ProcessRow[]) {
  const [isWhole, setIsWhole] = useState(false);
  const more =
    rows.length > FIRST_SHOWN ? (
      <button type="button" class="btn" onClick={() => setIsWhole(!isWhole)}>
        {isWhole ? `Show the largest ${FIRST_SHOWN}` : `Show all ${formatCount(rows.length)}`}
      </button>
    ) : null;
  return { shown: isWhole ? rows : rows.slice(0, FIRST_SHOWN), more };
}

function ChildrenHead() {
  return (
    <thead>
      <tr>
        <th scope="col">PID</th>
        <th scope="col" class="opt">
          PPID
        </th>
        <th scope="col" class="l opt">
          Since
        </th>
        <th scope="col" class="l opt">
          Until
        </th>
        <th scope="col">Lifetime</th>
        <th scope="col">
          <Term text="RSS" />
        </th>
        <th scope="col">Subtree</th>
      </tr>
    </thead>
  );
}

/** Direct children, each as it was when it was last seen in the range. */
export function ChildrenTable({ view, rows, total }: ChildrenTableProps) {
  const { shown, more } = useFirstRows(rows);
  return (
    <section class="block">
      <h2>Children summary</h2>
      {rows.length < total ? (
        <p class="muted">
          The {formatCount(rows.length)} of {formatCount(total)} with the largest subtrees.
        </p>
      ) : null}
      {rows.length === 0 ? (
        <p class="muted">It had no children in this range.</p>
      ) : (
        <div class="table-frame">
          <table class="children" aria-label="Children summary">
            <ChildrenHead />
            <tbody>
              {shown.map((row) => (
                <ChildRow key={row.key} view={view} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more}
    </section>
  );
}

export function ChildCommands({ rows }: { readonly rows: readonly ProcessRow[] }) {
  const { shown, more } = useFirstRows(rows);
  if (rows.length === 0) return null;
  return (
    <section class="block">
      <h2>Child PID → CMD</h2>
      <dl class="commands">
        {shown.map((row) => (
          <div key={row.key}>
            <dt>{row.pid}</dt>
            <dd class="cmd">{processName(row).text}</dd>
          </div>
        ))}
      </dl>
      {more}
    </section>
  );
}
