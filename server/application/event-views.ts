import type { HostEvent } from '../domain/events.ts';
import { eventsOfGaps, eventText, newestEvents, oomKills } from '../domain/events.ts';
import type { Gap } from '../domain/timeline.ts';
import type { SystemSeries } from './ports.ts';

export interface EventView extends HostEvent {
  readonly text: string;
}

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
