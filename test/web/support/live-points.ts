import type { LiveFigures, LiveGroup, LivePoint } from '../../../server/domain/live-point.ts';
import { MIB } from '../../../server/domain/units.ts';

/** Points of a feed with only what a test is about. */

export const LIVE_START = Date.parse('2026-01-15T12:00:00Z');

/** The nth point of a feed that ticks each second. */
export function livePoint(
  seq: number,
  more: Partial<Pick<LivePoint, 't' | 'groups'>> & { used_mib?: number } = {},
): LivePoint {
  const { t = LIVE_START + seq * 1000, groups = [], used_mib = 1000 } = more;
  return {
    t,
    seq,
    host: 'web-1',
    system: {
      uptime_seconds: seq,
      used_bytes: used_mib * MIB,
      used_htop_bytes: null,
      swap_used_bytes: 0,
      cpu_percent: seq === 1 ? null : 10,
      load1: 0.5,
      load5: 0.25,
      load15: 0.1,
      processes: 100,
      process_rss_bytes: 2000 * MIB,
      metrics: { mem_total_bytes: 4000 * MIB },
    },
    groups,
  };
}

export function liveFigures(rss_mib: number | null, processes = 1): LiveFigures {
  const bytes = rss_mib === null ? null : rss_mib * MIB;
  return {
    processes,
    zombies: 0,
    rss_bytes: bytes,
    pss_bytes: null,
    pss_known: 0,
    pss_age_seconds: null,
    vsz_bytes: bytes,
    swap_bytes: 0,
    cpu_percent: null,
  };
}

/** A group by what its members hold, in MiB; `null`: not running. */
export function liveGroup(name: string, members: Readonly<Record<string, number | null>>): LiveGroup {
  const held = Object.entries(members);
  const running = held.flatMap(([, mib]) => mib ?? []);
  const figuresOf = (mib: number | null) => (mib === null ? liveFigures(0, 0) : liveFigures(mib));
  return {
    name,
    ambiguous: 0,
    total: liveFigures(
      running.reduce((sum, mib) => sum + mib, 0),
      running.length,
    ),
    members: held.map(([member, mib], at) => ({
      ...figuresOf(mib),
      name: member,
      pids: mib === null ? [] : [100 + at],
      departure: null,
    })),
  };
}
