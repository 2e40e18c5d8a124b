import type { Random } from './random.ts';
import type { ProcessPlan } from './scenario.ts';

/** A process between its start and its end. Memory figures are KiB, set by the memory model each tick. */
export interface RunningProcess {
  readonly plan: ProcessPlan;
  readonly pid: number;
  readonly user: string;
  readonly cgroup: string;
  readonly startedAt: number;
  readonly endsAt: number;
  ppid: number;
  cmd: string;
  comm: string;
  /** Where its memory is off its curve, as a share. */
  wobble: number;
  privateKib: number;
  sharedKib: number;
  filesKib: number;
  swapKib: number;
  rssKib: number;
  peakKib: number;
  cpuSeconds: number;
}

/** Everything that runs between one boot and the next. Times are epoch ms and never go back. */
export interface Population {
  running(): IterableIterator<RunningProcess>;
  named(name: string): RunningProcess | undefined;
  /** Starts a plan and its children at `at`, or later when that comes; `null`: the kernel started it. */
  start(plan: ProcessPlan, parent: RunningProcess | null, at: number): void;
  /** Ends a process. Children end with it, or are handed to pid 1 where they have a duration of their own. */
  end(process: RunningProcess): void;
  /** Starts what is due, ends what is over, lets programs exec and change their titles. */
  advance(t: number): void;
  /** Processes that came and went unseen have used up pids. */
  skipPids(count: number): void;
}

interface Due {
  readonly at: number;
  readonly plan: ProcessPlan;
  readonly parent: RunningProcess | null;
  readonly ordinal: number;
}

const MINUTE = 60_000;
const FIRST_REUSED_PID = 300;
const RETITLE_CHANCE = 0.35;

export function openPopulation(random: Random, largestPid: number): Population {
  const running = new Map<number, RunningProcess>();
  const names = new Map<string, RunningProcess>();
  let due: Due[] = [];
  let lastPid = 0;

  function nextPid(): number {
    do lastPid = lastPid < largestPid ? lastPid + 1 : FIRST_REUSED_PID;
    while (running.has(lastPid));
    return lastPid;
  }

  function schedule(plan: ProcessPlan, parent: RunningProcess | null, at: number): void {
    for (let ordinal = 1; ordinal <= (plan.count ?? 1); ordinal++)
      due.push({ at: at + ordinal * 10, plan, parent, ordinal });
  }

  function startOne({ at, plan, parent, ordinal }: Due): void {
    if (parent && running.get(parent.pid) !== parent) return;
    const process = newProcess(plan, parent, at, nextPid(), ordinal);
    running.set(process.pid, process);
    if (plan.name) names.set(plan.name, process);
    for (const child of plan.children ?? [])
      schedule(child, process, at + (child.delayMinutes ?? random.between(0.001, 0.015)) * MINUTE);
  }

  function startDue(t: number): void {
    let ready = due.filter(({ at }) => at <= t);
    while (ready.length > 0) {
      due = due.filter(({ at }) => at > t);
      for (const one of ready.sort((a, b) => a.at - b.at)) startOne(one);
      ready = due.filter(({ at }) => at <= t);
    }
  }

  function end(process: RunningProcess): void {
    running.delete(process.pid);
    for (const child of [...running.values()].filter(({ ppid }) => ppid === process.pid)) {
      if (child.plan.lastsMinutes === undefined) end(child);
      else child.ppid = 1;
    }
  }

  function advance(t: number): void {
    startDue(t);
    const over = [...running.values()]
      .filter(({ endsAt }) => endsAt <= t)
      .sort((a, b) => a.endsAt - b.endsAt);
    for (const process of over) if (running.get(process.pid) === process) end(process);
    for (const process of running.values()) changeFace(process, t, random);
  }

  return {
    running: () => running.values(),
    named: (name) => names.get(name),
    start: schedule,
    end,
    advance,
    skipPids: (count) => {
      const reusable = largestPid - FIRST_REUSED_PID + 1;
      lastPid += Math.round(count) % reusable;
      if (lastPid > largestPid) lastPid -= reusable;
    },
  };
}

function newProcess(
  plan: ProcessPlan,
  parent: RunningProcess | null,
  startedAt: number,
  pid: number,
  ordinal: number,
): RunningProcess {
  const cmd = plan.cmd.replaceAll('{n}', String(ordinal));
  return {
    plan,
    pid,
    ppid: parent?.pid ?? 0,
    user: plan.user ?? parent?.user ?? 'root',
    cgroup: plan.cgroup ?? parent?.cgroup ?? '/',
    startedAt,
    endsAt:
      plan.lastsMinutes === undefined ? Number.POSITIVE_INFINITY : startedAt + plan.lastsMinutes * MINUTE,
    cmd: plan.titles ? `${cmd} ${plan.titles[0]}` : cmd,
    comm: (plan.comm ?? programName(cmd)).replaceAll('{n}', String(ordinal - 1)),
    wobble: 0,
    privateKib: 0,
    sharedKib: 0,
    filesKib: 0,
    swapKib: 0,
    rssKib: 0,
    peakKib: 0,
    cpuSeconds: 0,
  };
}

/** The kernel keeps 15 bytes of the program's base name. */
function programName(cmd: string): string {
  const path = cmd.split(' ')[0].replace(/:$/, '');
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 15);
}

function changeFace(process: RunningProcess, t: number, random: Random): void {
  const { exec, titles, cmd } = process.plan;
  if (exec && process.cmd === cmd && t - process.startedAt >= exec.afterMinutes * MINUTE) {
    process.cmd = exec.cmd;
    process.comm = programName(exec.cmd);
  }
  if (titles && random.next() < RETITLE_CHANCE) {
    const old = titles.find((title) => process.cmd.endsWith(` ${title}`)) ?? '';
    process.cmd = process.cmd.slice(0, process.cmd.length - old.length) + random.pick(titles);
  }
}
