import { MemoryInspectorError } from '../domain/errors.ts';
import { compareMoments, describeChanges } from '../domain/region-changes.ts';
import type { RegionMoment } from '../domain/region-moments.ts';
import { momentOf } from '../domain/region-moments.ts';
import { formatInstant } from '../domain/stamp.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { Analysis } from './analysis.ts';
import type { RecordedRegions, RegionRecords } from './analysis-ports.ts';
import { instantOf, readInstantQuery } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { requireProcess } from './choose-process.ts';
import { unreadRegions } from './record-regions.ts';

/** The regions of one life over time: which moments are kept, and what two of them tell. */

/** More would not be chosen from. */
const MOST_MOMENTS = 200;

/** Evenly spread, the first and the last among them. */
function spread<One>(all: readonly One[], most: number): readonly One[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.round((at * (all.length - 1)) / (most - 1))]);
}

/** Those of the life that was seen last; none is no error. */
export async function viewMoments(records: RegionRecords, request: ProcessRequest) {
  requireProcess(request);
  const [life] = await records.read(request);
  const moments = life?.moments ?? [];
  return {
    pid: life?.pid ?? request.pid ?? null,
    key: life?.key ?? null,
    moments: spread(moments, MOST_MOMENTS).map(({ t, total }) => ({
      ts: formatInstant(t),
      rss_bytes: total.rss_bytes,
      regions: total.regions,
    })),
    moments_total: moments.length,
  };
}

export interface CompareRequest extends ProcessRequest {
  /** Default the first. */
  readonly a?: string | undefined;
  /** `now` reads the process; default the newest. */
  readonly b?: string | undefined;
}

export interface CompareSources {
  readonly records: RegionRecords;
  /** Asked for where `b` is `now`. @throws `analysis_off` */
  readonly analysis: () => Pick<Analysis, 'regions'>;
  readonly signal: AbortSignal;
}

/** The moment at or before an instant. @throws `bad_parameter`, `unknown_timestamp` */
function momentAt({ moments }: RecordedRegions, field: 'a' | 'b', text: string, zone: string): RegionMoment {
  const newest = moments[moments.length - 1].t;
  const t = instantOf(readInstantQuery(field, text, zone), newest, 'to');
  const at = lastAtOrBefore(
    moments.map((moment) => moment.t),
    t,
  );
  if (at >= 0) return moments[at];
  throw new MemoryInspectorError('unknown_timestamp', `Timestamp ${text} unknown`, {
    field,
    next: `Regions of this process are recorded from ${formatInstant(moments[0].t)} to ${formatInstant(newest)}.`,
  });
}

/** The process as it is. @throws `process_changed` where the life that was recorded has ended, and as `analysis` does */
async function momentNow({ pid, key }: RecordedRegions, sources: CompareSources): Promise<RegionMoment> {
  const { analysis, signal } = sources;
  // What is remembered may be the moment itself.
  const ask = { pid, signal, refresh: true };
  const { process, figures, missing, measuredAt, readSeconds } = await analysis().regions(ask);
  if (process.key !== key)
    throw new MemoryInspectorError('process_changed', `PID ${pid} is another process now`, {
      field: 'b',
      next: 'What was recorded is of a process that has ended: compare two recorded moments.',
    });
  if (figures) return momentOf(figures, measuredAt, readSeconds);
  throw unreadRegions(pid, missing);
}

/** @throws `no_data_for_pid` where nothing was recorded, `unknown_timestamp`, `bad_parameter`, and as `momentNow` does */
export async function viewRegionChanges(sources: CompareSources, request: CompareRequest, zone: string) {
  requireProcess(request);
  const [life] = await sources.records.read(request);
  if (!life) {
    const name = request.pid ?? request.key ?? '';
    throw new MemoryInspectorError('no_data_for_pid', `No data for PID ${name}`, {
      field: request.pid === undefined ? 'key' : 'pid',
      next: `No regions of it are recorded: pmi analyze ${request.pid ?? 'PID'} --record`,
    });
  }
  const { a: from, b: to = 'latest' } = request;
  const a = from === undefined ? life.moments[0] : momentAt(life, 'a', from, zone);
  const b = to === 'now' ? await momentNow(life, sources) : momentAt(life, 'b', to, zone);
  const changes = compareMoments(a, b);
  return {
    pid: life.pid,
    key: life.key,
    a: formatInstant(a.t),
    b: formatInstant(b.t),
    metric: 'rss' as const,
    ...changes,
    text: describeChanges(changes, Math.abs(b.t - a.t) / 1000),
  };
}
