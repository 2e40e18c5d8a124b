import { HOUR_MS } from '../domain/durations.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import { formatInstant } from '../domain/stamp.ts';
import { GAP_FACTOR, lastAtOrBefore, medianSpacing } from '../domain/timeline.ts';
import {
  chooseHost,
  chooseSnapshot,
  instantOf,
  lastSnapshotAt,
  neighboursOf,
  readInstantQuery,
} from './choose-instant.ts';
import type { History, HostSpine } from './ports.ts';

/** Of which two samples an answer tells, and how far they are from what was asked. */

export interface AnswerRequest {
  readonly host?: string | undefined;
  readonly ts?: string | undefined;
  /** What grew since then. */
  readonly from?: string | undefined;
  /** Without `from`: so long before the sample that is told. */
  readonly sinceMs?: number;
}

/** What was asked for, and the sample that answers it. */
interface Moment {
  readonly asked: number;
  readonly t: number;
}

export interface AnswerMoments {
  readonly host: string;
  readonly spine: HostSpine;
  readonly later: Moment;
  readonly earlier: { readonly asked: number; readonly t: number | null };
}

/** @throws MemoryInspectorError `no_process_dumps`, `unknown_timestamp`, `unknown_host`, `bad_parameter` */
export function chooseMoments(history: History, request: AnswerRequest, zone: string): AnswerMoments {
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const t = chooseSnapshot(spine, request.ts, zone);
  const newest = lastSnapshotAt(spine, Number.POSITIVE_INFINITY) ?? t;
  const instant = (field: 'ts' | 'from', text: string, edge: 'from' | 'to') =>
    instantOf(readInstantQuery(field, text, zone), newest, edge);
  const asked = request.ts === undefined ? t : Math.max(t, instant('ts', request.ts, 'from'));
  const { from } = request;
  const since = from === undefined ? t - (request.sinceMs ?? HOUR_MS) : instant('from', from, 'from');
  if (since > asked)
    throw new MemoryInspectorError('bad_parameter', 'from is after ts', {
      field: 'from',
      next: 'Name an instant before the one that is asked about.',
    });
  const end = from === undefined ? since : instant('from', from, 'to');
  return {
    host,
    spine,
    later: { asked, t },
    earlier: { asked: since, t: lastSnapshotAt(spine, Math.min(end, t)) },
  };
}

/** Whether a sample is further from what was asked than samples usually are from each other. */
function isFar({ t, intervalSeconds }: HostSpine, asked: number, found: number): boolean {
  const index = lastAtOrBefore(t, found);
  const interval = intervalSeconds[index] * 1000;
  const usual = interval > 0 ? interval : medianSpacing(t, Math.max(1, index));
  return asked - found > Math.max(GAP_FACTOR * usual, 1000);
}

function bootsDiffer({ t, bootId }: HostSpine, now: number, then: number): boolean {
  const [a, b] = [now, then].map((instant) => bootId[lastAtOrBefore(t, instant)]);
  return a !== null && b !== null && a !== b;
}

/** When the samples are, and how far from what was asked. */
export function momentsView({ spine, later, earlier }: AnswerMoments) {
  const { next } = neighboursOf(spine, later.t);
  const distance = ({ asked, t }: Moment) => Math.max(0, asked - t) / 1000;
  return {
    asked: formatInstant(later.asked),
    ts: formatInstant(later.t),
    distance_seconds: distance(later),
    is_far: isFar(spine, later.asked, later.t),
    nearest_before: formatInstant(later.t),
    nearest_after: next === null ? null : formatInstant(next),
    from_asked: formatInstant(earlier.asked),
    from: earlier.t === null ? null : formatInstant(earlier.t),
    from_distance_seconds: earlier.t === null ? null : distance({ asked: earlier.asked, t: earlier.t }),
    from_is_far: earlier.t !== null && isFar(spine, earlier.asked, earlier.t),
    rebooted: earlier.t !== null && bootsDiffer(spine, later.t, earlier.t),
  };
}
