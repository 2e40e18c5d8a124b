import { cutCommand } from './command-mode.ts';
import type { LiveDeparture } from './live-point.ts';
import type { LiveReading } from './live-reading.ts';
import type { WatchGroup } from './watch-group.ts';

/**
 * Which process was the last to leave each member of a watch group. User space sees no more than that a life (pid and
 * start ticks) was there at one tick and not at the next: it ended in between. Its exit code only its parent is told
 * (wait(2)).
 */

/** A process of a member, when it was seen last. Texts are in dump notation. */
interface Seen {
  readonly pid: number;
  readonly startTicks: number;
  readonly comm: string | null;
  readonly cmd: string | null;
  /** Epoch ms. */
  readonly t: number;
}

interface Left {
  readonly who: Seen;
  readonly departure: LiveDeparture;
}

interface MemberState {
  readonly seen: readonly Seen[];
  readonly left: Left | null;
}

/** Each point carries it. */
const LONGEST_COMMAND = 200;

/** Its parent has not taken its exit code yet, or is about to: nothing of it runs, proc_pid_stat(5). */
export function hasEnded(state: string | null): boolean {
  return state === 'Z' || state === 'X';
}

function seenAt({ system, processes: { numbers, texts } }: LiveReading, row: number): Seen {
  return {
    pid: numbers.pid[row],
    startTicks: numbers.start_ticks[row],
    comm: texts.comm[row],
    cmd: texts.cmd[row],
    t: system.t,
  };
}

function isAlive({ processes: { numbers, texts } }: LiveReading, { pid, startTicks }: Seen): boolean {
  const row = numbers.pid.indexOf(pid);
  return row >= 0 && numbers.start_ticks[row] === startTicks && !hasEnded(texts.state[row]);
}

function departureOf({ pid, comm, cmd, t }: Seen, gone: number, hasExited: boolean): LiveDeparture {
  return {
    ...{ pid, comm, seen: t, gone, exited: hasExited },
    cmd: cmd === null ? null : cutCommand(cmd, LONGEST_COMMAND),
  };
}

/** Of several that left at once the one with the most RSS; one that ended before one that runs on. */
function lastToLeave(reading: LiveReading, gone: readonly Seen[]): Left | null {
  const who = gone.find((one) => !isAlive(reading, one)) ?? gone[0];
  if (!who) return null;
  return { who, departure: departureOf(who, reading.system.t, !isAlive(reading, who)) };
}

function follow(state: MemberState | undefined, reading: LiveReading, rows: readonly number[]): MemberState {
  const { texts } = reading.processes;
  const seen = rows.filter((row) => !hasEnded(texts.state[row])).map((row) => seenAt(reading, row));
  const starts = new Map(seen.map(({ pid, startTicks }) => [pid, startTicks]));
  const isHere = ({ pid, startTicks }: Seen) => starts.get(pid) === startTicks;
  const gone = state?.seen.filter((who) => !isHere(who)) ?? [];
  // One that is back had only not been readable.
  const before = state?.left && !isHere(state.left.who) ? state.left : null;
  return { seen, left: lastToLeave(reading, gone) ?? before };
}

/**
 * Follows watch groups from reading to reading, of one boot. A group that was changed is another object, and begins anew.
 * @param rows of the reading, by member; those with the most RSS first
 * @returns by member: the last to leave; `null`: none was seen to
 */
export type Departures = (
  group: WatchGroup,
  reading: LiveReading,
  rows: readonly (readonly number[])[],
) => readonly (LiveDeparture | null)[];

export function openDepartures(): Departures {
  const states = new WeakMap<WatchGroup, readonly MemberState[]>();
  return (group, reading, rows) => {
    const before = states.get(group);
    const now = group.members.map((_, member) => follow(before?.[member], reading, rows[member]));
    states.set(group, now);
    return now.map(({ left }) => left?.departure ?? null);
  };
}
