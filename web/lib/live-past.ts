import type { LiveDeparture, LiveFigures, LiveGroup, LivePoint } from '../../server/domain/live-point.ts';
import type { Moment } from './series.ts';

/** What the parts of a watch group have been since they are watched, which may be longer than points are kept. */

export type MemoryMetric = 'rss' | 'pss';

export interface Past {
  readonly peaks: Readonly<Record<MemoryMetric, Moment | null>>;
  /** When it was last seen running, and what then. */
  readonly running: { readonly t: number; readonly pids: readonly number[] } | null;
}

export interface Pasts {
  readonly since: number | null;
  /** Of the newest point that counts in. */
  readonly t: number;
  readonly parts: ReadonlyMap<string, Past>;
}

export const NO_PASTS: Pasts = { since: null, t: Number.NEGATIVE_INFINITY, parts: new Map() };

/** A part of a group: a member, or all of it. */
export interface Part extends LiveFigures {
  readonly id: string;
  readonly name: string;
  readonly pids: readonly number[];
  /** The last process that was seen to leave. */
  readonly departure: LiveDeparture | null;
}

const TOTAL_NAME = 'Total Usage';
export const TOTAL_ID = 'total';

function lastDeparture({ members }: LiveGroup): LiveDeparture | null {
  const all = members.flatMap(({ departure }) => departure ?? []);
  return all.sort((a, b) => b.gone - a.gone)[0] ?? null;
}

/** The members and, behind them, all of the group, of which the last departure is told where nothing of it runs. */
export function partsOf(group: LiveGroup): readonly Part[] {
  const { members, total } = group;
  const departure = runningOf(total) === 0 ? lastDeparture(group) : null;
  const all = { ...total, id: TOTAL_ID, name: TOTAL_NAME, pids: [], departure };
  return [...members.map((member) => ({ ...member, id: memberId(member.name) })), all];
}

/** Apart from the total's, whatever a member is called; without commas, which lists in the URL are cut at. */
export function memberId(name: string): string {
  return `member:${name.replaceAll('%', '%25').replaceAll(',', '%2C')}`;
}

/** One that has ended is no longer running, though its parent has not taken its exit code. */
export function runningOf({ processes, zombies }: LiveFigures): number {
  return processes - zombies;
}

/** A sum of some of the processes only is none. */
export function bytesOf(figures: LiveFigures, metric: MemoryMetric): number | null {
  if (metric === 'rss') return figures.rss_bytes;
  return figures.pss_known === runningOf(figures) ? figures.pss_bytes : null;
}

/** PSS where it is known, whose sums are right. */
export function preferredBytes(figures: LiveFigures): number | null {
  return bytesOf(figures, 'pss') ?? figures.rss_bytes;
}

export function groupOf({ groups }: LivePoint, name: string): LiveGroup | null {
  return groups.find((group) => group.name === name) ?? null;
}

function larger(peak: Moment | null, t: number, value: number | null): Moment | null {
  return value === null || (peak && peak.value >= value) ? peak : { t, value };
}

function grow(past: Past | undefined, t: number, part: Part): Past {
  return {
    peaks: {
      rss: larger(past?.peaks.rss ?? null, t, part.rss_bytes),
      pss: larger(past?.peaks.pss ?? null, t, bytesOf(part, 'pss')),
    },
    running: runningOf(part) > 0 ? { t, pids: part.pids } : (past?.running ?? null),
  };
}

/**
 * With the points that are newer than those that count in.
 * @param since `null`: from the first point that is there; another than before begins anew
 */
export function followParts(
  pasts: Pasts,
  points: readonly LivePoint[],
  group: string,
  since: number | null,
): Pasts {
  const known = pasts.since === since ? pasts : { ...NO_PASTS, since };
  const fresh = points.filter(({ t }) => t > known.t && (since === null || t >= since));
  const newest = fresh.at(-1);
  if (!newest) return known;
  const parts = new Map(known.parts);
  for (const point of fresh) {
    const found = groupOf(point, group);
    for (const part of found ? partsOf(found) : [])
      parts.set(part.id, grow(parts.get(part.id), point.t, part));
  }
  return { since, t: newest.t, parts };
}
