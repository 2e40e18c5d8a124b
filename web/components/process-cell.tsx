import { heatOf } from '../../server/domain/heat.ts';
import type { ProcessMetric, ProcessRow } from '../../server/domain/metrics.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { changeOf } from '../lib/change.ts';
import { isNarrow } from '../lib/media.ts';
import { formatCount } from '../lib/numbers.ts';
import { briefName, processName } from '../lib/process-text.ts';
import type { Spark } from '../lib/sparkline.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { ChangeValue } from './change.tsx';
import type { Column } from './columns.ts';
import { isMetric, isNumeric, isShaded } from './columns.ts';
import { Bytes, Duration, Moment } from './figures.tsx';
import { Sparkline } from './sparkline.tsx';

/**
 * What stands in a row is rendered by plain functions: as components of their own they would be forty for each row, and a
 * long table renders sixteen rows between two frames.
 */

/** A process of an instant, and what it was at the instant compared with. */
export type ShownRow = LevelAnswer['rows'][number];

export interface CellContext {
  readonly view: View;
  /** The instant that links keep. */
  readonly ts: string;
  readonly memTotal: number | null;
  /** −1 takes links out of the order of tab stops (inside a treegrid). */
  readonly tabIndex?: number;
  /** Of the rows in sight, by key. */
  readonly sparks?: ReadonlyMap<string, Spark>;
  /** Of what and when these are. */
  readonly aboutSparks?: string;
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
function renderParent({ row, context }: { readonly row: ProcessRow; readonly context: CellContext }) {
  if (row.level === 0) return <span class="muted">{row.ppid}</span>;
  return (
    <a href={processHref(row.ppid, context)} tabIndex={context.tabIndex}>
      {row.ppid}
    </a>
  );
}

interface MetricProps {
  readonly row: ShownRow;
  readonly metric: ProcessMetric;
  readonly context: CellContext;
}

function renderPlain({ row, metric }: Pick<MetricProps, 'row' | 'metric'>) {
  const value = row[metric.id];
  if (value === null) return <span class="unknown">–</span>;
  if (metric.unit === 'bytes') return <Bytes value={Number(value)} label={metric.label} />;
  if (metric.unit === 'seconds') return <Duration seconds={Number(value)} />;
  if (metric.unit === 'instant') return <Moment at={String(value)} />;
  if (metric.unit === 'count') return <>{formatCount(Number(value))}</>;
  return <>{displayText(String(value))}</>;
}

function renderMetric(props: MetricProps) {
  const { row, metric, context } = props;
  if (metric.id === 'cmd') return <CommandLink row={row} context={context} />;
  if (metric.id === 'ppid') return renderParent(props);
  if (metric.id !== 'pid') return renderPlain(props);
  return (
    <a href={processHref(row.pid, context)} tabIndex={context.tabIndex}>
      {row.pid}
    </a>
  );
}

interface CellProps {
  readonly row: ShownRow;
  readonly column: Column;
  readonly context: CellContext;
}

export function renderValue({ row, column, context }: CellProps) {
  if (isMetric(column)) return renderMetric({ row, metric: column, context });
  if (column.id === 'trend')
    return <Sparkline spark={context.sparks?.get(row.key)} about={context.aboutSparks ?? ''} />;
  return <ChangeValue change={changeOf(row, column.id)} memTotal={context.memTotal} label={column.label} />;
}

export function cellClass(column: Column, index: number): string {
  const kinds = [isNumeric(column) ? 'num' : 'l', isShaded(column) && 'heat', index === 0 && 'group-start'];
  return [...kinds, `col-${column.id}`].filter(Boolean).join(' ');
}

export function shareStyle(bytes: number, memTotal: number | null) {
  return { '--share': heatOf(bytes, memTotal).toFixed(3) };
}

function cellStyle({ row, column, context }: CellProps) {
  if (!isShaded(column) || !isMetric(column)) return undefined;
  return shareStyle(Number(row[column.id]), context.memTotal);
}

/** The whole of a text that is cut off where it stands. */
function fullText({ row, column }: CellProps): string | undefined {
  const isCut = column.id === 'user' || column.id === 'cgroup' || column.id === 'comm';
  return isCut ? displayText(row[column.id]) : undefined;
}

/** The command is what a row is called. */
export function renderCell(props: CellProps & { readonly index: number }) {
  const { column, index } = props;
  const shared = { class: cellClass(column, index), style: cellStyle(props), title: fullText(props) };
  const value = renderValue(props);
  return column.id === 'cmd' ? (
    <th key={column.id} scope="row" {...shared}>
      {value}
    </th>
  ) : (
    <td key={column.id} {...shared}>
      {value}
    </td>
  );
}
