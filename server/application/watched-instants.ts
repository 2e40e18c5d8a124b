import type { NumberColumnId } from '../domain/metrics.ts';
import type { WatchedProcess, WatchGroup } from '../domain/watch-group.ts';
import { openWatchMatcher, watchedTexts } from '../domain/watch-group.ts';
import type { History } from './ports.ts';
import type { InstantValues } from './range-reads.ts';

/** The processes of a watch group along time: who belongs to it is decided in each sample anew. */

/** Texts that no rule looks at are not read. */
type Watched = Pick<InstantValues<'pid' | 'ppid'>, 'at' | 'values'> & {
  readonly texts: Partial<InstantValues['texts']>;
};

/** Rows in which the group has a process, and the member that it counts for. */
export interface WatchedInstants<Id extends NumberColumnId> extends Omit<InstantValues<Id>, 'texts'> {
  readonly member: Int16Array;
}

function processAt({ values, texts }: Watched, row: number): WatchedProcess {
  return {
    pid: values.pid[row],
    ppid: values.ppid[row],
    user: texts.user?.[row] ?? null,
    cgroup: texts.cgroup?.[row] ?? null,
    cmd: texts.cmd?.[row] ?? null,
    comm: texts.comm?.[row] ?? null,
  };
}

/** For each row the member, or -1. @param instants how many there are */
export function membersOf(group: WatchGroup, figures: Watched, instants: number): Int16Array {
  const match = openWatchMatcher(group);
  const rowsAt: number[][] = Array.from({ length: instants }, () => []);
  for (let row = 0; row < figures.at.length; row++) rowsAt[figures.at[row]].push(row);
  const members = new Int16Array(figures.at.length);
  for (const rows of rowsAt) {
    const { memberOf } = match(rows.map((row) => processAt(figures, row)));
    for (const [place, row] of rows.entries()) members[row] = memberOf[place];
  }
  return members;
}

/** Figures of the group's processes at exactly these instants of samples. */
export async function readWatched<Id extends NumberColumnId>(
  history: History,
  host: string,
  group: WatchGroup,
  { instants, columns }: { readonly instants: readonly number[]; readonly columns: readonly Id[] },
): Promise<WatchedInstants<Id>> {
  const numbers = [...columns, 'pid', 'ppid'] as const;
  const figures = await history.readInstants(host, instants, numbers, watchedTexts(group));
  const members = membersOf(group, figures, instants.length);
  const kept = [...members.keys()].filter((row) => members[row] >= 0);
  const values = columns.map((id) => [id, Float64Array.from(kept, (row) => figures.values[id][row])]);
  return {
    at: Int32Array.from(kept, (row) => figures.at[row]),
    life: Float64Array.from(kept, (row) => figures.life[row]),
    member: Int16Array.from(kept, (row) => members[row]),
    values: Object.fromEntries(values) as Record<Id, Float64Array>,
  };
}
