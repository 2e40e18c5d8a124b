/** What a host's story is told in. A scenario is data: who runs when, how much they hold, what goes wrong. */

/** Private memory of a process along its life, in MiB. */
export type Curve =
  | { readonly shape: 'flat'; readonly mib: number }
  /** Follows the working day: least at 03:00, most at 15:00. */
  | { readonly shape: 'daily'; readonly mib: number; readonly peakMib: number }
  | { readonly shape: 'leak'; readonly mib: number; readonly mibPerHour: number }
  /** Fills towards a limit; half of it after `halfHours`. */
  | { readonly shape: 'warm-up'; readonly mib: number; readonly topMib: number; readonly halfHours: number }
  /** Rises and falls back: a collected heap. */
  | { readonly shape: 'sawtooth'; readonly mib: number; readonly topMib: number; readonly minutes: number }
  /** Rises for two thirds of the time, then holds until the process ends. */
  | { readonly shape: 'ramp'; readonly mib: number; readonly topMib: number; readonly minutes: number };

export interface ProcessPlan {
  /** Empty for kernel threads. `{n}` is the ordinal among `count`. */
  readonly cmd: string;
  /** Default: the base name of the first word. */
  readonly comm?: string;
  /** Default: what the parent has. */
  readonly user?: string;
  readonly cgroup?: string;
  readonly memory: Curve;
  /** Mapped program files and libraries, default 5. */
  readonly filesMib?: number;
  /** What it has touched of its service's shared segment. */
  readonly shared?: Curve;
  readonly threads?: number;
  /** Share of one CPU. */
  readonly cpu?: number;
  /** So many alike, default 1. */
  readonly count?: number;
  readonly children?: readonly ProcessPlan[];
  /** After its parent's start, default within a second. */
  readonly delayMinutes?: number;
  /** A process with a duration of its own outlives its parent: it is handed to pid 1. */
  readonly lastsMinutes?: number;
  /** Same process, other program. */
  readonly exec?: { readonly afterMinutes: number; readonly cmd: string };
  /** Endings of `cmd` that it changes between, as servers do to show what they are at. */
  readonly titles?: readonly string[];
  /** Started again after it was killed. */
  readonly restartSeconds?: number;
  /** What jobs and visitors name as their parent. */
  readonly name?: string;
}

/** The services of one boot; the first is pid 1. */
export interface Boot {
  readonly at: number;
  readonly services: readonly ProcessPlan[];
}

/** Runs every day at a time of the UTC day. */
export interface DailyJob {
  readonly minuteOfDay: number;
  readonly under: string;
  readonly plan: ProcessPlan;
}

/** Short-lived processes that come and go, more of them by day. */
export interface Visitors {
  readonly perMinute: number;
  readonly longestMinutes: number;
  readonly kinds: readonly { readonly under: string; readonly plan: ProcessPlan }[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Scenario {
  readonly seed: number;
  readonly host: string;
  readonly label: string;
  readonly intervalSeconds: number;
  readonly samples: number;
  /** The last sample, epoch ms. */
  readonly end: number;
  readonly memoryMib: number;
  readonly swapMib: number;
  readonly largestPid: number;
  /** Processes that are started a second, seen or not: they turn the pid counter. */
  readonly forksPerSecond: number;
  readonly boots: readonly Boot[];
  /** No sample is taken from `from` until before `to`: the recorder was stopped or the host was down. */
  readonly unrecorded: readonly Span[];
  readonly jobs: readonly DailyJob[];
  readonly visitors: Visitors;
}
