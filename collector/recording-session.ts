import type { Clock } from './clock.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { HeldLock } from './dump-lock.ts';
import type { DumpStore } from './dump-store.ts';
import { openDumpStore } from './dump-store.ts';
import { encodeSeedSystem, encodeV2System, openProcessEncoder } from './encode-dump.ts';
import type { RecorderOptions } from './options.ts';
import { buildRecordLayout } from './record-layout.ts';
import { rollupBudgetMs } from './sources/rollup-budget.ts';
import type { Sampler } from './take-sample.ts';
import { openSampler } from './take-sample.ts';
import { RECORDER_VERSION } from './version.ts';

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

/** What one recording keeps between its samples. */
export interface RecordingSession {
  /** One tick's work: read, encode, write. @returns who else records there, if anybody does */
  record(overrun: number): Promise<WrittenDump | HeldLock>;
  close(): void;
}

function openSamplerOf(options: RecorderOptions, { clock, procRoot, passwdPath }: RecorderWorld): Sampler {
  const budget = rollupBudgetMs(options.once ? null : options.intervalMs);
  const { source, commands } = options;
  return openSampler({ source, procRoot, passwdPath, clock, commands, rollupBudgetMs: budget });
}

/** The dump folder, opened when it is first needed and anew when it was removed. */
function openStoreKeeper(options: RecorderOptions, { clock, fileSystem }: RecorderWorld) {
  const { out, format, intervalMs, once } = options;
  const milliseconds = intervalMs !== null && intervalMs < 1000;
  let store: DumpStore | null = null;
  const close = () => {
    store?.close();
    store = null;
  };
  return {
    close,
    async find(): Promise<DumpStore | HeldLock> {
      if (store?.isGone()) close();
      if (store) return store;
      const opened = await openDumpStore({ out, format, milliseconds, fileSystem, now: clock.now(), once });
      if (opened.kind === 'store') store = opened;
      return opened;
    },
  };
}

export function openSession(options: RecorderOptions, world: RecorderWorld): RecordingSession {
  const { clock } = world;
  const { format, intervalMs, label, commands } = options;
  const stores = openStoreKeeper(options, world);
  const sampler = openSamplerOf(options, world);
  const encoder = openProcessEncoder(format, buildRecordLayout());
  const constantFacts = {
    intervalSeconds: intervalMs === null ? null : intervalMs / 1000,
    label,
    recorderPid: process.pid,
    recorderVersion: RECORDER_VERSION,
    commandMode: commands.mode,
  };
  async function record(overrun: number): Promise<WrittenDump | HeldLock> {
    const start = clock.monotonic();
    const store = await stores.find();
    if (store.kind === 'held') return store;
    const sample = await sampler.take();
    const place = store.writer.findPlace(sample.system.t);
    const processFile = encoder.encode(sample.processes.records);
    const facts = { ...constantFacts, t: place.t, overrunSeconds: overrun };
    const systemFile =
      format === 'v2' ? encodeV2System(sample, processFile, facts) : encodeSeedSystem(sample);
    store.writer.write(place, processFile, systemFile);
    const processes = sample.processes.records.length;
    return { t: place.t, systemFile: place.systemFile, processes, tookMs: clock.monotonic() - start };
  }
  return { record, close: stores.close };
}
