import type { WatchedSample } from '../../../application/watch-over-time.ts';
import { openWatch } from '../../../application/watch-over-time.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { parseBytes, parseDuration } from '../../../domain/units.ts';
import type { WatchGroup, WatchRule } from '../../../domain/watch-group.ts';
import type { WatchLimits, WatchSummary } from '../../../domain/watch-summary.ts';
import { judgeWatch, openWatchSummary, WATCH_LIMITS } from '../../../domain/watch-summary.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import type { LogFile } from '../log-file.ts';
import { openLogFile } from '../log-file.ts';
import { openPacer } from '../pacer.ts';
import { choice, numberFlag, WATCH_FLAGS, watchOf } from '../row-flags.ts';
import { zoneOf } from '../serve-options.ts';
import { formatLogLine, formatMatches, formatProgress, formatWatchSummary } from '../watch-text.ts';
import type { Command, World } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi watch --match PATTERN | --group NAME [--duration 30m] [--interval 5s] [--log FILE]',
  summary:
    'Watches processes of this host for a while: a line each 10 samples, then range, average and growth. Ctrl-C ends it\n' +
    'early, with the summary. Levels of a log line: WARNING from 2 MiB away from the first sample or 5 % of a CPU, ERROR\n' +
    'beyond 50 MiB or 25 %. Exit code 0: PASS, within the limits; 1: nothing matched; 2: FAIL, beyond a\n' +
    'limit; 64: wrong usage.',
  flags: [
    {
      name: 'match',
      value: 'PATTERN',
      help: 'In the command or name, whatever the case; * stands for any text.',
    },
    { name: 'exe', value: 'TEXT', help: 'Only of this program.' },
    { name: 'user', value: 'TEXT', help: 'Only of this user.' },
    { name: 'cgroup', value: 'TEXT', help: 'Only of this control group.' },
    { name: 'pid', value: 'P', help: 'Only this process and all below it.' },
    { name: 'group', value: 'NAME', help: 'The processes of this watch group; --watch says the same.' },
    ...WATCH_FLAGS,
    { name: 'duration', value: 'TIME', help: 'How long.', default: '30m' },
    { name: 'follow', help: 'Go on until Ctrl-C.' },
    {
      name: 'interval',
      value: 'TIME',
      help: 'Between samples. (default 2s up to 5m, 5s up to 30m, else 10s)',
    },
    { name: 'log', value: 'FILE', help: 'Add a line a sample to this file.' },
    { name: 'truncate', help: 'Empty the log first.' },
    { name: 'format', value: 'text|log', help: 'log: print the lines of a log.', default: 'text' },
    { name: 'max-growth', value: 'SIZE', help: 'Most growth, or none for no limit.', default: '10MiB' },
    { name: 'max-variation', value: 'SIZE', help: 'Most variation, or none.', default: '20MiB' },
    { name: 'tz', value: 'ZONE', help: "Zone of the log's clock; default this host's." },
  ],
  examples: [
    'pmi watch --match "main.py*clipboard"',
    'pmi watch --exe postgres --duration 5m --log postgres.log --truncate',
    'pmi watch --group shop --interval 5s --duration 30m --log shop.log',
    'pmi watch --pid 812 --duration 1h --max-growth 50MiB || echo it leaks, perhaps',
  ],
};

const SHORTEST_MS = 200;
const LONGEST_MS = 30 * DAY_MS;
const PROGRESS_EACH = 10;
/** The predecessor's presets: the longer, the more seldom. */
const USUAL_INTERVALS = [
  [5 * 60_000, 2000],
  [30 * 60_000, 5000],
  [Number.POSITIVE_INFINITY, 10_000],
] as const;
const BEYOND_LIMIT = 2;

function refused(flag: string, text: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', `--${flag}: ${text} is not valid`, { field: flag, next });
}

/** @returns ms */
function timeOf(flags: GivenFlags, flag: string, otherwise: number): number {
  const text = flags.text(flag);
  if (text === undefined) return otherwise;
  const ms = parseDuration(text);
  if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw refused(flag, text, 'A time of 200ms to 30d: 5s, 30m, 2h.');
}

/** @returns bytes */
function limitOf(flags: GivenFlags, flag: string, otherwise: number): number | null {
  const text = flags.text(flag) ?? '';
  if (text === 'none') return null;
  const bytes = text === '' ? otherwise : parseBytes(text);
  if (bytes !== null) return bytes;
  throw refused(flag, text, 'A size, such as 10MiB, or none.');
}

/** @throws `bad_usage` where nothing says what to watch, `no_such_group` */
async function groupOf(world: World, flags: GivenFlags): Promise<WatchGroup> {
  const rule: WatchRule = {
    pattern: flags.text('match') || undefined,
    exe: flags.text('exe'),
    user: flags.text('user'),
    cgroup: flags.text('cgroup'),
    pid: numberFlag(flags, 'pid', 1, 2 ** 31 - 1),
  };
  const isRule = Object.values(rule).some((part) => part !== undefined);
  const group = await watchOf(world, flags, flags.text('group'));
  if (group && !isRule) return group;
  if (isRule && !group) return { name: 'watched', members: [{ name: 'watched', rule }] };
  throw new MemoryInspectorError(
    'bad_usage',
    group ? 'A watch group has its own rules' : 'Nothing says which processes to watch',
    {
      field: 'match',
      next: 'Give --group NAME, or some of --match PATTERN, --exe, --user, --cgroup, --pid.',
    },
  );
}

interface WatchPlan {
  readonly group: WatchGroup;
  /** `null`: until it is stopped. */
  readonly samples: number | null;
  readonly intervalMs: number;
  readonly isLog: boolean;
  readonly zone: string;
  readonly limits: WatchLimits;
}

async function planOf(world: World, flags: GivenFlags): Promise<WatchPlan> {
  const duration = timeOf(flags, 'duration', LONGEST_MS);
  const usual = USUAL_INTERVALS.find(([upTo]) => duration <= upTo)?.[1] ?? duration;
  const intervalMs = timeOf(flags, 'interval', usual);
  return {
    group: await groupOf(world, flags),
    samples: flags.has('follow') ? null : Math.floor(duration / intervalMs) + 1,
    intervalMs,
    isLog: choice(flags, 'format', ['text', 'log']) === 'log',
    zone: zoneOf(flags),
    limits: {
      growth: limitOf(flags, 'max-growth', WATCH_LIMITS.growth),
      variation: limitOf(flags, 'max-variation', WATCH_LIMITS.variation),
    },
  };
}

/** Tells of each sample: a line for a log, and for a person one each so many. @returns what takes them */
function openTelling(world: World, { isLog, zone, samples }: WatchPlan, log: LogFile | null) {
  let taken = 0;
  return ({ point, processes }: WatchedSample, baseline: number | null) => {
    if (++taken === 1) world.err(`pmi watch: ${formatMatches(processes)}\n`);
    const line = formatLogLine(point, baseline, zone);
    log?.add(line);
    const done = samples === null ? `${taken} samples` : `${taken} of ${samples} samples`;
    if (isLog) world.out(`${line}\n`);
    else if (taken % PROGRESS_EACH === 0) world.out(`${formatProgress(point, baseline, done)}\n`);
  };
}

/** Samples until the time is over or a signal comes. */
async function watch(world: World, plan: WatchPlan, log: LogFile | null): Promise<WatchSummary> {
  const { group, samples, intervalMs } = plan;
  const sampler = await world.openLiveSampler(0);
  const read = openWatch(sampler, group, process.pid);
  const tell = openTelling(world, plan, log);
  const pacer = openPacer(intervalMs, world.stopSignal());
  const summary = openWatchSummary();
  try {
    do {
      const sample = await read();
      summary.add(sample.point);
      tell(sample, summary.baseline());
    } while (summary.read().samples !== samples && (await pacer.next()));
  } finally {
    sampler.close();
  }
  return summary.read();
}

export const watchCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'watch');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const plan = await planOf(world, flags);
  const path = flags.text('log');
  const log = path === undefined ? null : openLogFile(path, flags.has('truncate'));
  try {
    const summary = await watch(world, plan, log);
    const failures = judgeWatch(summary, plan.limits);
    for (const line of formatWatchSummary(summary, failures, plan.limits)) {
      world.out(`${line}\n`);
      log?.add(line);
    }
    if (summary.running === 0) return 1;
    return failures.length > 0 ? BEYOND_LIMIT : 0;
  } finally {
    log?.close();
  }
};
