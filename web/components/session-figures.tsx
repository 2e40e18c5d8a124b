import type { ComponentChildren } from 'preact';
import { ChangeValue } from './change.tsx';
import { Bytes, Moment } from './figures.tsx';

/** What parts of a session held, one row each. */

interface Figures {
  readonly samples: number;
  readonly min_bytes: number | null;
  readonly mean_bytes: number | null;
  readonly max_bytes: number | null;
  readonly growth_bytes: number | null;
  readonly peak: string | null;
  /** Not of the host's used memory. */
  readonly pss?: Pick<Figures, 'samples' | 'mean_bytes' | 'max_bytes'>;
}

export interface FigureRow {
  readonly id: string;
  readonly name: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly figures: Figures;
}

interface FigureTableProps {
  readonly label: string;
  /** What the rows are. */
  readonly head: string;
  readonly rows: readonly FigureRow[];
  /** An instant beside which peaks are told. */
  readonly beside: string;
}

function PssCells({ pss, samples }: Pick<Figures, 'pss' | 'samples'>) {
  if (!pss)
    return (
      <>
        <td class="opt" />
        <td class="opt" />
      </>
    );
  const known = `in ${pss.samples} of ${samples} samples`;
  return (
    <>
      <td class="num opt">
        <Bytes value={pss.mean_bytes} label={`Mean PSS, ${known}`} />
      </td>
      <td class="num opt">
        <Bytes value={pss.max_bytes} label={`Peak PSS, ${known}`} />
      </td>
    </>
  );
}

function Row({ row: { name, note, figures }, beside }: { readonly row: FigureRow; readonly beside: string }) {
  const growth = figures.growth_bytes;
  return (
    <tr>
      <td class="num">
        <Bytes value={figures.mean_bytes} label="Mean" />
      </td>
      <td class="num">
        <Bytes value={figures.max_bytes} label="Peak" />
      </td>
      <td class="num">
        <ChangeValue
          change={growth === null ? null : { bytes: growth, isNew: false }}
          memTotal={null}
          label="Last less first"
        />
      </td>
      <td class="num opt">
        <Bytes value={figures.min_bytes} label="Smallest" />
      </td>
      <PssCells {...figures} />
      <td class="l opt">{figures.peak === null ? null : <Moment at={figures.peak} beside={beside} />}</td>
      <td class="num opt">{figures.samples}</td>
      <th scope="row" class="l">
        {name}
        {note ? <small class="muted"> {note}</small> : null}
      </th>
    </tr>
  );
}

export function FigureTable({ label, head, rows, beside }: FigureTableProps) {
  return (
    <div class="table-frame">
      <table class="session-figures" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Mean</th>
            <th scope="col">Peak</th>
            <th scope="col">Growth</th>
            <th scope="col" class="opt">
              Smallest
            </th>
            <th scope="col" class="opt">
              PSS, mean
            </th>
            <th scope="col" class="opt">
              PSS, peak
            </th>
            <th scope="col" class="l opt">
              Peak at
            </th>
            <th scope="col" class="opt">
              Samples
            </th>
            <th scope="col" class="l">
              {head}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} beside={beside} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
