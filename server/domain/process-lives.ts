import { firstWord } from './process-key.ts';

/**
 * Lives without start ticks (seed dumps). A life ends when the pid is absent from a sample, across a gap or
 * reboot, when the first word of its command changes, or when its parent changes although the old parent lives on.
 */
export interface WeakSample {
  /** Epoch ms. */
  readonly t: number;
  /** A gap or reboot lies between this sample and the one before. */
  readonly afterBreak: boolean;
  readonly pid: ArrayLike<number>;
  readonly ppid: ArrayLike<number>;
  /** Dump notation; `null` is unknown. */
  readonly cmd: readonly (string | null)[];
}

/** A process as the last sample before shows it. */
export interface WeakProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly firstWord: string;
  /** Epoch ms in which its life began. */
  readonly since: number;
}

export interface WeakLives {
  /** Samples in order of time → for each row the instant in which its life began (epoch ms). */
  next(sample: WeakSample): Float64Array;
  /** Those of the last sample: `openWeakLives` goes on from them. */
  survivors(): readonly WeakProcess[];
}

interface Seen {
  readonly ppid: number;
  readonly word: string;
  readonly since: number;
}

type Population = ReadonlyMap<number, Seen>;

function keepsCommand(before: Population, now: Population, pid: number): boolean {
  const old = before.get(pid);
  return old !== undefined && old.word === now.get(pid)?.word;
}

function changedParent(before: Population, now: Population, pid: number): boolean {
  return keepsCommand(before, now, pid) && before.get(pid)?.ppid !== now.get(pid)?.ppid;
}

/**
 * A process that changed its parent lives on if its old parent does not, which may hang on that one's old parent in
 * turn. So the answer alternates down the chain of those that changed theirs, from the first that did not. Each is
 * decided once, because a hostile sample may hold one long chain. In a loop (no real host has one) all share a fate.
 */
function decideLives(before: Population, now: Population): (pid: number) => boolean {
  const decided = new Map<number, boolean>();

  /** Those that changed their parent, from `pid` up, and where that ends: decided, unchanged, gone or a loop. */
  function climb(pid: number): { chain: number[]; top: number } {
    const chain = new Set<number>();
    let top = pid;
    while (!chain.has(top) && !decided.has(top) && changedParent(before, now, top)) {
      chain.add(top);
      top = before.get(top)?.ppid ?? 0;
    }
    return { chain: [...chain], top };
  }

  return (pid) => {
    const { chain, top } = climb(pid);
    const loop = chain.includes(top) ? chain.splice(chain.indexOf(top)) : [];
    for (const member of loop) decided.set(member, loop.length % 2 === 0);
    let lives = decided.get(top) ?? keepsCommand(before, now, top);
    for (const member of chain.reverse()) {
      lives = !lives;
      decided.set(member, lives);
    }
    return lives;
  };
}

function populationOf({ pid, ppid, cmd, t }: WeakSample): Map<number, Seen> {
  const now = new Map<number, Seen>();
  for (let row = 0; row < pid.length; row++)
    now.set(pid[row], { ppid: ppid[row], word: firstWord(cmd[row]), since: t });
  return now;
}

function populationOfSurvivors(survivors: readonly WeakProcess[]): Population {
  return new Map(survivors.map(({ pid, ppid, firstWord: word, since }) => [pid, { ppid, word, since }]));
}

/**
 * Starts following the lives of one host.
 * @param survivors of the sample before the first, where an earlier part of the recording ends there
 */
export function openWeakLives(survivors: readonly WeakProcess[] = []): WeakLives {
  let before = populationOfSurvivors(survivors);
  return {
    next(sample) {
      const fresh = populationOf(sample);
      const now = new Map<number, Seen>();
      const livesOn = decideLives(before, fresh);
      for (const [pid, seen] of fresh) {
        const stays = !sample.afterBreak && livesOn(pid);
        now.set(pid, { ...seen, since: stays ? (before.get(pid)?.since ?? sample.t) : sample.t });
      }
      before = now;
      return Float64Array.from(sample.pid, (pid) => now.get(pid)?.since ?? sample.t);
    },
    survivors: () =>
      Array.from(before, ([pid, { ppid, word, since }]) => ({ pid, ppid, firstWord: word, since })),
  };
}
