import type { SystemMetricId } from './system-metrics.ts';

/** One tick of the live feed: what the host and each watch group hold now. Bytes, seconds, percent; `null` is unknown. */

/** Sums over processes: 0 of none, `null` where there are some and none is known. */
export interface LiveFigures {
  readonly processes: number;
  /** Of these: have ended, hold nothing, and are there until their parents take the exit codes, proc_pid_stat(5). */
  readonly zombies: number;
  /** Shared pages count once for each process: an upper bound where there are several. */
  readonly rss_bytes: number | null;
  readonly pss_bytes: number | null;
  /** Of how many processes PSS is known. */
  readonly pss_known: number;
  /**
   * Of the oldest reading of these: where the sizes of a process have not changed since, its PSS stands for a while.
   * `null`: none is known.
   */
  readonly pss_age_seconds: number | null;
  readonly vsz_bytes: number | null;
  readonly swap_bytes: number | null;
  /** Of one CPU since the tick before; `null` at the first. */
  readonly cpu_percent: number | null;
}

/** A process that was in a member of a group at one point and is not at a later one. Texts are in dump notation. */
export interface LiveDeparture {
  readonly pid: number;
  readonly comm: string | null;
  /** Its beginning. */
  readonly cmd: string | null;
  /** When it was seen last there, and when it was not there first, epoch ms: it left in between. */
  readonly seen: number;
  readonly gone: number;
  /** It ended; otherwise it runs on and no longer matches. */
  readonly exited: boolean;
}

export interface LiveMember extends LiveFigures {
  readonly name: string;
  /** Of those that run the ones with the most RSS, at most 5. */
  readonly pids: readonly number[];
  /** The last that was seen to leave since the server began to watch the group; `null`: none was. */
  readonly departure: LiveDeparture | null;
}

export interface LiveGroup {
  readonly name: string;
  /** Each process counts once. */
  readonly total: LiveFigures;
  readonly members: readonly LiveMember[];
  /** Processes that several members match; they count for the first. */
  readonly ambiguous: number;
}

export interface LivePoint {
  /** Epoch ms UTC. */
  readonly t: number;
  /** Grows by one with each point of one server; another server begins anew, with another `feed`. */
  readonly seq: number;
  readonly host: string;
  readonly system: {
    readonly uptime_seconds: number | null;
    readonly used_bytes: number | null;
    readonly used_htop_bytes: number | null;
    readonly swap_used_bytes: number | null;
    /** Of all CPUs since the tick before; `null` at the first. */
    readonly cpu_percent: number | null;
    readonly load1: number | null;
    readonly load5: number | null;
    readonly load15: number | null;
    readonly processes: number;
    readonly process_rss_bytes: number;
    readonly metrics: Readonly<Partial<Record<SystemMetricId, number>>>;
  };
  readonly groups: readonly LiveGroup[];
}

/** No points between two: nobody watched, the host was suspended, it or this client was too slow, or the server is another. */
export interface LiveGap {
  readonly from: number;
  readonly to: number;
  readonly reason: 'idle' | 'suspend' | 'slow' | 'restart';
}

/** The last point that a client has, of which feed, so that it gets what it missed. */
export interface LivePlace {
  readonly feed: string;
  readonly seq: number;
  /** Of the point, epoch ms. */
  readonly t: number;
}

const PLACE = /^(\w{1,20})\.(\d{1,15})\.(\d{1,15})$/;

/** `FEED.SEQ.T`: `after=` of a WebSocket, the id of a server-sent event. */
export function formatLivePlace({ feed, seq, t }: LivePlace): string {
  return `${feed}.${seq}.${t}`;
}

/** @returns `null` for anything else */
export function parseLivePlace(text: string): LivePlace | null {
  const match = PLACE.exec(text);
  return match && { feed: match[1], seq: Number(match[2]), t: Number(match[3]) };
}

/** What a client is told, over a WebSocket or as server-sent events. */
export type LiveMessage =
  | {
      readonly type: 'initial_data';
      /** Of this server's feed: a `seq` means nothing in another one. */
      readonly feed: string;
      readonly interval_seconds: number;
      readonly history: readonly LivePoint[];
      readonly gaps: readonly LiveGap[];
      /** Of the newest point; 0 before the first. */
      readonly seq: number;
    }
  | {
      readonly type: 'memory_update';
      readonly data: LivePoint;
      readonly timestamp: string;
      readonly seq: number;
      /** How long until the next one; ticks that take too long are stretched. */
      readonly interval_seconds: number;
    }
  | { readonly type: 'gap'; readonly gap: LiveGap; readonly seq: number };

/** Bounds and defaults of the feed, for options, queries and pages. */
export const LIVE = {
  interval: { default: 1, min: 0.5, max: 60 },
  /** Points that the server keeps. */
  ring: 1000,
  /** Points that a client gets when it comes. */
  initial: 100,
} as const;

export type InitialData = Extract<LiveMessage, { type: 'initial_data' }>;
