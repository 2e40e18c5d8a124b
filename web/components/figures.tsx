import type { ComponentChildren } from 'preact';
import { formatDuration } from '../../server/domain/units.ts';
import { quantityOfBytes } from '../lib/bytes.ts';
import { formatMeasure } from '../lib/chart-scale.ts';
import type { Measure } from '../lib/chart-spec.ts';
import { exactBytes } from '../lib/numbers.ts';
import { formatMoment, formatMomentBeside, zoneLabel } from '../lib/time.ts';
import { Term } from './term.tsx';

/** Numbers, instants and durations: what is read, and beside it what a machine reads. */

/** A size with its unit dimmed. Copied, it is `13.2 GiB`. */
interface BytesProps {
  readonly value: number | null;
  /** What it is, for the tooltip. */
  readonly label?: string | undefined;
}

export function Bytes({ value, label }: BytesProps) {
  const { value: text, unit } = quantityOfBytes(value);
  if (value === null) return <span class="unknown">{text}</span>;
  return (
    <data
      value={value}
      title={label ? `${label}: ${exactBytes(value)}` : exactBytes(value)}
      class={value === 0 ? 'zero' : undefined}
    >
      {text}
      <span class="u"> {unit}</span>
    </data>
  );
}

interface MeasuredProps extends BytesProps {
  readonly measure: Measure;
}

/** A value of a chart, whatever it measures. */
export function Measured({ value, measure, label }: MeasuredProps) {
  if (measure === 'bytes') return <Bytes value={value} label={label} />;
  const text = formatMeasure(value, measure);
  if (value === null) return <span class="unknown">{text}</span>;
  return (
    <data value={value} title={label ? `${label}: ${text}` : undefined}>
      {text}
    </data>
  );
}

interface MomentProps {
  readonly at: string | number;
  /** An instant next to it: the day is not said twice. */
  readonly beside?: string | number;
}

function epochOf(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

export function Moment({ at, beside }: MomentProps) {
  const t = epochOf(at);
  const iso = new Date(t).toISOString();
  return (
    <time dateTime={iso} title={`${iso} (shown in ${zoneLabel(t)})`}>
      {beside === undefined ? formatMoment(t) : formatMomentBeside(t, epochOf(beside))}
    </time>
  );
}

export function Duration({ seconds }: { readonly seconds: number }) {
  return (
    <time dateTime={`PT${Math.max(0, Math.floor(seconds))}S`} class="nowrap">
      {formatDuration(seconds)}
    </time>
  );
}

export interface Figure {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly help?: string;
}

/** The few numbers that a page is about. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ label, value, note, help }) => (
        <div key={label} title={help}>
          <dt>
            <Term text={label} />
          </dt>
          <dd>
            <span class="figure">{value}</span>
            {note ? <small>{note}</small> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
