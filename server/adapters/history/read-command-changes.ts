import type { InstantRange } from '../../application/ports.ts';
import type { CommandChange } from '../../application/range-reads.ts';
import type { HostSources } from './answers.ts';
import { placesOf } from './answers.ts';
import { within } from './plan-range.ts';
import { known, readColumns } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';

/** Where the command of a life changed. */

/** Samples of a life in a row that have one command. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly cmd: string | null;
}

/** A segment's samples are neighbours; those of the tail may lie before and between segments, and are runs of one. */
async function readRuns(
  { connection }: HostSources,
  source: RowSource,
  life: number,
  range: InstantRange,
): Promise<readonly Run[]> {
  const rows = `SELECT t::DOUBLE AS t, cmd FROM ${source.relation} WHERE life = ${life} AND ${within([range])}`;
  const runs = `SELECT min(t), max(t), any_value(cmd) FROM (
      SELECT t, cmd, count(*) FILTER (WHERE is_other) OVER (ORDER BY t) AS run FROM (
        SELECT t, cmd, cmd IS DISTINCT FROM lag(cmd) OVER (ORDER BY t) AS is_other FROM (${rows})))
    GROUP BY run`;
  const [from, to, cmd] = await readColumns(
    connection,
    source.segment ? runs : `SELECT t, t, cmd FROM (${rows})`,
  );
  const [first, last] = [known(from), known(to)];
  return cmd.map((text, row) => ({ from: first[row], to: last[row], cmd: source.textOf(text) }));
}

export async function readCommandChanges(
  sources: HostSources,
  id: number,
  range: InstantRange,
): Promise<readonly CommandChange[]> {
  const places = placesOf(sources, id, range);
  const runs = await Promise.all(places.map(({ source, life }) => readRuns(sources, source, life, range)));
  const inOrder = runs.flat().sort((a, b) => a.from - b.from);
  return inOrder.flatMap(({ from, cmd }, at) => {
    const before = inOrder[at - 1];
    return before && before.cmd !== cmd ? [{ before: before.to, t: from, cmd }] : [];
  });
}
