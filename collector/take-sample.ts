import type { CommandRecording } from '../server/domain/command-mode.ts';
import type { NumberColumnId, TextColumnId } from '../server/domain/metrics.ts';
import type { ProcessTable, Sample } from '../server/domain/sample.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { ProcessReading, ProcessSource, RecordLayout } from './record-layout.ts';
import { buildRecordLayout } from './record-layout.ts';
import { openCommandOf, openLineOf } from './sources/command-text.ts';
import { openProcfsSource } from './sources/procfs.ts';
import { openPsSource } from './sources/ps.ts';
import { LONGEST_PASS_MS } from './sources/rollup-budget.ts';
import type { SystemReading } from './sources/system.ts';
import { openSystemSource, systemRowOf } from './sources/system.ts';

export const PROCESS_SOURCES = ['procfs', 'ps'] as const;
export type ProcessSourceName = (typeof PROCESS_SOURCES)[number];

export interface SamplerOptions {
  readonly source?: ProcessSourceName;
  readonly procRoot?: string;
  readonly passwdPath?: string;
  /** How long one sample may read PSS, in ms. */
  readonly rollupBudgetMs?: number;
  /** How many files of /proc stay open; `null`: what `ulimit -n` allows. */
  readonly descriptors?: number | null;
  readonly clock?: Clock;
  readonly commands?: CommandRecording;
  readonly layout?: RecordLayout;
  /** In how many samples each process is looked at anew (procfs only). */
  readonly turns?: number | undefined;
  /** Asked before each sample for the pids that are looked at closely (procfs only). */
  readonly watched?: (() => ReadonlySet<number>) | undefined;
  /** How long PSS stays known of a process whose sizes do not change, ms (procfs only). */
  readonly keepPssMs?: number | undefined;
}

/** One instant as it was read. `processes` is valid until the next sample is taken. */
export interface TakenSample {
  readonly system: SystemReading;
  readonly processes: ProcessReading;
}

export interface Sampler {
  /** @throws MemoryInspectorError `source_unavailable` */
  take(): Promise<TakenSample>;
  /** Whether a read of the kernel has not come back, so that this process cannot end in the usual way. */
  isStuck(): boolean;
  /** Gives back what is kept between samples. */
  close(): void;
}

/** Takes samples of this host; keeps between them what need not be read each time. */
export function openSampler({
  source = 'procfs',
  procRoot = '/proc',
  passwdPath = '/etc/passwd',
  rollupBudgetMs = LONGEST_PASS_MS,
  descriptors = null,
  clock = systemClock,
  commands = { mode: 'redacted', longest: null },
  layout = buildRecordLayout(),
  turns,
  watched,
  keepPssMs,
}: SamplerOptions = {}): Sampler {
  const system = openSystemSource(procRoot);
  const { monotonic } = clock;
  const processes: ProcessSource =
    source === 'ps'
      ? openPsSource(layout, openLineOf(commands))
      : openProcfsSource({
          procRoot,
          passwdPath,
          layout,
          rollupBudgetMs,
          descriptors,
          monotonic,
          commandOf: openCommandOf(commands),
          turns,
          watched,
          keepPssMs,
        });
  return {
    isStuck: () => processes.isStuck?.() ?? false,
    close: () => processes.close?.(),
    async take() {
      const reading = system.read(clock.now());
      return { system: reading, processes: await processes.read() };
    },
  };
}

/** Copies records into columns: the table stays as it is when the next sample is taken. */
export function tableOf({ records }: ProcessReading, layout: RecordLayout): ProcessTable {
  const numbers = Object.fromEntries(
    Array.from(layout.numberSlots, ([id, slot]) => [id, Float64Array.from(records, (r) => r.numbers[slot])]),
  ) as Record<NumberColumnId, Float64Array>;
  const texts = Object.fromEntries(
    Array.from(layout.textSlots, ([id, slot]) => [id, records.map((r) => r.texts[slot])]),
  ) as Record<TextColumnId, (string | null)[]>;
  return { count: records.length, numbers, texts };
}

/** A sample as the rest of the product sees it. From ps it has no start ticks, so its identities are weak. */
export function sampleOf(
  { system, processes }: TakenSample,
  source: ProcessSourceName = 'procfs',
  layout: RecordLayout = buildRecordLayout(),
): Sample & { readonly processes: ProcessTable } {
  return {
    system: systemRowOf(system, null, null),
    processes: tableOf(processes, layout),
    weak: source === 'ps',
    incomplete: false,
  };
}
