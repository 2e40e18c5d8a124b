import type { ProcessMetric } from '../../server/domain/metrics.ts';
import { DEFAULT_SORT } from '../../server/domain/process-filter.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import type { ColumnGroup } from './columns.ts';
import { isNumeric } from './columns.ts';
import { cellClass } from './process-cell.tsx';

/** Headings from the catalogue: each sorts, and says on hover what it counts. */

interface HeadProps {
  readonly view: View;
  readonly groups: readonly ColumnGroup[];
}

function sortOf({ params }: View): { id: string; dir: string } {
  return { id: params.sort ?? DEFAULT_SORT.sort, dir: params.dir ?? DEFAULT_SORT.dir };
}

function sortHref(view: View, metric: ProcessMetric): string {
  const { id, dir } = sortOf(view);
  const first = isNumeric(metric) && metric.id !== 'pid' && metric.id !== 'ppid' ? 'desc' : 'asc';
  const next = id === metric.id ? (dir === 'asc' ? 'desc' : 'asc') : first;
  return hrefOf(changeView(view, { sort: metric.id, dir: next }));
}

interface HeadingProps {
  readonly view: View;
  readonly metric: ProcessMetric;
  readonly index: number;
}

function Heading({ view, metric, index }: HeadingProps) {
  const { id, dir } = sortOf(view);
  const isSorted = id === metric.id;
  return (
    <th
      scope="col"
      class={cellClass(metric, index).replace('heat', '')}
      aria-sort={isSorted ? (dir === 'asc' ? 'ascending' : 'descending') : 'none'}
    >
      <a class="sort" href={sortHref(view, metric)} title={metric.help}>
        {metric.label}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (dir === 'asc' ? '▲' : '▼') : ''}
        </span>
      </a>
    </th>
  );
}

function groupTitle(id: ColumnGroup['id'], { params }: View): string {
  if (id === 'window') return params.window === 'all' ? 'Whole recording' : 'First sample to this instant';
  return id === 'instant' ? 'At this instant' : '';
}

/** Groups stand over the headings where there are any to tell apart. */
export function headRowCount(groups: readonly ColumnGroup[]): number {
  return groups.length > 2 ? 2 : 1;
}

export function TableHead({ view, groups }: HeadProps) {
  return (
    <thead>
      {headRowCount(groups) > 1 ? (
        <tr class="groups">
          {groups.map(({ id, columns }) =>
            groupTitle(id, view) ? (
              <th key={id} scope="colgroup" colSpan={columns.length} class="group-start">
                <span>{groupTitle(id, view)}</span>
              </th>
            ) : (
              <td key={id} colSpan={columns.length} />
            ),
          )}
        </tr>
      ) : null}
      <tr>
        {groups.flatMap(({ columns }) =>
          columns.map((metric, index) => (
            <Heading key={metric.id} view={view} metric={metric} index={index} />
          )),
        )}
      </tr>
    </thead>
  );
}
