import { MemoryInspectorError } from '../server/domain/errors.ts';
import { openPace } from '../server/domain/pace.ts';
import type { PlannedSample } from '../server/domain/sample-schedule.ts';
import { openSchedule } from '../server/domain/sample-schedule.ts';
import { systemClock } from './clock.ts';
import { openGarbageCollection } from './collect-garbage.ts';
import { readDiskSpace } from './disk-space.ts';
import { nodeFileSystem } from './dump-file-system.ts';
import { describeHolder } from './dump-lock.ts';
import { openFailureLog } from './failure-log.ts';
import type { RecorderOptions } from './options.ts';
import type { RecorderWorld, RecordingSession, WrittenDump } from './recording-session.ts';
import { openSession } from './recording-session.ts';

/** The shape of the application's port of that name. */
export interface RunningRecorder {
  /** Resolves when the recorder has stopped by itself or by `stop`, with its exit code. Never rejects. */
  readonly done: Promise<number>;
  /** Finishes the sample in hand, if any. */
  stop(): void;
  /** Whether a read of the kernel has not come back, so that this process cannot end in the usual way. */
  isStuck(): boolean;
}

export const EXIT = { ok: 0, usage: 2, failed: 3, bug: 70 } as const;

type Exit = (typeof EXIT)[keyof typeof EXIT];

const thisWorld: RecorderWorld = {
  clock: systemClock,
  fileSystem: nodeFileSystem,
  procRoot: '/proc',
  passwdPath: '/etc/passwd',
  diskSpace: readDiskSpace,
  log: (line) => process.stderr.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  onDump: () => undefined,
};

function exitOf(error: unknown): Exit {
  return error instanceof Error && error.name === 'MemoryInspectorError' ? EXIT.failed : EXIT.bug;
}

/** What became of one sample. */
interface Outcome {
  /** The exit code that it deserves. */
  readonly exit: Exit;
  /** Whether to try again is pointless. */
  readonly isLast: boolean;
  readonly dump?: WrittenDump;
}

interface Attempts {
  make(planned: PlannedSample): Promise<Outcome>;
  close(): void;
  isStuck(): boolean;
}

function isRefused(error: unknown): boolean {
  return error instanceof MemoryInspectorError && error.code === 'folder_refused';
}

function openAttempts(options: RecorderOptions, world: RecorderWorld, signal: AbortSignal): Attempts {
  const failures = openFailureLog(world.log, world.clock.monotonic);
  let session: RecordingSession | undefined;
  async function attempt(planned: PlannedSample): Promise<Outcome> {
    session ??= openSession(options, world);
    const result = await session.record(planned);
    if ('kind' in result) {
      world.log(describeHolder(result, options.out));
      return { exit: EXIT.ok, isLast: true };
    }
    world.onDump(result);
    session.tellLimits();
    failures.succeeded();
    return { exit: EXIT.ok, isLast: false, dump: result };
  }
  return {
    async make(planned) {
      try {
        return await attempt(planned);
      } catch (error) {
        // Ctrl-C goes to a running ps, too: what it leaves unfinished is no failure.
        if (signal.aborted) return { exit: EXIT.ok, isLast: true };
        failures.failed(error);
        return { exit: exitOf(error), isLast: isRefused(error) };
      }
    },
    close: () => session?.close(),
    isStuck: () => session?.isStuck() ?? false,
  };
}

function worseOf(a: Exit, b: Exit): Exit {
  return a < b ? b : a;
}

/** Whether a recording is over, `sinceStart` ms after its first sample, after `taken` attempts. */
function isOver({ count, durationMs }: RecorderOptions, sinceStart: number, taken: number): boolean {
  return (
    taken >= (count ?? Number.POSITIVE_INFINITY) || sinceStart >= (durationMs ?? Number.POSITIVE_INFINITY)
  );
}

/** Samples at absolute times until something ends it. @returns the worst exit code of a bounded recording */
async function recordOnSchedule(
  options: RecorderOptions,
  { clock, note }: RecorderWorld,
  attempts: Attempts,
  signal: AbortSignal,
): Promise<Exit> {
  const { intervalMs, cost } = options;
  const pace = openPace({ intervalMs: intervalMs ?? 0, pressureIntervalMs: cost.pressure.intervalMs, note });
  const schedule = openSchedule(pace, clock.monotonic);
  const collectGarbage = openGarbageCollection();
  let worst: Exit = EXIT.ok;
  for (let taken = 0; !isOver(options, schedule.dueAt(), taken); taken++) {
    await clock.sleep(schedule.untilDue(), signal);
    if (signal.aborted) return EXIT.ok;
    const { exit, isLast, dump } = await attempts.make(schedule.begin());
    if (isLast) return exit;
    schedule.end(dump ?? null);
    collectGarbage();
    worst = worseOf(worst, exit);
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
  const attempts = openAttempts(options, whole, stopping.signal);
  const exit = options.once
    ? attempts.make({ intervalMs: options.intervalMs, overrun: 0 }).then((outcome) => outcome.exit)
    : recordOnSchedule(options, whole, attempts, stopping.signal);
  return {
    done: exit.finally(attempts.close),
    stop: () => stopping.abort(),
    isStuck: attempts.isStuck,
  };
}
