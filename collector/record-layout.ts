import type { Metric, StoredColumn } from '../server/domain/metric.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../server/domain/metrics.ts';

export type StoredMetric = Metric & { readonly stored: StoredColumn };

/** Where each metric of a catalogue stands in a `ProcessRecord`. */
export interface RecordLayout {
  readonly metrics: readonly StoredMetric[];
  /** Metric id → index in `numbers`. */
  readonly numberSlots: ReadonlyMap<string, number>;
  /** Metric id → index in `texts`. */
  readonly textSlots: ReadonlyMap<string, number>;
  /** A record of which nothing is known, to be copied. */
  readonly unknownNumbers: readonly number[];
  readonly unknownTexts: readonly (string | null)[];
}

/** One process as a source read it. A source may reuse it: it is valid until the source reads again. */
export interface ProcessRecord {
  readonly pid: number;
  /** Bytes. */
  rss: number;
  /** Bytes, seconds, counts, by slot; `NaN` is unknown. An array of doubles: half as large as a typed one. */
  readonly numbers: number[];
  /** Dump notation, by slot; `null` is unknown. */
  readonly texts: (string | null)[];
  /** When the PSS in `numbers` was read, ms of the source's clock; -Infinity where there is none. */
  readonly pssAt: number;
  /** A figure or a text may be another one than in the line that was encoded last. */
  isChanged: boolean;
  /** Where that line stands: see encode-dump.ts. Belongs to the encoder. */
  readonly line: EncodedLine;
}

export interface EncodedLine {
  /** Which file of its encoder, counted from 1; 0 is none. */
  file: number;
  start: number;
  end: number;
}

/** The process table at one instant. */
export interface ProcessReading {
  /** By RSS descending, ties by pid. */
  readonly records: readonly ProcessRecord[];
  /** Processes that ended while they were read; they are left out. */
  readonly vanished: number;
  /** Processes that could not be read; they are left out. */
  readonly unreadable: number;
  /** What else could not be read, to be told once. */
  readonly limits?: ReadingLimits;
}

/** What this process could not see, or was not allowed to. */
export interface ReadingLimits {
  /** Processes whose PSS another user may not read. */
  readonly pssDenied: number;
  /** Pids of processes that do not answer: a read of their memory waits. They are shown in state D. */
  readonly blocked: readonly number[];
}

/** @throws MemoryInspectorError `source_unavailable` where there is no process table to read */
export interface ProcessSource {
  read(): ProcessReading | Promise<ProcessReading>;
  /** Whether a read of the kernel has not come back, so that this process cannot end in the usual way. */
  isStuck?(): boolean;
  /** Gives back what is kept between reads. */
  close?(): void;
}

function slots(metrics: readonly StoredMetric[]): ReadonlyMap<string, number> {
  return new Map(metrics.map(({ id }, slot) => [id, slot]));
}

/** The catalogue is a parameter so that a test can add to it. */
export function buildRecordLayout(metrics: readonly StoredMetric[] = STORED_PROCESS_METRICS): RecordLayout {
  const numbers = metrics.filter((metric) => !isTextMetric(metric));
  const texts = metrics.filter(isTextMetric);
  return {
    metrics,
    numberSlots: slots(numbers),
    textSlots: slots(texts),
    unknownNumbers: numbers.map(() => Number.NaN),
    unknownTexts: texts.map(() => null),
  };
}

/** @throws RangeError for an id that the catalogue does not have (a programming error) */
export function slotOf(slots: ReadonlyMap<string, number>, id: string): number {
  const slot = slots.get(id);
  if (slot === undefined) throw new RangeError(`no stored metric ${id}`);
  return slot;
}

/** A record of which nothing is known but its pid. */
export function emptyRecord(layout: RecordLayout, pid: number): ProcessRecord {
  return {
    pid,
    rss: 0,
    numbers: layout.unknownNumbers.slice(),
    texts: layout.unknownTexts.slice(),
    pssAt: Number.NEGATIVE_INFINITY,
    isChanged: true,
    line: { file: 0, start: 0, end: 0 },
  };
}

/** The order of a process file. */
export function byRssDescending(a: ProcessRecord, b: ProcessRecord): number {
  return b.rss - a.rss || a.pid - b.pid;
}
