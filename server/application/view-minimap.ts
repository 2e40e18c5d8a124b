import { peakOf } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { findGaps } from '../domain/timeline.ts';
import { usedBytes } from '../domain/used-memory.ts';
import { chooseHost } from './choose-instant.ts';
import type { EventsOf, EventView } from './event-views.ts';
import { eventViews, hostEvents, NOTHING_ELSE } from './event-views.ts';
import type { History } from './ports.ts';
import type { GapView } from './time-series.ts';
import { gapViews } from './time-series.ts';

export interface MinimapRequest {
  readonly host?: string | undefined;
  readonly px: number;
}

export interface MinimapView {
  readonly host: string;
  readonly from: string;
  readonly to: string;
  readonly newest: string;
  readonly zone: string;
  readonly t: number[];
  readonly used_bytes: (number | null)[];
  readonly mem_total_bytes: (number | null)[];
  readonly gaps: GapView[];
  readonly events: EventView[];
}

const FIGURES = ['mem_total_bytes', 'mem_available_bytes', 'oom_kill'] as const;
const EVERYTHING = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Index of the highest sample of each of `count` equal stretches; the first where none is known. */
export function peaksOf(t: ArrayLike<number>, values: ArrayLike<number>, count: number): number[] {
  const indices: number[] = [];
  const width = (t[t.length - 1] - t[0]) / count || 1;
  const stretchOf = (at: number) => Math.min(count - 1, Math.floor((t[at] - t[0]) / width));
  for (let first = 0, end = 0; first < t.length; first = end) {
    const stretch = stretchOf(first);
    while (end < t.length && stretchOf(end) === stretch) end++;
    const peak = peakOf(values, first, end);
    indices.push(peak < 0 ? first : peak);
  }
  return indices;
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * The whole recording of a host at a glance: of each stretch the sample in which most memory was used.
 * @throws MemoryInspectorError `no_system_dumps`, `unknown_host`
 */
export async function viewMinimap(
  history: History,
  request: MinimapRequest,
  zone: string,
  alertsOf: EventsOf = NOTHING_ELSE,
): Promise<MinimapView> {
  const host = chooseHost(history, request.host, 'system');
  const gaps = findGaps(history.spine(host));
  const system = await history.readSystem(host, FIGURES, EVERYTHING);
  const { t, values } = system;
  const total = (at: number) => known(values.mem_total_bytes[at]);
  const used = (at: number) => usedBytes(total(at), known(values.mem_available_bytes[at]));
  const peaks = peaksOf(
    t,
    Float64Array.from(t, (_, at) => used(at) ?? Number.NaN),
    request.px,
  );
  const [from, to] = [t[0], t[t.length - 1]].map(formatInstant);
  return {
    ...{ host, from, to, newest: to, zone },
    t: peaks.map((at) => t[at]),
    used_bytes: peaks.map(used),
    mem_total_bytes: peaks.map(total),
    gaps: gapViews(gaps),
    events: eventViews([...hostEvents(system, gaps), ...(await alertsOf(host, EVERYTHING))], zone),
  };
}
