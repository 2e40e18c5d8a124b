import { readFileSync } from 'node:fs';
import type { RecorderOptions } from '../../collector/options.ts';
import { defaultRecorderOptions } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import type { RecorderWorld, WrittenDump } from '../../collector/recording-session.ts';
import { fakeHost } from './fake-proc.ts';
import type { FakeClock, SystemCall, WatchedFileSystem } from './fake-world.ts';
import { openFakeClock, watchFileSystem } from './fake-world.ts';

/** What a test may do while a recorder runs. */
export interface FakeRecording {
  readonly clock: FakeClock;
  readonly fileSystem: WatchedFileSystem;
  /** What was written so far. */
  readonly dumps: readonly WrittenDump[];
  stop(): void;
}

export interface FakeRecordingHooks {
  /** Before each system call; may throw in its place. */
  readonly before?: (call: SystemCall, path: string, recording: FakeRecording) => void;
  readonly onDump?: (recording: FakeRecording) => void;
  /** `procRoot` and the like. */
  readonly world?: Partial<RecorderWorld>;
}

export interface EndedRecording {
  readonly exit: number;
  readonly dumps: readonly WrittenDump[];
  /** What it told of. */
  readonly lines: readonly string[];
  readonly calls: readonly string[];
}

/** No test samples more often than that: what does is an endless loop of a recorder that should have ended. */
const MOST_SLEEPS = 5000;

function openBoundedClock(stop: () => void): FakeClock {
  const clock = openFakeClock();
  let sleeps = 0;
  return {
    ...clock,
    async sleep(ms, signal) {
      await clock.sleep(ms, signal);
      if (++sleeps > MOST_SLEEPS) stop();
    },
  };
}

/** Records a fake host by a fake clock into a real folder. */
export async function recordInFakeWorld(
  options: Partial<RecorderOptions> & { readonly out: string },
  { before, onDump, world }: FakeRecordingHooks = {},
): Promise<EndedRecording> {
  const dumps: WrittenDump[] = [];
  const lines: string[] = [];
  const fileSystem = watchFileSystem((call, path) => before?.(call, path, recording), world?.fileSystem);
  const recording: FakeRecording = {
    clock: openBoundedClock(() => recorder.stop()),
    fileSystem,
    dumps,
    stop: () => recorder.stop(),
  };
  const recorder = openRecorder(
    { ...defaultRecorderOptions(), ...(options.once ? { intervalMs: null } : {}), ...options },
    {
      clock: recording.clock,
      procRoot: fakeHost(),
      log: (line) => lines.push(line),
      ...world,
      fileSystem,
      onDump(dump) {
        dumps.push(dump);
        onDump?.(recording);
      },
    },
  );
  return { exit: await recorder.done, dumps, lines, calls: fileSystem.calls };
}

/** The cells of a system file by column name. */
export function readCells(systemFile: string): Readonly<Record<string, string>> {
  const [names, values] = readFileSync(systemFile, 'utf8')
    .split('\n')
    .map((line) => line.split(','));
  return Object.fromEntries(names.map((name, k) => [name, values[k]]));
}
