import type { DiskSpace } from '../server/domain/retention.ts';
import type { PlannedSample } from '../server/domain/sample-schedule.ts';
import type { Clock } from './clock.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { HeldLock } from './dump-lock.ts';
import type { DumpStore } from './dump-store.ts';
import { openDumpStore } from './dump-store.ts';
import { encodeSeedSystem, encodeV2System, openProcessEncoder } from './encode-dump.ts';
import { openLimitsLog } from './limits-log.ts';
import type { RecorderOptions } from './options.ts';
import { packDump } from './pack-dump.ts';
import { openPressureWatch } from './pressure.ts';
import { openProtection } from './protected-list.ts';
import type { ProcessReading } from './record-layout.ts';
import { buildRecordLayout } from './record-layout.ts';
import { openRetentionKeeper } from './retention.ts';
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
  /** Why memory is scarce, for a person; `null` when it is not. */
  readonly scarcity: string | null;
}

/** What the recorder needs of the world. */
export interface RecorderWorld {
  readonly clock: Clock;
  readonly fileSystem: DumpFileSystem;
  readonly procRoot: string;
  readonly passwdPath: string;
  /** Of the file system that a path is on. @throws what node:fs throws */
  readonly diskSpace: (path: string) => DiskSpace;
  /** One line about something that went wrong, or right again. */
  readonly log: (line: string) => void;
  /** One line about what is as it should be, and yet worth knowing. */
  readonly note: (line: string) => void;
  readonly onDump: (dump: WrittenDump) => void;
}

/** What one recording keeps between its samples. */
export interface RecordingSession {
  /** One tick's work: read, encode, write. @returns who else records there, if anybody does */
  record(planned: PlannedSample): Promise<WrittenDump | HeldLock>;
  /** Tells, once, what the last sample could not see. */
  tellLimits(): void;
  /** Whether a read of the kernel has not come back. */
  isStuck(): boolean;
  close(): void;
}

function openSamplerOf(options: RecorderOptions, { clock, procRoot, passwdPath }: RecorderWorld): Sampler {
  const { source, commands } = options;
  const { pssBudgetMs: rollupBudgetMs, descriptors } = options.cost;
  return openSampler({ source, procRoot, passwdPath, clock, commands, rollupBudgetMs, descriptors });
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

function constantFactsOf({ label, commands }: RecorderOptions) {
  return {
    label,
    recorderPid: process.pid,
    recorderVersion: RECORDER_VERSION,
    commandMode: commands.mode,
  };
}

export function openSession(options: RecorderOptions, world: RecorderWorld): RecordingSession {
  const { clock } = world;
  const { format, cost } = options;
  const stores = openStoreKeeper(options, world);
  const sampler = openSamplerOf(options, world);
  const keeper = openRetentionKeeper({ ...world, format, limits: options.retention, once: options.once });
  const encoder = openProcessEncoder(format, buildRecordLayout());
  const constantFacts = constantFactsOf(options);
  const watch = openPressureWatch(cost.pressure);
  const protection = openProtection(cost.pressure.protectMs, world.fileSystem, world.log);
  const limits = openLimitsLog(world.procRoot, world.note);
  let last: ProcessReading | undefined;
  async function record({ intervalMs, overrun }: PlannedSample): Promise<WrittenDump | HeldLock> {
    const start = clock.monotonic();
    const store = await stores.find();
    if (store.kind === 'held') return store;
    const kept = keeper.of(store.folder);
    kept.assertRoom();
    const sample = await sampler.take();
    const place = store.writer.findPlace(sample.system.t);
    const processFile = encoder.encode(sample.processes.records);
    const intervalSeconds = intervalMs === null ? null : intervalMs / 1000;
    const facts = { ...constantFacts, intervalSeconds, t: place.t, overrunSeconds: overrun };
    const systemFile =
      format === 'v2' ? encodeV2System(sample, processFile, facts) : encodeSeedSystem(sample);
    const packed = packDump(place, processFile, options.gzip);
    store.writer.write(packed.place, packed.processFile, systemFile);
    const scarcity = watch.look(sample.system);
    if (scarcity !== null) protection.keep(store.folder, place, scarcity);
    last = sample.processes;
    const { t, systemFile: path } = place;
    const processes = sample.processes.records.length;
    const tookMs = clock.monotonic() - start;
    kept.afterDump(packed.place);
    return { t, systemFile: path, processes, tookMs, scarcity };
  }
  return {
    record,
    tellLimits: () => last && limits.tell(last),
    isStuck: sampler.isStuck,
    close: stores.close,
  };
}
