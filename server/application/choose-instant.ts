import { MemoryInspectorError } from '../domain/errors.ts';
import type { InstantQuery } from '../domain/stamp.ts';
import { formatInstant, lastAtClock, parseInstantQuery } from '../domain/stamp.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';

/** From what a person wrote (`host`, `ts`, `from`, `to`) to the samples that are meant. */

const START_RECORDING =
  'Start recording: `pmi collect` — or open a folder that holds dumps: `pmi serve --dumps DIR`.';

/** @throws `no_process_dumps` or `no_system_dumps` for an empty history, `unknown_host` */
export function chooseHost(
  history: History,
  asked: string | undefined,
  wanted: 'system' | 'process' = 'process',
): string {
  const hosts = history.hosts();
  if (hosts.length === 0) {
    if (wanted === 'system')
      throw new MemoryInspectorError('no_system_dumps', 'No system snapshots found', {
        next: START_RECORDING,
      });
    throw new MemoryInspectorError('no_process_dumps', 'No process dumps found', { next: START_RECORDING });
  }
  if (asked === undefined) return hosts[0];
  if (!hosts.includes(asked))
    throw new MemoryInspectorError('unknown_host', `Host ${asked} unknown`, {
      field: 'host',
      next: `Recorded hosts: ${hosts.join(', ')}.`,
    });
  return asked;
}

/** @throws `bad_parameter` naming the field */
export function readInstantQuery(field: string, text: string, zone: string): InstantQuery {
  const query = parseInstantQuery(text, zone);
  if (query) return query;
  throw new MemoryInspectorError('bad_parameter', `${field} is not an instant: ${text}`, {
    field,
    next: 'Write YYYYMMDD_HHMMSS, an ISO 8601 time, 03:12, epoch milliseconds, -3m or latest.',
  });
}

/** The instant that a query means; of a whole second its begin or its end. */
export function instantOf(query: InstantQuery, newest: number, edge: 'from' | 'to'): number {
  if (query.kind === 'latest') return newest;
  if (query.kind === 'before-newest') return newest - query.ms;
  if (query.kind === 'clock')
    return lastAtClock(query.msOfDay, newest, query.zone) + (edge === 'to' ? 999 : 0);
  return query[edge];
}

interface AskedRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Of a range that ends before it begins; where one end is that of the recording, the other lies beyond it. */
function refusedRange(asked: AskedRange, first: number, newest: number): MemoryInspectorError {
  if (asked.to === undefined)
    return new MemoryInspectorError('bad_parameter', 'from is after the newest sample', {
      field: 'from',
      next: `The newest sample is of ${formatInstant(newest)}.`,
    });
  if (asked.from === undefined)
    return new MemoryInspectorError('bad_parameter', 'to is before the first sample', {
      field: 'to',
      next: `The first sample is of ${formatInstant(first)}.`,
    });
  return new MemoryInspectorError('bad_parameter', 'from is after to', {
    field: 'from',
    next: 'Swap the two, or leave one of them out.',
  });
}

/** Inclusive; the whole history where nothing is asked. @throws `bad_parameter` where it ends before it begins */
export function chooseRange(spine: HostSpine, asked: AskedRange, zone: string): InstantRange {
  const [first, newest] = [spine.t[0] ?? 0, spine.t.at(-1) ?? 0];
  const from =
    asked.from === undefined ? first : instantOf(readInstantQuery('from', asked.from, zone), newest, 'from');
  const to =
    asked.to === undefined ? newest : instantOf(readInstantQuery('to', asked.to, zone), newest, 'to');
  if (from > to && (asked.from !== undefined || asked.to !== undefined))
    throw refusedRange(asked, first, newest);
  return { from, to };
}

/** Instant of the last sample with processes at or before `t`; `null` where there is none. */
export function lastSnapshotAt(spine: HostSpine, t: number): number | null {
  let index = lastAtOrBefore(spine.t, t);
  while (index >= 0 && spine.hasProcesses[index] === 0) index--;
  return index < 0 ? null : spine.t[index];
}

function firstSnapshotAfter(spine: HostSpine, t: number): number | null {
  const index = spine.hasProcesses.indexOf(1, lastAtOrBefore(spine.t, t) + 1);
  return index < 0 ? null : spine.t[index];
}

/**
 * The snapshot that `ts` (or another field) means: the nearest sample with processes at or before it.
 * @returns its instant, epoch ms @throws `unknown_timestamp`, `no_process_dumps`, `bad_parameter`
 */
export function chooseSnapshot(
  spine: HostSpine,
  ts: string | undefined,
  zone: string,
  field: 'ts' | 'base' = 'ts',
): number {
  const newest = lastSnapshotAt(spine, Number.POSITIVE_INFINITY);
  if (newest === null)
    throw new MemoryInspectorError('no_process_dumps', 'No process dumps found', { next: START_RECORDING });
  if (ts === undefined) return newest;
  const found = lastSnapshotAt(spine, instantOf(readInstantQuery(field, ts, zone), newest, 'to'));
  if (found !== null) return found;
  const first = firstSnapshotAfter(spine, Number.NEGATIVE_INFINITY) ?? newest;
  throw new MemoryInspectorError('unknown_timestamp', `Timestamp ${ts} unknown`, {
    field,
    next: `The first snapshot is ${formatInstant(first)}.`,
  });
}

/** The samples with processes right before and after the one at `t`, epoch ms. */
export function neighboursOf(
  spine: HostSpine,
  t: number,
): { readonly previous: number | null; readonly next: number | null } {
  return { previous: lastSnapshotAt(spine, t - 1), next: firstSnapshotAfter(spine, t) };
}
