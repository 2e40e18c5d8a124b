import type { InstantRange } from '../../application/ports.ts';
import type { LifeColumnId, LifeSamples } from '../../application/range-reads.ts';
import type { HostSources } from './answers.ts';
import { placesOf } from './answers.ts';
import { within } from './plan-range.ts';
import { known, numberOrNaN, readColumns } from './read-chunks.ts';

/** Figures of one life in each of its samples. */

function expressionOf(id: LifeColumnId): string {
  // A process without children has no sum of its own.
  return numberOrNaN(id === 'subtree_rss_bytes' ? 'coalesce(subtree_rss_bytes, rss_bytes)' : id);
}

/** Samples of the tail may lie before and between those of segments. */
export async function readLife<Id extends LifeColumnId>(
  sources: HostSources,
  id: number,
  range: InstantRange,
  columns: readonly Id[],
): Promise<LifeSamples<Id>> {
  const selects = placesOf(sources, id, range).map(
    ({ source, life }) =>
      `SELECT t::DOUBLE AS t, ${columns.map(expressionOf).join(', ')}
       FROM ${source.relation} WHERE life = ${life} AND ${within([range])}`,
  );
  const sql = `${selects.join(' UNION ALL ')} ORDER BY t`;
  const cells = selects.length === 0 ? [] : await readColumns(sources.connection, sql);
  const [t = new Float64Array(), ...values] = cells.map(known);
  const byId = columns.map((column, at) => [column, values[at] ?? new Float64Array()]);
  return { t, values: Object.fromEntries(byId) };
}
