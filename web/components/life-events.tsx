import type { EventView } from '../../server/interfaces/http/schemas/events.ts';
import { countOf } from '../lib/numbers.ts';
import { processName } from '../lib/process-text.ts';
import { Moment } from './figures.tsx';

/** What the marks of a chart stand for, in words. */

function What({ kind, cmd = null, count = 1 }: EventView) {
  if (kind === 'exec') {
    return (
      <>
        became <span class="cmd whole">{processName({ cmd }).text}</span>
      </>
    );
  }
  return <>{countOf(count, 'process', 'processes')} of the host killed for lack of memory</>;
}

export function LifeEvents({ events }: { readonly events: readonly EventView[] }) {
  if (events.length === 0) return null;
  return (
    <details class="gaps" open={events.length <= 3}>
      <summary>{countOf(events.length, 'event', 'events')} marked</summary>
      <ul>
        {events.map((event) => (
          <li key={`${event.kind} ${event.t}`}>
            {event.to === undefined ? null : (
              <>
                <Moment at={event.t} /> –{' '}
              </>
            )}
            <Moment at={event.to ?? event.t} beside={event.t} />{' '}
            <span class="muted">
              <What {...event} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
