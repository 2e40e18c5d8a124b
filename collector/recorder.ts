import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import { nodeFileSystem } from './dump-file-system.ts';
import { openDumpWriter } from './dump-writer.ts';
import { encodeSeedSystem, encodeV2System, openProcessEncoder } from './encode-dump.ts';
import { openFailureLog } from './failure-log.ts';
import type { RecorderOptions } from './options.ts';
import { buildRecordLayout } from './record-layout.ts';
import { rollupBudgetMs } from './sources/rollup-budget.ts';
import type { Sampler } from './take-sample.ts';
import { openSampler } from './take-sample.ts';
import { overrunSeconds, tickAfter, tickAt } from './ticks.ts';
import { RECORDER_VERSION } from './version.ts';

/** The shape of the application's port of that name. */
export interface RunningRecorder {
  /** Resolves when the recorder has stopped by itself or by `stop`, with its exit code. Never rejects. */
  readonly done: Promise<number>;
  /** Finishes the sample in hand, if any. */
  stop(): void;
}

/** A dump that is complete on disk. */
export interface WrittenDump {
  /** Epoch ms. */
  readonly t: number;
  readonly systemFile: string;
  readonly processes: number;
  /** What the sample took, from the first read to the last sync, in ms. */
  readonly tookMs: number;
}

/** What the recorder needs of the world. */
export interface RecorderWorld {
  readonly clock: Clock;
  readonly fileSystem: DumpFileSystem;
  readonly procRoot: string;
  readonly passwdPath: string;
  /** One line about something that went wrong, or right again. */
  readonly log: (line: string) => void;
  readonly onDump: (dump: WrittenDump) => void;
}

export const EXIT = { ok: 0, usage: 2, failed: 3, bug: 70 } as const;

/** The seed's files have no room for it; ours tell that commands are whole. */
const COMMAND_MODE = 'full';
/** After a failed sample nothing is tried for so long, however short the interval. */
const BACK_OFF_MS = 1000;

type Exit = (typeof EXIT)[keyof typeof EXIT];

const thisWorld: RecorderWorld = {
  clock: systemClock,
  fileSystem: nodeFileSystem,
  procRoot: '/proc',
  passwdPath: '/etc/passwd',
  log: (line) => process.stderr.write(`${line}\n`),
  onDump: () => undefined,
};

/** One tick's work: read, encode, write. */
type RecordOne = (overrun: number) => Promise<WrittenDump>;

function openSamplerOf(options: RecorderOptions, { clock, procRoot, passwdPath }: RecorderWorld): Sampler {
  const budget = rollupBudgetMs(options.once ? null : options.intervalMs);
  return openSampler({ source: options.source, procRoot, passwdPath, clock, rollupBudgetMs: budget });
}

function openRecordOne(options: RecorderOptions, world: RecorderWorld): RecordOne {
  const { clock, fileSystem } = world;
  const { format, out, intervalMs, label } = options;
  const sampler = openSamplerOf(options, world);
  const encoder = openProcessEncoder(format, buildRecordLayout());
  const milliseconds = intervalMs !== null && intervalMs < 1000;
  const writer = openDumpWriter({ out, format, milliseconds, fileSystem, pid: process.pid });
  const constantFacts = {
    intervalSeconds: intervalMs === null ? null : intervalMs / 1000,
    label,
    recorderPid: process.pid,
    recorderVersion: RECORDER_VERSION,
    commandMode: COMMAND_MODE,
  };
  return async (overrun) => {
    const start = clock.monotonic();
    const sample = await sampler.take();
    const place = writer.findPlace(sample.system.t);
    const processFile = encoder.encode(sample.processes.records);
    const facts = { ...constantFacts, t: place.t, overrunSeconds: overrun };
    const systemFile =
      format === 'v2' ? encodeV2System(sample, processFile, facts) : encodeSeedSystem(sample);
    writer.write(place, processFile, systemFile);
    const processes = sample.processes.records.length;
    return { t: place.t, systemFile: place.systemFile, processes, tookMs: clock.monotonic() - start };
  };
}

function exitOf(error: unknown): Exit {
  return error instanceof Error && error.name === 'MemoryInspectorError' ? EXIT.failed : EXIT.bug;
}

/** One sample. @returns the exit code that it deserves */
type Attempt = (overrun: number) => Promise<Exit>;

function openAttempt(options: RecorderOptions, world: RecorderWorld, signal: AbortSignal): Attempt {
  const failures = openFailureLog(world.log, world.clock.monotonic);
  let recordOne: RecordOne | undefined;
  return async (overrun) => {
    try {
      recordOne ??= openRecordOne(options, world);
      world.onDump(await recordOne(overrun));
      failures.succeeded();
      return EXIT.ok;
    } catch (error) {
      // Ctrl-C goes to a running ps, too: what it leaves unfinished is no failure.
      if (signal.aborted) return EXIT.ok;
      failures.failed(error);
      return exitOf(error);
    }
  };
}

/** Samples at absolute times until something ends it. @returns the worst exit code of a bounded recording */
async function recordOnSchedule(
  { intervalMs, count, durationMs }: RecorderOptions,
  { clock }: RecorderWorld,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Exit> {
  const interval = intervalMs ?? 0;
  const started = clock.monotonic();
  const elapsed = () => clock.monotonic() - started;
  const isLast = (due: number, taken: number) =>
    taken >= (count ?? Number.POSITIVE_INFINITY) ||
    due * interval >= (durationMs ?? Number.POSITIVE_INFINITY);
  let worst: Exit = EXIT.ok;
  let previous: number | null = null;
  for (let due = 0, taken = 0; !isLast(due, taken); taken++) {
    await clock.sleep(Math.max(0, due * interval - elapsed()), signal);
    if (signal.aborted) return EXIT.ok;
    const tick = tickAt(elapsed(), due, interval);
    const exit = await attempt(overrunSeconds(previous, tick, interval));
    if (exit === EXIT.ok) previous = tick;
    else if (worst < exit) worst = exit;
    due = tickAfter(tick, elapsed() + (exit === EXIT.ok ? 0 : BACK_OFF_MS), interval);
  }
  return worst;
}

/**
 * Starts to record at once. A sample that fails is reported in one line and the recording goes on; only a
 * recording with an end (`once`, `count`, `durationMs`) tells of it by its exit code.
 */
export function openRecorder(options: RecorderOptions, world: Partial<RecorderWorld> = {}): RunningRecorder {
  const whole = { ...thisWorld, ...world };
  const stopping = new AbortController();
  const attempt = openAttempt(options, whole, stopping.signal);
  const done = options.once ? attempt(0) : recordOnSchedule(options, whole, attempt, stopping.signal);
  return { done, stop: () => stopping.abort() };
}
