import type { HostEvent } from '../domain/events.ts';
import { findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseRange, neighboursOf } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { livesOf } from './choose-process.ts';
import type { EventsOf, EventView } from './event-views.ts';
import { eventViews, hostEvents, NOTHING_ELSE } from './event-views.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, InstantRange, Life } from './ports.ts';

export interface EventsRequest extends SnapshotsRequest, ProcessRequest {}

export interface EventsView {
  readonly host: string;
  readonly events: EventView[];
  readonly total: number;
}

async function eventsOfHost(
  history: History,
  host: string,
  range: InstantRange,
): Promise<readonly HostEvent[]> {
  const spine = history.spine(host);
  const gaps = findGaps(spine, firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to));
  return hostEvents(await history.readSystem(host, ['oom_kill'], range), gaps);
}

function isWithin({ from, to }: InstantRange, t: number): boolean {
  return from <= t && t <= to;
}

/** Start, new commands and end of a life. When it ended lies between its last sample and the next of the host. */
async function eventsOfLife(
  history: History,
  host: string,
  life: Life,
  range: InstantRange,
): Promise<readonly HostEvent[]> {
  const { pid, key, cmd } = life;
  const changes = await history.readCommandChanges(host, life.id, range);
  const { next } = neighboursOf(history.spine(host), life.lastSeen);
  const all: HostEvent[] = [
    { t: life.started, kind: 'start', pid, key },
    ...changes.map((change): HostEvent => {
      const { before, t: to } = change;
      return { t: before, to, kind: 'exec', pid, key, cmd: change.cmd };
    }),
    ...(next === null ? [] : [{ t: life.lastSeen, to: next, kind: 'exit' as const, pid, key, cmd }]),
  ];
  return all.filter(({ t, to = t }) => isWithin(range, t) && isWithin(range, to));
}

/** The lives that are asked for: one by its key, or all of a pid. */
async function livesAsked(
  history: History,
  host: string,
  request: ProcessRequest,
  range: InstantRange,
): Promise<readonly Life[]> {
  if (request.pid === undefined && request.key === undefined) return [];
  const { life, lives } = await livesOf(history, host, request, range.to);
  const asked = life ? [life] : await lives;
  return asked.filter(({ started, lastSeen }) => started <= range.to && range.from <= lastSeen);
}

/**
 * What happened to the host in a range, and to a process where one is named.
 * @throws MemoryInspectorError `no_system_dumps`, `unknown_host`, `bad_parameter`, `no_data_for_pid`
 */
export async function viewEvents(
  history: History,
  request: EventsRequest,
  zone: string,
  alertsOf: EventsOf = NOTHING_ELSE,
): Promise<EventsView> {
  const host = chooseHost(history, request.host, 'system');
  const range = chooseRange(history.spine(host), request, zone);
  const lives = await livesAsked(history, host, request, range);
  const ofLives = await Promise.all(lives.map((life) => eventsOfLife(history, host, life, range)));
  const ofHost = [...(await eventsOfHost(history, host, range)), ...(await alertsOf(host, range))];
  const events = [...ofHost, ...ofLives.flat()];
  return { host, events: eventViews(events, zone), total: events.length };
}
