import { breakAtGaps, valuesAlong } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { ChosenSamples } from './choose-samples.ts';
import { chooseSamples, gapsOf, spreadSamples } from './choose-samples.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History } from './ports.ts';
import type { GapView } from './time-series.ts';
import { gapViews, stepOf } from './time-series.ts';
import type { WatchedInstants } from './watched-instants.ts';
import { readWatchedGroups } from './watched-instants.ts';

/** What a watch group held along recorded time. */

export interface WatchTimelinesRequest extends SnapshotsRequest {
  readonly px: number;
  /** Most samples that are told; default what a chart has room for. */
  readonly most?: number | undefined;
  /** Which of them; default the largest. */
  readonly choice?: 'largest' | 'spread' | undefined;
}

export interface WatchTimelineRequest extends WatchTimelinesRequest {
  readonly watch: WatchGroup;
}

type Values = (number | null)[];

/** Along the instants; `null` at gaps. */
export interface WatchedSums {
  readonly processes: Values;
  readonly rss_bytes: Values;
  /** Of the known; `null` where there are processes and of none is it known. */
  readonly pss_bytes: Values;
  /** Of how many it is known. */
  readonly pss_known: Values;
  /** `null` where it is not known of all. */
  readonly vsz_bytes: Values;
}

export interface WatchTimelineView {
  readonly host: string;
  readonly name: string;
  readonly range: { readonly from: string; readonly to: string };
  readonly t: number[];
  readonly members: ({ readonly name: string } & WatchedSums)[];
  readonly total: WatchedSums;
  readonly gaps: GapView[];
  readonly step_ms: number | null;
  readonly raw_points: number;
  readonly method: ChosenSamples<'largest' | 'spread'>['method'];
}

const COLUMNS = ['rss_bytes', 'pss_bytes', 'vsz_bytes'] as const;

interface Sums {
  readonly processes: Float64Array;
  readonly rss: Float64Array;
  readonly pss: Float64Array;
  readonly pssKnown: Float64Array;
  readonly vsz: Float64Array;
}

function noSums(count: number): Sums {
  const zeros = () => new Float64Array(count);
  return { processes: zeros(), rss: zeros(), pss: zeros(), pssKnown: zeros(), vsz: zeros() };
}

/** Sums of each member, then of all: a process counts for one member. */
function addUp(
  { at, member, values }: WatchedInstants<(typeof COLUMNS)[number]>,
  members: number,
  count: number,
): readonly Sums[] {
  const sums = Array.from({ length: members + 1 }, () => noSums(count));
  for (let row = 0; row < at.length; row++)
    for (const { processes, rss, pss, pssKnown, vsz } of [sums[member[row]], sums[members]]) {
      processes[at[row]]++;
      rss[at[row]] += values.rss_bytes[row];
      vsz[at[row]] += values.vsz_bytes[row];
      if (Number.isNaN(values.pss_bytes[row])) continue;
      pss[at[row]] += values.pss_bytes[row];
      pssKnown[at[row]]++;
    }
  return sums;
}

/** What is not there holds nothing; what is there and was not measured is unknown. */
function knownPss({ processes, pss, pssKnown }: Sums): Float64Array {
  return pss.map((sum, at) => (processes[at] > 0 && pssKnown[at] === 0 ? Number.NaN : sum));
}

function sumsAlong(axis: ReturnType<typeof breakAtGaps>, sums: Sums): WatchedSums {
  return {
    processes: valuesAlong(axis, sums.processes),
    rss_bytes: valuesAlong(axis, sums.rss),
    pss_bytes: valuesAlong(axis, knownPss(sums)),
    pss_known: valuesAlong(axis, sums.pssKnown),
    vsz_bytes: valuesAlong(axis, sums.vsz),
  };
}

/**
 * Members and total of each group along time: in every sample, or of each step in one: that in which the processes of the
 * host together hold most RSS, as the chart of the largest processes, unless another choice is asked for. The samples
 * are read once, however many groups there are.
 * @throws MemoryInspectorError `no_process_dumps`, `unknown_host`, `bad_parameter`
 */
export async function viewWatchTimelines(
  history: History,
  groups: readonly WatchGroup[],
  request: WatchTimelinesRequest,
  zone: string,
): Promise<WatchTimelineView[]> {
  const { px, most, choice } = request;
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const choose = choice === 'spread' ? spreadSamples : chooseSamples;
  const { instants, samples, method } = await choose(history, host, range, px, most);
  const figures = await readWatchedGroups(history, host, groups, { instants, columns: COLUMNS });
  const gaps = gapsOf(spine, range);
  const axis = breakAtGaps(instants, [...instants.keys()], gaps);
  return groups.map(({ name, members }, group) => {
    const sums = addUp(figures[group], members.length, instants.length).map((one) => sumsAlong(axis, one));
    return {
      ...{ host, name },
      range: { from: formatInstant(range.from), to: formatInstant(range.to) },
      t: [...axis.t],
      members: members.map((member, at) => ({ name: member.name, ...sums[at] })),
      total: sums[members.length],
      gaps: gapViews(gaps),
      step_ms: stepOf(instants, range, 'raw', { px }),
      raw_points: samples,
      method,
    };
  });
}

/** As `viewWatchTimelines`, of one group. */
export async function viewWatchTimeline(
  history: History,
  { watch, ...request }: WatchTimelineRequest,
  zone: string,
): Promise<WatchTimelineView> {
  return (await viewWatchTimelines(history, [watch], request, zone))[0];
}
