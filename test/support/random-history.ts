import fc from 'fast-check';
import type { ProcessLiteral, SampleLiteral } from './dump-builder.ts';

/**
 * Small histories in which everything happens that a tree or a life can go through: births, deaths, reused pids,
 * execs, new titles, new parents, loops, gaps, reboots, samples without processes. Of few pids, so that they meet.
 */

export const RANDOM_PIDS = [1, 2, 3, 4, 5];
const COMMANDS = ['init', 'init x', 'sh a', '-sh b', 'python3 "q, r"', '', 'web', '/bin/web: x'];
const USERS = ['root', 'app', null];
const SPACINGS = [60, 60, 60, 60, 61, 120, 180, 181, 700];

type Change = (processes: Map<number, ProcessLiteral>) => void;

interface Step {
  readonly spacing: number;
  readonly changes: readonly Change[];
  /** What only this sample shows: a process is missed, or has another parent. */
  readonly glitch: Change | null;
  readonly reboot: boolean;
  readonly withoutProcesses: boolean;
  readonly rss: readonly number[];
}

const pid = fc.constantFrom(...RANDOM_PIDS);
const parent = fc.constantFrom(0, ...RANDOM_PIDS, 99);
const memory = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });

function alter(pidOf: number, change: Partial<ProcessLiteral>): Change {
  return (processes) => {
    const old = processes.get(pidOf);
    if (old) processes.set(pidOf, { ...old, ...change });
  };
}

function end(gone: number): Change {
  return (processes) => processes.delete(gone);
}

const birth = fc
  .record({
    pid,
    ppid: parent,
    start: fc.integer({ min: 0, max: 3 }).map((age) => age * 30_000),
    cmd: fc.constantFrom(...COMMANDS),
    user: fc.constantFrom(...USERS),
    cgroup: fc.constantFrom('/a', '/b', null),
    state: fc.constantFrom('S', 'R', 'Sl'),
    pss_mb: memory,
    swap_mb: memory,
  })
  .map((born): Change => {
    const { pss_mb, swap_mb, ...literal } = born;
    const known = {
      ...(pss_mb === undefined ? {} : { pss_mb }),
      ...(swap_mb === undefined ? {} : { swap_mb }),
    };
    return (processes) => processes.set(born.pid, { ...literal, ...known, cmd: born.cmd || null });
  });

const exit = pid.map(end);
const adoption = fc.tuple(pid, parent).map(([one, ppid]) => alter(one, { ppid }));

const otherCommand = fc
  .tuple(pid, fc.constantFrom(...COMMANDS))
  .map(([one, cmd]) => alter(one, { cmd: cmd || null }));

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: birth },
  { weight: 2, arbitrary: exit },
  { weight: 3, arbitrary: adoption },
  { weight: 2, arbitrary: otherCommand },
);

const step: fc.Arbitrary<Step> = fc.record({
  spacing: fc.constantFrom(...SPACINGS),
  changes: fc.array(change, { maxLength: 3 }),
  glitch: fc.option(fc.oneof(exit, adoption), { freq: 1 }),
  reboot: fc.integer({ min: 0, max: 11 }).map((roll) => roll === 0),
  withoutProcesses: fc.integer({ min: 0, max: 11 }).map((roll) => roll === 0),
  rss: fc.array(fc.integer({ min: 0, max: 5 }), {
    minLength: RANDOM_PIDS.length,
    maxLength: RANDOM_PIDS.length,
  }),
});

function play(founders: readonly Change[], steps: readonly Step[], interval: number | null): SampleLiteral[] {
  let processes = new Map<number, ProcessLiteral>();
  let t = 0;
  let boot = 1;
  let bootedAt = -1000;
  for (const founder of founders) founder(processes);
  return steps.map((one) => {
    t += one.spacing;
    if (one.reboot) {
      processes = new Map();
      boot++;
      bootedAt = t - 25;
    }
    for (const apply of one.changes) apply(processes);
    const shown = new Map(processes);
    one.glitch?.(shown);
    const rows = [...shown.values()].map((literal) => ({ ...literal, rss_mb: one.rss[literal.pid - 1] }));
    return {
      t,
      boot: `boot-${boot}`,
      uptime: t - bootedAt,
      interval,
      processes: one.withoutProcesses ? null : rows,
    };
  });
}

/** At least one sample; processes there from the first. */
export function randomHistory(longest: number): fc.Arbitrary<SampleLiteral[]> {
  return fc
    .tuple(
      fc.array(birth, { minLength: 3, maxLength: 6 }),
      fc.array(step, { minLength: 1, maxLength: longest }),
      fc.constantFrom(60, null),
    )
    .map(([founders, steps, interval]) => play(founders, steps, interval));
}
