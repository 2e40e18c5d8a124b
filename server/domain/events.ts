import { formatMomentBeside } from './moment.ts';
import type { Gap, GapReason } from './timeline.ts';

/** What happens to a host or a process, as charts mark it. */

export const EVENT_KINDS = ['gap', 'reboot', 'oom_kill', 'alert', 'start', 'exec', 'exit'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface HostEvent {
  /** Epoch ms; of a stretch its begin. */
  readonly t: number;
  /** End of a stretch. */
  readonly to?: number;
  readonly kind: EventKind;
  /** Of a gap. */
  readonly reason?: GapReason;
  /** Of oom_kill: how many processes. */
  readonly count?: number;
  readonly pid?: number;
  readonly key?: string;
  /** Dump notation; of an exec the new command. */
  readonly cmd?: string | null;
  /** Of an alert: its rule. */
  readonly rule?: string;
}

/** One answer holds no more: of more, the newest. */
export const MOST_EVENTS = 500;

export function eventsOfGaps(gaps: readonly Gap[]): HostEvent[] {
  return gaps.map(({ from, to, reason }) =>
    reason === 'reboot' ? { t: from, to, kind: 'reboot' } : { t: from, to, kind: 'gap', reason },
  );
}

/**
 * Increases of the kernel's count of processes that it killed for lack of memory, between neighbouring samples of one
 * boot. Each boot counts anew, so what was killed between the last sample and a reboot is not known.
 * @param reboots instants of the first samples of boots
 */
export function oomKills(
  t: ArrayLike<number>,
  counter: ArrayLike<number>,
  reboots: ReadonlySet<number>,
): HostEvent[] {
  const events: HostEvent[] = [];
  for (let at = 1; at < t.length; at++) {
    const count = counter[at] - counter[at - 1];
    if (count > 0 && !reboots.has(t[at])) events.push({ t: t[at - 1], to: t[at], kind: 'oom_kill', count });
  }
  return events;
}

/** Oldest first; of too many the newest. */
export function newestEvents(events: readonly HostEvent[]): HostEvent[] {
  return [...events].sort((a, b) => a.t - b.t).slice(-MOST_EVENTS);
}

const GAP_TEXT: Readonly<Record<GapReason, string>> = {
  stopped: 'nothing was recorded',
  suspend: 'nothing was recorded (the host was suspended)',
  clock: 'nothing was recorded (the clock was set)',
  reboot: 'nothing was recorded (the host was started anew)',
};

/** `2 processes were killed for lack of memory` */
export function killText(count: number): string {
  return count === 1
    ? '1 process was killed for lack of memory'
    : `${count} processes were killed for lack of memory`;
}

const processText = ({ pid }: HostEvent) => `process ${pid}`;

const TEXT: Readonly<Record<EventKind, (event: HostEvent) => string>> = {
  gap: ({ reason = 'stopped' }) => GAP_TEXT[reason],
  reboot: () => 'the host was started anew',
  oom_kill: ({ count = 1 }) => killText(count),
  alert: ({ rule }) => `alert “${rule}”`,
  start: (event) => `${processText(event)} started`,
  exec: (event) => `${processText(event)} became another program`,
  exit: (event) => `${processText(event)} ended`,
};

/** `2 processes were killed for lack of memory between 03:12:00 and 03:13:00`, with days where there are two. */
export function eventText(event: HostEvent, zone: string): string {
  const { t, to } = event;
  const clock = (instant: number, beside: number) => formatMomentBeside(instant, beside, zone);
  const what = TEXT[event.kind](event);
  const when = to === undefined ? `at ${clock(t, t)}` : `between ${clock(t, to)} and ${clock(to, t)}`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} ${when}`;
}
