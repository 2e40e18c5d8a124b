import { DAY_MS } from '../../server/domain/durations.ts';
import type { EventsAnswer, EventView } from '../../server/interfaces/http/schemas/events.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import type { Mark } from '../lib/chart-spec.ts';
import { shortName } from '../lib/process-text.ts';
import type { Span } from '../lib/series.ts';

/** What happened to a process and its host while it lived, for its charts. */

/** Gaps and reboots are bands already; where a life begins and ends is shaded. */
const MARKED: ReadonlySet<EventView['kind']> = new Set(['exec', 'oom_kill']);

type Seen = Pick<PlotAnswer['process'], 'key' | 'first_seen' | 'last_seen'>;

/** What ended a process shows in the first sample after its last, however long that took. */
const AFTERWARDS_MS = DAY_MS;

/** Of the whole life, so that a zoom asks nothing new. */
export function eventsHref(host: string, { key, first_seen: from, last_seen }: Seen): string {
  const to = new Date(Date.parse(last_seen) + AFTERWARDS_MS).toISOString();
  return `/api/v1/events?${new URLSearchParams({ host, key, from, to, format: 'json' })}`;
}

export function whileAlive(
  answer: EventsAnswer | null,
  { last_seen }: Pick<Seen, 'last_seen'>,
): EventsAnswer | null {
  const end = Date.parse(last_seen);
  return answer && { ...answer, events: answer.events.filter(({ t }) => t <= end) };
}

function markText({ kind, cmd = null, count = 1 }: EventView): string {
  if (kind === 'exec') return `exec ${shortName({ cmd })}`;
  return count === 1 ? 'OOM kill' : `${count} OOM kills`;
}

/** At the first sample that shows it, or where the picture ends before that. */
export function markOf(event: EventView, shown: Span): Mark {
  const { t, to = t, kind } = event;
  return { t: Math.min(to, shown.to), text: markText(event), tone: kind === 'oom_kill' ? 'hurt' : 'muted' };
}

export function markedEvents(answer: EventsAnswer | null, { from, to }: Span): readonly EventView[] {
  const inRange = ({ t, to: end = t }: EventView) => from <= end && t <= to;
  return (answer?.events ?? []).filter((event) => MARKED.has(event.kind) && inRange(event));
}

/**
 * When the process lived. Where it is still in the newest sample its end is not known.
 * @param newest instant of the newest sample
 */
export function lifeOf({ process, range }: PlotAnswer, shown: Span, newest: number | null): Span {
  const seen = Date.parse(process.last_seen);
  const end = Math.min(Date.parse(range.to), newest ?? Number.POSITIVE_INFINITY);
  return { from: Date.parse(process.started), to: seen >= end ? shown.to : seen };
}
