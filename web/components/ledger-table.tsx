import { heatOf } from '../../server/domain/heat.ts';
import type { LedgerAt, LedgerRow } from '../lib/ledger.ts';
import { LEDGER_INKS } from '../lib/ledger.ts';
import { formatShare } from '../lib/numbers.ts';
import { Bytes, Moment } from './figures.tsx';

/** Where all of the RAM is at one instant. */

function Ink({ id }: { readonly id: LedgerRow['id'] }) {
  const { colour, opacity } = LEDGER_INKS[id];
  return <i class={`ink ink-${colour}`} style={{ '--opacity': String(opacity) }} aria-hidden="true" />;
}

/** The parts side by side, as wide as they are large; the table says the same. */
function Bar({ rows }: { readonly rows: readonly LedgerRow[] }) {
  return (
    <div class="ledger-bar" aria-hidden="true">
      {rows.map(({ id, label, bytes }) =>
        bytes ? (
          <i
            key={id}
            class={`ink-${LEDGER_INKS[id].colour}`}
            style={{ '--opacity': String(LEDGER_INKS[id].opacity), flexGrow: bytes }}
            title={label}
          />
        ) : null,
      )}
    </div>
  );
}

function Row({ row, total }: { readonly row: LedgerRow; readonly total: number }) {
  const { id, label, help, bytes } = row;
  return (
    <tr>
      <th scope="row" class="l" title={help}>
        <Ink id={id} />
        {label}
      </th>
      <td class="num heat" style={{ '--share': heatOf(bytes, total).toFixed(3) }}>
        <Bytes value={bytes} label={label} />
      </td>
      <td class="num">
        {bytes === null ? <span class="unknown">not told</span> : formatShare(bytes / total)}
      </td>
    </tr>
  );
}

function Meanings({ rows }: { readonly rows: readonly LedgerRow[] }) {
  return (
    <details class="as-table">
      <summary>What the parts are</summary>
      <dl class="meanings">
        {rows.map(({ id, label, help }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

export function LedgerTable({ ledger }: { readonly ledger: LedgerAt }) {
  const { t, total, rows } = ledger;
  return (
    <section class="side-table">
      <h2>
        Where the RAM is{' '}
        <span class="muted">
          at <Moment at={t} />; adds up to all of it
        </span>
      </h2>
      <Bar rows={rows} />
      <table aria-label="Where the RAM is">
        <thead>
          <tr>
            <th scope="col" class="l">
              Part
            </th>
            <th scope="col">Memory</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} total={total} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" class="l">
              MemTotal
            </th>
            <td class="num">
              <Bytes value={total} label="MemTotal" />
            </td>
            <td class="num">{formatShare(1)}</td>
          </tr>
        </tfoot>
      </table>
      <Meanings rows={rows} />
    </section>
  );
}
