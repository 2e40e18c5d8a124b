import { MemoryInspectorError } from '../domain/errors.ts';
import type { InstantQuery } from '../domain/stamp.ts';
import { parseInstantQuery } from '../domain/stamp.ts';
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
    next: 'Write YYYYMMDD_HHMMSS, an ISO 8601 time, epoch milliseconds, -3m or latest.',
  });
}

function instantOf(query: InstantQuery, newest: number, edge: 'from' | 'to'): number {
  if (query.kind === 'latest') return newest;
  if (query.kind === 'before-newest') return newest - query.ms;
  return query[edge];
}

/** Inclusive; the whole history where nothing is asked. @throws `bad_parameter` where `from` is after `to` */
export function chooseRange(
  spine: HostSpine,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  zone: string,
): InstantRange {
  const newest = spine.t.at(-1) ?? 0;
  const from =
    asked.from === undefined
      ? (spine.t[0] ?? 0)
      : instantOf(readInstantQuery('from', asked.from, zone), newest, 'from');
  const to =
    asked.to === undefined ? newest : instantOf(readInstantQuery('to', asked.to, zone), newest, 'to');
  if (from > to && (asked.from !== undefined || asked.to !== undefined))
    throw new MemoryInspectorError('bad_parameter', 'from is after to', {
      field: 'from',
      next: 'Swap the two, or leave one of them out.',
    });
  return { from, to };
}

/** Index of the last sample with processes at or before `t`; −1 where there is none. */
export function lastSnapshotAt(spine: HostSpine, t: number): number {
  let index = lastAtOrBefore(spine.t, t);
  while (index >= 0 && spine.hasProcesses[index] === 0) index--;
  return index;
}

/**
 * The snapshot that `ts` means: the nearest sample with processes at or before it.
 * @returns its index in the spine @throws `unknown_timestamp`, `no_process_dumps`, `bad_parameter`
 */
export function chooseSnapshot(spine: HostSpine, ts: string | undefined, zone: string): number {
  const newestSnapshot = lastSnapshotAt(spine, Number.POSITIVE_INFINITY);
  if (newestSnapshot < 0)
    throw new MemoryInspectorError('no_process_dumps', 'No process dumps found', { next: START_RECORDING });
  if (ts === undefined) return newestSnapshot;
  const query = readInstantQuery('ts', ts, zone);
  const index = lastSnapshotAt(spine, instantOf(query, spine.t[newestSnapshot], 'to'));
  if (index >= 0) return index;
  throw new MemoryInspectorError('unknown_timestamp', `Timestamp ${ts} unknown`, {
    field: 'ts',
    next: `The first snapshot is ${new Date(firstSnapshot(spine)).toISOString()}.`,
  });
}

function firstSnapshot(spine: HostSpine): number {
  return spine.t[spine.hasProcesses.indexOf(1)];
}

/** The samples with processes right before and after `index`, epoch ms. */
export function neighboursOf(
  spine: HostSpine,
  index: number,
): { previous: number | null; next: number | null } {
  const before = lastSnapshotAt(spine, spine.t[index] - 1);
  const after = spine.hasProcesses.indexOf(1, index + 1);
  return { previous: before < 0 ? null : spine.t[before], next: after < 0 ? null : spine.t[after] };
}
