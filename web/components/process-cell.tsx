import type { ProcessMetric, ProcessRow } from '../../server/domain/metrics.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import { isNarrow } from '../lib/media.ts';
import { heatOf } from '../lib/numbers.ts';
import { briefName, processName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { isNumeric, isShaded } from './columns.ts';
import { Bytes, Duration, Moment } from './figures.tsx';

export interface CellContext {
  readonly view: View;
  /** The instant that links keep. */
  readonly ts: string;
  readonly memTotal: number | null;
  /** −1 takes links out of the order of tab stops (inside a treegrid). */
  readonly tabIndex?: number;
}

export function processHref(pid: number, { view, ts }: Pick<CellContext, 'view' | 'ts'>): string {
  return linkTo('pid', view, { pid, ts });
}

/** Its own name, a link to its page. */
export function CommandLink({ row, context }: { readonly row: ProcessRow; readonly context: CellContext }) {
  const { text, isBracketed } = processName(row);
  return (
    <a
      class={isBracketed ? 'cmd kernel' : 'cmd'}
      href={processHref(row.pid, context)}
      title={text}
      tabIndex={context.tabIndex}
    >
      {isNarrow.value ? briefName(row) : text}
    </a>
  );
}

/** A link where the parent is in the same sample; its page would not be found otherwise. */
function ParentLink({ row, context }: { readonly row: ProcessRow; readonly context: CellContext }) {
  if (row.level === 0) return <span class="muted">{row.ppid}</span>;
  return (
    <a href={processHref(row.ppid, context)} tabIndex={context.tabIndex}>
      {row.ppid}
    </a>
  );
}

interface CellProps {
  readonly row: ProcessRow;
  readonly metric: ProcessMetric;
  readonly context: CellContext;
}

function PlainValue({ row, metric }: CellProps) {
  const value = row[metric.id];
  if (value === null) return <span class="unknown">–</span>;
  if (metric.unit === 'bytes') return <Bytes value={Number(value)} label={metric.label} />;
  if (metric.unit === 'seconds') return <Duration seconds={Number(value)} />;
  if (metric.unit === 'instant') return <Moment at={String(value)} />;
  return <>{displayText(String(value))}</>;
}

export function CellValue(props: CellProps) {
  const { row, metric, context } = props;
  if (metric.id === 'cmd') return <CommandLink row={row} context={context} />;
  if (metric.id === 'ppid') return <ParentLink row={row} context={context} />;
  if (metric.id !== 'pid') return <PlainValue {...props} />;
  return (
    <a href={processHref(row.pid, context)} tabIndex={context.tabIndex}>
      {row.pid}
    </a>
  );
}

export function cellClass(metric: ProcessMetric, index: number): string {
  const kinds = [isNumeric(metric) ? 'num' : 'l', isShaded(metric) && 'heat', index === 0 && 'group-start'];
  return [...kinds, `col-${metric.id}`].filter(Boolean).join(' ');
}

export function cellStyle(metric: ProcessMetric, row: ProcessRow, memTotal: number | null) {
  if (!isShaded(metric)) return undefined;
  return { '--share': heatOf(Number(row[metric.id]), memTotal).toFixed(3) };
}

/** The command is what a row is called. */
export function ProcessCell(props: CellProps & { readonly index: number }) {
  const { metric, row, context, index } = props;
  const shared = { class: cellClass(metric, index), style: cellStyle(metric, row, context.memTotal) };
  if (metric.id !== 'cmd') {
    return (
      <td {...shared}>
        <CellValue {...props} />
      </td>
    );
  }
  return (
    <th scope="row" {...shared}>
      <CellValue {...props} />
    </th>
  );
}
