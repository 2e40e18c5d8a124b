import { bucketsOf, leastOf, meansOf, mostOf } from '../../server/domain/buckets.ts';
import type { Joined, Values } from './join-lines.ts';

/** The joined line in steps of time: of each the mean of its points. */

/** The ids of the lines between which the points of a line are. */
export function bandIds(id: string): { readonly least: string; readonly most: string } {
  return { least: `${id} least`, most: `${id} most` };
}

/** @param lead the line whose smallest and largest points are told, too */
export function stepRows(joined: Joined, ids: readonly string[], lead: string, stepMs: number): Joined {
  const { rows, gaps } = joined;
  const buckets = bucketsOf(
    rows.map(({ t }) => t),
    gaps,
    stepMs,
  );
  const along = (id: string) => rows.map(({ values }) => values[id] ?? Number.NaN);
  const { least, most } = bandIds(lead);
  const lines: readonly (readonly [string, Float64Array])[] = [
    ...ids.map((id) => [id, meansOf(buckets, along(id))] as const),
    [least, leastOf(buckets, along(lead))],
    [most, mostOf(buckets, along(lead))],
  ];
  const valuesAt = (at: number): Values =>
    Object.fromEntries(lines.map(([id, values]) => [id, Number.isNaN(values[at]) ? null : values[at]]));
  return {
    ...joined,
    rows: buckets.t.map((t, at) => ({ t, isLive: rows[buckets.starts[at]].isLive, values: valuesAt(at) })),
  };
}
