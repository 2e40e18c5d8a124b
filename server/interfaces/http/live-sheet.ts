import type { InitialData, LiveFigures, LiveGroup, LivePoint } from '../../domain/live-point.ts';
import { formatInstant } from '../../domain/stamp.ts';
import { distinctNames, seriesRows } from '../csv.ts';
import type { Sheet } from './send-view.ts';

/** Points of the feed as a table: one row each, the host's figures, then those of each member of each watch group. */

const FIGURES = [
  ...(['processes', 'zombies', 'rss_bytes', 'pss_bytes', 'pss_known', 'pss_age_seconds'] as const),
  ...(['vsz_bytes', 'swap_bytes', 'cpu_percent'] as const),
] satisfies readonly (keyof LiveFigures)[];

interface Part {
  readonly name: string;
  readonly of: (point: LivePoint) => LiveFigures | undefined;
}

/** The last of a name: groups are changed while points of the former ones are still there. */
function lastByName<One extends { readonly name: string }>(all: readonly One[]): readonly One[] {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function partsOf(points: readonly LivePoint[]): readonly Part[] {
  const groups = points.flatMap((point) => point.groups);
  return lastByName(groups).flatMap(({ name: group }) => {
    const groupIn = (point: LivePoint): LiveGroup | undefined =>
      point.groups.find(({ name }) => name === group);
    const members = lastByName(groups.flatMap((one) => (one.name === group ? one.members : [])));
    return [
      { name: `${group}_total`, of: (point: LivePoint) => groupIn(point)?.total },
      ...members.map(({ name }) => ({
        name: `${group}_${name}`,
        of: (point: LivePoint) => groupIn(point)?.members.find((member) => member.name === name),
      })),
    ];
  });
}

function hostSeries(points: readonly LivePoint[]) {
  const rows = points.map(({ seq, system: { metrics, ...figures } }) => ({ seq, ...figures, ...metrics }));
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map(
    (name) =>
      [name, rows.map((row) => (row as Readonly<Record<string, number | null>>)[name] ?? null)] as const,
  );
}

/** What is not known of a point, or was no part of it, is `null`. */
export function liveSheet({ history }: InitialData): Sheet {
  const parts = partsOf(history);
  const names = distinctNames(parts.map(({ name }) => name));
  const series = parts.flatMap(({ of }, at) =>
    FIGURES.map((id) => [`${names[at]}_${id}`, history.map((point) => of(point)?.[id] ?? null)] as const),
  );
  const columns = Object.fromEntries([...hostSeries(history), ...series]);
  const newest = history.at(-1);
  return {
    name: ['live', ...(newest ? [newest.host, formatInstant(newest.t)] : [])],
    columns: ['t', ...Object.keys(columns)],
    rows: seriesRows(
      history.map(({ t }) => t),
      columns,
    ),
  };
}
