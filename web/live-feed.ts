import { effect, signal } from '@preact/signals';
import type { LiveMessage } from '../server/domain/live-point.ts';
import { formatLivePlace } from '../server/domain/live-point.ts';
import { backOffMs } from './lib/back-off.ts';
import { NO_SERIES, receiveMessage } from './lib/live-series.ts';
import type { Connection, Transport } from './lib/live-transport.ts';
import { openPolling, openSocket, openStream } from './lib/live-transport.ts';
import { screen } from './screen.ts';

/** The live feed, as one series for the whole app. It is listened to while some part of a page watches. */

export const liveSeries = signal(NO_SERIES);
/** `connecting`: nothing has come yet, or nobody watches; `lost`: it came, and comes no more. */
export const liveState = signal<'connecting' | 'connected' | 'lost'>('connecting');
/** Which way it comes; `null` while it does not. */
export const liveWay = signal<Way | null>(null);

type Way = (typeof WAYS)[number]['name'];

const WAYS = [
  { name: 'WebSocket', open: openSocket },
  { name: 'server-sent events', open: openStream },
  { name: 'polling', open: openPolling },
] as const satisfies readonly { name: string; open: Transport }[];

/** A connection that says nothing for as long is taken for dead: some networks drop one without a word. */
const SILENT = { leastMs: 10_000, intervals: 3 } as const;
/** A tab that is out of sight for a moment is soon back; later it need not be told each second. */
const HIDDEN_MS = 60_000;

type Timer = ReturnType<typeof setTimeout> | undefined;

let connection: Connection | null = null;
const timers: { retry?: Timer; silence?: Timer; hiding?: Timer } = {};
/** Rounds in which no way led to the server, in a row. */
let failures = 0;

function queryOf(): URLSearchParams {
  const { place } = liveSeries.peek();
  return new URLSearchParams(place ? { after: formatLivePlace(place) } : {});
}

function receive(message: LiveMessage): void {
  liveSeries.value = receiveMessage(liveSeries.peek(), message);
}

function disconnect(): void {
  clearTimeout(timers.retry);
  clearTimeout(timers.silence);
  timers.retry = undefined;
  connection?.close();
  connection = null;
  liveWay.value = null;
}

function waitForRetry(): void {
  timers.retry = setTimeout(() => connect(0), backOffMs(failures, Math.random()));
  failures += 1;
}

/** A way that worked is tried again later, with those before it; one that did not leads to the next at once. */
function onEnd(way: number, hasSpoken: boolean): void {
  disconnect();
  liveState.value = 'lost';
  if (hasSpoken || way + 1 === WAYS.length) waitForRetry();
  else connect(way + 1);
}

function connect(way: number): void {
  timers.retry = undefined;
  let hasSpoken = false;
  const end = () => onEnd(way, hasSpoken);
  const expectMore = () => {
    clearTimeout(timers.silence);
    const patience = SILENT.intervals * liveSeries.peek().intervalSeconds * 1000;
    timers.silence = setTimeout(end, Math.max(SILENT.leastMs, patience));
  };
  const onMessage = (message: LiveMessage) => {
    hasSpoken = true;
    failures = 0;
    receive(message);
    liveState.value = 'connected';
    liveWay.value = WAYS[way].name;
    expectMore();
  };
  expectMore();
  connection = WAYS[way].open(queryOf, { onMessage, onEnd: end });
}

let watchers = 0;

/** In sight it is listened to; out of sight not for long. */
function onVisibility(): void {
  clearTimeout(timers.hiding);
  if (document.hidden) timers.hiding = setTimeout(rest, HIDDEN_MS);
  else if (!connection && !timers.retry) connect(0);
}

function rest(): void {
  disconnect();
  liveState.value = 'connecting';
}

/** Listens to the feed while the caller does. @returns what ends that */
export function watchLive(): () => void {
  watchers += 1;
  if (watchers === 1) {
    document.addEventListener('visibilitychange', onVisibility);
    onVisibility();
  }
  return () => {
    watchers -= 1;
    if (watchers > 0) return;
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(timers.hiding);
    rest();
  };
}

/** What a page brought with it: the line is on the screen before a connection is there. */
export function startLiveFeed(): void {
  effect(() => {
    const shown = screen.value;
    if (shown.state === 'ready' && shown.page === 'live') receive(shown.answer);
  });
}
