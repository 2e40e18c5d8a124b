import type { EventKind, HostEvent } from '../../server/domain/events.ts';
import { eventText } from '../../server/domain/events.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { EventView } from '../../server/interfaces/http/schemas/events.ts';
import { countOf } from '../lib/numbers.ts';
import { zone } from '../lib/reader.ts';
import { Moment } from './figures.tsx';

/** What happened in the range, each with a way to the moment. */

interface EventListProps {
  readonly events: readonly EventView[];
  /** Where a moment is looked at. */
  readonly hrefAt: (t: number) => string;
}

/** So many are read at a glance; more are folded, so that they do not push the charts away. */
const MOST_OPEN = 5;
const MOST_LISTED = 100;

const NAMES: Readonly<Record<EventKind, readonly [one: string, more: string]>> = {
  oom_kill: ['OOM kill', 'OOM kills'],
  alert: ['alert', 'alerts'],
  reboot: ['reboot', 'reboots'],
  gap: ['gap', 'gaps'],
  start: ['start', 'starts'],
  exec: ['exec', 'execs'],
  exit: ['exit', 'exits'],
};

/** `2 OOM kills, 1 reboot, 1 gap` */
function countsOf(events: readonly EventView[]): string {
  const counts = new Map<EventKind, number>();
  for (const { kind, count = 1 } of events) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return (Object.keys(NAMES) as EventKind[])
    .flatMap((kind) => {
      const count = counts.get(kind);
      return count ? [countOf(count, ...NAMES[kind])] : [];
    })
    .join(', ');
}

function Item({ event, hrefAt }: { readonly event: EventView } & Pick<EventListProps, 'hrefAt'>) {
  const { t, to, kind } = event;
  return (
    <li data-kind={kind}>
      <a href={hrefAt(t)}>
        <Moment at={t} />
      </a>{' '}
      {eventText(event as HostEvent, zone.value)}
      {to !== undefined && kind === 'gap' ? (
        <span class="muted"> ({formatDuration((to - t) / 1000)})</span>
      ) : null}
    </li>
  );
}

export function EventList({ events, hrefAt }: EventListProps) {
  if (events.length === 0) return null;
  const listed = events.slice(-MOST_LISTED);
  return (
    <details class="events" open={events.length <= MOST_OPEN}>
      <summary>In this range: {countsOf(events)}</summary>
      <ul>
        {listed.map((event) => (
          <Item key={`${event.kind} ${event.t}`} event={event} hrefAt={hrefAt} />
        ))}
      </ul>
      {listed.length < events.length ? (
        <p class="muted">
          The newest {listed.length} of {events.length} that are known.
        </p>
      ) : null}
    </details>
  );
}
