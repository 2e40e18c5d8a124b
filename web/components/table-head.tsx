import { DEFAULT_SORT } from '../../server/domain/process-filter.ts';
import type { ChangeId } from '../lib/change.ts';
import { formatOrder, readOrder } from '../lib/change.ts';
import { formatMomentBeside } from '../lib/time.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { trendStretch } from '../trend-stretch.ts';
import type { Column, ColumnGroup } from './columns.ts';
import { isMetric, isNumeric } from './columns.ts';
import { cellClass } from './process-cell.tsx';
import { LearnLink } from './term.tsx';

/** Headings from the catalogue: each sorts, says on hover what it counts, and then has the way to its concept. */

/** The instant that is shown, and the one that it is compared with. */
export interface Instants {
  readonly ts: string;
  readonly base: { readonly ts: string } | null;
}

interface HeadProps {
  readonly view: View;
  readonly groups: readonly ColumnGroup[];
  readonly at: Instants;
}

interface Sorting {
  readonly id: string;
  readonly dir: string;
}

/** Changes are ordered here, everything else by the server. */
function sortOf({ params }: View): Sorting {
  const order = params.base === undefined ? null : readOrder(params.order);
  return order ?? { id: params.sort ?? DEFAULT_SORT.sort, dir: params.dir ?? DEFAULT_SORT.dir };
}

function sortHref(view: View, column: Column): string {
  const { id, dir } = sortOf(view);
  const first = isNumeric(column) && column.id !== 'pid' && column.id !== 'ppid' ? 'desc' : 'asc';
  const next = id === column.id ? (dir === 'asc' ? 'desc' : 'asc') : first;
  if (isMetric(column)) return hrefOf(changeView(view, { sort: column.id, dir: next, order: null }));
  return hrefOf(changeView(view, { order: formatOrder({ id: column.id as ChangeId, dir: next }) }));
}

interface HeadingProps {
  readonly view: View;
  readonly column: Column;
  readonly index: number;
  readonly at: Instants;
}

/** Of which stretch the small lines are; from a chosen one there is a way back. */
function TrendHeading({ view, column, at: { ts } }: Omit<HeadingProps, 'index'>) {
  const { label, isChosen } = trendStretch(view, ts);
  if (!isChosen) return <span title={column.help}>{label}</span>;
  return (
    <a
      class="sort"
      href={hrefOf(changeView(view, { since: null }))}
      title={`${column.help} Click: the last hour.`}
    >
      {label}
      <span class="sr-only">; show the last hour</span>
    </a>
  );
}

function Heading({ view, column, index, at }: HeadingProps) {
  const shared = { scope: 'col', class: cellClass(column, index).replace('heat', '') } as const;
  const { id, dir } = sortOf(view);
  const isSorted = id === column.id;
  if (column.id === 'trend') {
    return (
      <th {...shared}>
        <TrendHeading view={view} column={column} at={at} />
      </th>
    );
  }
  return (
    <th {...shared} aria-sort={isSorted ? (dir === 'asc' ? 'ascending' : 'descending') : 'none'}>
      <a class="sort" href={sortHref(view, column)} title={column.help}>
        {column.label}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (dir === 'asc' ? '▲' : '▼') : ''}
        </span>
      </a>
      <LearnLink label={column.label} />
    </th>
  );
}

/** A single column has no room for a title of its group. */
function groupTitle({ id, columns }: ColumnGroup, { view, at }: HeadProps): string {
  if (columns.length < 2) return '';
  if (id === 'window')
    return view.params.window === 'all' ? 'Whole recording' : 'First sample to this instant';
  if (id === 'change' && at.base)
    return `Since ${formatMomentBeside(Date.parse(at.base.ts), Date.parse(at.ts))}`;
  return id === 'instant' ? 'At this instant' : '';
}

/** Groups stand over the headings where there are any to tell apart. */
export function headRowCount(groups: readonly ColumnGroup[]): number {
  return groups.length > 2 ? 2 : 1;
}

/** In long tables columns have set widths: they would else change with the rows that come and go. */
export function ColumnWidths({ groups }: Pick<HeadProps, 'groups'>) {
  const columns = groups.flatMap((group) => group.columns);
  return (
    <colgroup>
      {columns.map(({ id, unit }) => (
        <col key={id} class={id === 'cmd' || id === 'trend' ? `wide-${id}` : `wide-${unit}`} />
      ))}
    </colgroup>
  );
}

export function TableHead(props: HeadProps) {
  const { view, groups, at } = props;
  return (
    <thead>
      {headRowCount(groups) > 1 ? (
        <tr class="groups">
          {groups.map((group) =>
            groupTitle(group, props) ? (
              <th key={group.id} scope="colgroup" colSpan={group.columns.length} class="group-start">
                <span>{groupTitle(group, props)}</span>
              </th>
            ) : (
              <td key={group.id} colSpan={group.columns.length} />
            ),
          )}
        </tr>
      ) : null}
      <tr>
        {groups.flatMap(({ columns }) =>
          columns.map((column, index) => (
            <Heading key={column.id} view={view} column={column} index={index} at={at} />
          )),
        )}
      </tr>
    </thead>
  );
}
