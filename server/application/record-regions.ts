import type { ErrorCode } from '../domain/errors.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import type { Missing, MissingReason } from '../domain/process-analysis.ts';
import { COST_SHARE } from '../domain/region-cadence.ts';
import { momentOf } from '../domain/region-moments.ts';
import type { Analysis } from './analysis.ts';
import type { RegionRecords } from './analysis-ports.ts';

/** Regions of one process over time, on a budget: reading them never takes more than its share of a CPU. */

export interface RecordRequest {
  readonly pid: number;
  readonly intervalMs: number;
  /** `null`: until the process ends or the signal comes. */
  readonly durationMs: number | null;
  readonly signal: AbortSignal;
  readonly onMoment: (told: {
    readonly t: number;
    readonly readSeconds: number;
    readonly nextMs: number;
  }) => void;
}

export interface RecordedMoments {
  readonly key: string | null;
  readonly moments: number;
  readonly readSeconds: number;
  readonly seconds: number;
  readonly ended: 'process' | 'duration' | 'signal';
}

/** Resolves after `ms`, or at once when the signal is raised. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

interface Done {
  key: string | null;
  moments: number;
  readSeconds: number;
}

export interface MomentRequest {
  readonly pid: number;
  readonly signal: AbortSignal;
  /** The life that it has to be. */
  readonly key?: string | undefined;
}

export interface RecordedMoment {
  readonly key: string;
  /** Epoch ms. */
  readonly t: number;
  readonly readSeconds: number;
}

const UNREAD: Readonly<Partial<Record<MissingReason, ErrorCode>>> = {
  permission: 'not_permitted',
  kernel_thread: 'no_data_for_pid',
  zombie: 'no_data_for_pid',
};

/** Why there are no regions: `not_permitted`, `no_data_for_pid` of what has none, else `source_unavailable`. */
export function unreadRegions(pid: number, [why]: readonly Missing[]): MemoryInspectorError {
  const code = (why && UNREAD[why.reason]) ?? 'source_unavailable';
  return new MemoryInspectorError(code, `The regions of ${pid} cannot be read`, {
    field: 'pid',
    next: why?.text ?? 'They cannot be read.',
  });
}

/**
 * Reads the regions of a process and keeps their sums.
 * @throws as `unreadRegions` where they cannot be read, `process_gone`, `process_changed`, `cannot_write`, `client_gone`
 */
export async function recordMoment(
  analysis: Pick<Analysis, 'regions'>,
  records: Pick<RegionRecords, 'append'>,
  { pid, signal, key }: MomentRequest,
): Promise<RecordedMoment> {
  const ask = { pid, signal, refresh: true };
  const { process, figures, missing, measuredAt: t, readSeconds } = await analysis.regions(ask);
  if (!figures) throw unreadRegions(pid, missing);
  if (key !== undefined && key !== process.key)
    throw new MemoryInspectorError('process_changed', `PID ${pid} is another process now`);
  await records.append(process, momentOf(figures, t, readSeconds));
  return { key: process.key, t, readSeconds };
}

/** @returns how long to wait for the next one, ms */
async function recordOnce(
  analysis: Analysis,
  records: RegionRecords,
  { pid, signal, intervalMs, onMoment }: RecordRequest,
  done: Done,
): Promise<number> {
  const request = { pid, signal, key: done.key ?? undefined };
  const { key, t, readSeconds } = await recordMoment(analysis, records, request);
  done.key = key;
  done.moments++;
  done.readSeconds += readSeconds;
  const nextMs = Math.max(intervalMs, (1000 * readSeconds) / COST_SHARE);
  onMoment({ t, readSeconds, nextMs });
  return nextMs;
}

const ENDS: Readonly<Partial<Record<ErrorCode, RecordedMoments['ended']>>> = {
  client_gone: 'signal',
  process_gone: 'process',
  process_changed: 'process',
};

/** That the process ends, or the person has had enough, is no failure once something was recorded. */
function endOf(error: unknown, { moments }: Done): RecordedMoments['ended'] {
  const ended = error instanceof MemoryInspectorError && moments > 0 ? ENDS[error.code] : undefined;
  if (ended === undefined) throw error;
  return ended;
}

async function untilEnded(
  record: () => Promise<number>,
  { durationMs, signal }: RecordRequest,
): Promise<RecordedMoments['ended']> {
  const began = performance.now();
  while (!signal.aborted) {
    const nextMs = await record();
    if (durationMs !== null && performance.now() - began + nextMs > durationMs) return 'duration';
    await pause(nextMs, signal);
  }
  return 'signal';
}

/** @throws as `unreadRegions` where its regions cannot be read, `process_gone` where it never was, `cannot_write` */
export async function recordRegions(
  analysis: Analysis,
  records: RegionRecords,
  request: RecordRequest,
): Promise<RecordedMoments> {
  const began = performance.now();
  const done: Done = { key: null, moments: 0, readSeconds: 0 };
  const ended = await untilEnded(() => recordOnce(analysis, records, request, done), request).catch((error) =>
    endOf(error, done),
  );
  return { ...done, seconds: (performance.now() - began) / 1000, ended };
}
