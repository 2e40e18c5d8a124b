import { openBootInstant } from '../domain/boot-instant.ts';
import type { LiveTick } from '../domain/build-live-point.ts';
import { openLivePointBuilder } from '../domain/build-live-point.ts';
import { openDepartures } from '../domain/departures.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import type { LiveGap } from '../domain/live-point.ts';
import { LIVE } from '../domain/live-point.ts';
import type { LiveReading } from '../domain/live-reading.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { Audience } from './live-audience.ts';
import { openAudience } from './live-audience.ts';
import type { LiveFeed, LiveRequest, LiveSampler } from './live-ports.ts';
import type { LiveClock, LiveTicker } from './live-ticker.ts';
import { openTicker, systemClock } from './live-ticker.ts';

export interface LiveWorld {
  readonly openSampler: () => LiveSampler;
  readonly groups: () => readonly WatchGroup[];
  /** A tick that could not be read; the next one is tried all the same. */
  readonly onFailure: (error: unknown) => void;
  /** Of this feed, among all that there ever are. */
  readonly id: string;
  readonly intervalMs?: number;
  readonly clock?: LiveClock;
}

/** The host is read for so long after the last client has left, or has asked. */
export const IDLE_MS = 10_000;
/** As in the recording: points that are further apart have a gap between them. */
const GAP_INTERVALS = 3;
/** The uptime is told in hundredths of a second. */
const SUSPENDED_MS = 500;

/** @param isAwake whether the feed has not rested in between */
function gapBetween(
  before: LiveReading,
  now: LiveReading,
  intervalMs: number,
  isAwake: boolean,
): LiveGap | null {
  const awake = now.at - before.at;
  const uptime = ((now.system.uptimeSeconds ?? 0) - (before.system.uptimeSeconds ?? 0)) * 1000;
  if (Math.max(awake, uptime) <= GAP_INTERVALS * intervalMs) return null;
  const whileAwake = uptime - awake > SUSPENDED_MS ? 'suspend' : 'slow';
  return { from: before.system.t, to: now.system.t, reason: isAwake ? whileAwake : 'idle' };
}

/** Reads the host while it is wanted, and makes points of it. */
function openReadings({ openSampler, groups }: LiveWorld) {
  let sampler: LiveSampler | null = null;
  const departures = openDepartures();
  const bootInstant = openBootInstant();
  let build = openLivePointBuilder(departures, bootInstant);
  let before: LiveReading | null = null;
  let newest: LiveTick | null = null;
  return {
    /** Of the last tick; `null` where the feed has rested since. */
    newest: () => newest,
    async take(seq: number, intervalMs: number) {
      sampler ??= openSampler();
      const reading = await sampler.read(newest?.watched ?? new Set());
      const gap = before && gapBetween(before, reading, intervalMs, newest !== null);
      before = reading;
      newest = build(reading, groups(), seq);
      return { tick: newest, gap };
    },
    rest() {
      sampler?.close();
      sampler = null;
      newest = null;
      build = openLivePointBuilder(departures, bootInstant);
    },
  };
}

/** Those who wait for the next tick. */
function openWaiters() {
  const waiters: { resolve: (tick: LiveTick) => void; reject: (error: unknown) => void }[] = [];
  const takeAll = () => waiters.splice(0);
  return {
    count: () => waiters.length,
    wait: () => new Promise<LiveTick>((resolve, reject) => waiters.push({ resolve, reject })),
    resolve(tick: LiveTick) {
      for (const { resolve } of takeAll()) resolve(tick);
    },
    reject(error: unknown) {
      for (const { reject } of takeAll()) reject(error);
    },
  };
}

/** What can be told without a reading. */
function openAnswers(audience: Audience, ticker: LiveTicker) {
  return {
    clients: audience.size,
    latest: audience.newest,
    history: audience.history,
    initial: (request: LiveRequest) => audience.initial(request, ticker.intervalMs),
    intervalMs: () => ticker.intervalMs,
  };
}

/** Whether anybody wants readings, and since when nobody does. */
function openDemand(watchers: () => number, waiters: () => number, monotonic: () => number) {
  let until = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  return {
    renew() {
      until = monotonic() + IDLE_MS;
    },
    /** Only who waits is given one, until it is allowed again. */
    stop(stopped: boolean) {
      isStopped = stopped;
    },
    isStopped: () => isStopped,
    isThere: () => waiters() > 0 || (!isStopped && (watchers() > 0 || monotonic() < until)),
  };
}

/** The live feed of this host: one reader, however many watch. */
export function openLiveFeed(world: LiveWorld): LiveFeed {
  const { id, onFailure, clock = systemClock, intervalMs = LIVE.interval.default * 1000 } = world;
  const readings = openReadings(world);
  const audience = openAudience(id, clock.monotonic);
  const waiters = openWaiters();
  const demand = openDemand(audience.size, waiters.count, clock.monotonic);
  let isFailing = false;

  async function tick(): Promise<boolean> {
    try {
      const { tick, gap } = await readings.take((audience.newest()?.seq ?? 0) + 1, ticker.intervalMs);
      audience.publish(tick.point, gap, ticker.intervalMs);
      waiters.resolve(tick);
      isFailing = false;
    } catch (error) {
      onFailure(error);
      waiters.reject(error);
      isFailing = true;
    }
    return !isFailing;
  }

  const ticker = openTicker(intervalMs, { isWanted: demand.isThere, tick, rest: readings.rest }, clock);
  const goOn = () => {
    demand.renew();
    if (demand.isThere()) ticker.wake();
  };

  return {
    ...openAnswers(audience, ticker),
    subscribe(client, request) {
      const leave = audience.join(client, request, ticker.intervalMs);
      goOn();
      return { close: () => leave() && demand.renew() };
    },
    async now() {
      const tick = (isFailing ? null : readings.newest()) ?? waiters.wait();
      goOn();
      return tick;
    },
    start(ms) {
      demand.stop(false);
      if (ms !== null) ticker.retime(ms);
      goOn();
    },
    stop: () => demand.stop(true),
    state: () => (isFailing ? 'failing' : demand.isStopped() ? 'stopped' : 'ready'),
    close() {
      ticker.close();
      waiters.reject(new MemoryInspectorError('client_gone', 'The server ends'));
      audience.close();
    },
  };
}
