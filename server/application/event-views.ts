import type { HostEvent } from '../domain/events.ts';
import { eventsOfGaps, eventText, newestEvents, oomKills } from '../domain/events.ts';
import type { Gap } from '../domain/timeline.ts';
import type { InstantRange, SystemSeries } from './ports.ts';

export interface EventView extends HostEvent {
  readonly text: string;
}

/** What else happened to a host in a stretch of time, beside what its samples say by themselves. */
export type EventsOf = (host: string, range: InstantRange) => Promise<readonly HostEvent[]>;

export const NOTHING_ELSE: EventsOf = async () => [];

/** What happened to the host: gaps, reboots, processes killed for lack of memory. */
export function hostEvents(
  { t, values }: SystemSeries<'oom_kill'>,
  gaps: readonly Gap[],
): readonly HostEvent[] {
  const reboots = new Set(gaps.flatMap(({ to, reason }) => (reason === 'reboot' ? to : [])));
  return [...eventsOfGaps(gaps), ...oomKills(t, values.oom_kill, reboots)];
}

/** Oldest first; of too many the newest. */
export function eventViews(events: readonly HostEvent[], zone: string): EventView[] {
  return newestEvents(events).map((event) => ({ ...event, text: eventText(event, zone) }));
}
