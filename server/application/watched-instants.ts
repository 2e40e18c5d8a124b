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

/** One sample as rules look at it. */
interface WatchedSample {
  /** Where its processes stand among the rows. */
  readonly rows: readonly number[];
  readonly processes: readonly WatchedProcess[];
}

/** @param instants how many there are */
export function watchedSamples(figures: Watched, instants: number): readonly WatchedSample[] {
  const rowsAt: number[][] = Array.from({ length: instants }, () => []);
  for (let row = 0; row < figures.at.length; row++) rowsAt[figures.at[row]].push(row);
  return rowsAt.map((rows) => ({ rows, processes: rows.map((row) => processAt(figures, row)) }));
}

/** For each row the member, or -1. */
export function membersOf(group: WatchGroup, samples: readonly WatchedSample[]): Int16Array {
  const match = openWatchMatcher(group);
  const members = new Int16Array(samples.reduce((sum, { rows }) => sum + rows.length, 0));
  for (const { rows, processes } of samples) {
    const { memberOf } = match(processes);
    for (const [place, row] of rows.entries()) members[row] = memberOf[place];
  }
  return members;
}

function rowsOf<Id extends NumberColumnId>(
  figures: Omit<InstantValues<Id>, 'texts'>,
  columns: readonly Id[],
  members: Int16Array,
): WatchedInstants<Id> {
  const kept = [...members.keys()].filter((row) => members[row] >= 0);
  const values = columns.map((id) => [id, Float64Array.from(kept, (row) => figures.values[id][row])]);
  return {
    at: Int32Array.from(kept, (row) => figures.at[row]),
    life: Float64Array.from(kept, (row) => figures.life[row]),
    member: Int16Array.from(kept, (row) => members[row]),
    values: Object.fromEntries(values) as Record<Id, Float64Array>,
  };
}

interface AskedInstants<Id extends NumberColumnId> {
  readonly instants: readonly number[];
  readonly columns: readonly Id[];
}

/** Figures of each group's processes at exactly these instants of samples, which are read once. */
export async function readWatchedGroups<Id extends NumberColumnId>(
  history: History,
  host: string,
  groups: readonly WatchGroup[],
  { instants, columns }: AskedInstants<Id>,
): Promise<readonly WatchedInstants<Id>[]> {
  const numbers = [...columns, 'pid', 'ppid'] as const;
  const texts = [...new Set(groups.flatMap(watchedTexts))];
  const figures = await history.readInstants(host, instants, numbers, texts);
  const samples = watchedSamples(figures, instants.length);
  return groups.map((group) => rowsOf(figures, columns, membersOf(group, samples)));
}

/** As `readWatchedGroups`, of one. */
export async function readWatched<Id extends NumberColumnId>(
  history: History,
  host: string,
  group: WatchGroup,
  asked: AskedInstants<Id>,
): Promise<WatchedInstants<Id>> {
  return (await readWatchedGroups(history, host, [group], asked))[0];
}
