import type { InstantRange } from '../../application/ports.ts';
import type { CommandChange } from '../../application/range-reads.ts';
import type { HostSources } from './answers.ts';
import { placesOf } from './answers.ts';
import { within } from './plan-range.ts';
import { readColumns } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';

/** Where the command of a life changed: each source tells its own changes, and they are put together. */

interface Seen {
  /** The life's sample before in this source; `null`: this is its first there. */
  readonly before: number | null;
  readonly t: number;
  readonly cmd: string | null;
  /** Its last sample in this source. */
  readonly last: number;
}

async function readChanges(
  connection: HostSources['connection'],
  source: RowSource,
  life: number,
  range: InstantRange,
): Promise<readonly Seen[]> {
  const [before, t, cmd, last] = await readColumns(
    connection,
    `SELECT before, t, cmd, last FROM (
       SELECT t::DOUBLE AS t, cmd, lag(t::DOUBLE) OVER by_time AS before, lag(cmd) OVER by_time AS cmd_before,
         max(t::DOUBLE) OVER () AS last
       FROM ${source.relation} WHERE life = ${life} AND ${within([range])} WINDOW by_time AS (ORDER BY t))
     WHERE before IS NULL OR cmd IS DISTINCT FROM cmd_before ORDER BY t`,
  );
  return t.map((at, row) => ({
    before: before[row],
    t: Number(at),
    cmd: source.textOf(cmd[row]),
    last: Number(last[row]),
  }));
}

export async function readCommandChanges(
  sources: HostSources,
  id: number,
  range: InstantRange,
): Promise<readonly CommandChange[]> {
  const changes: CommandChange[] = [];
  let latest: { readonly t: number; readonly cmd: string | null } | null = null;
  for (const { source, life } of placesOf(sources, id, range))
    for (const { before, t, cmd, last } of await readChanges(sources.connection, source, life, range)) {
      if (latest && latest.cmd !== cmd) changes.push({ before: before ?? latest.t, t, cmd });
      latest = { t: last, cmd };
    }
  return changes;
}
