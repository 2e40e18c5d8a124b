import { describe, expect, test } from 'vitest';
import type { HostEvent } from '../../../server/domain/events.ts';
import {
  eventsOfGaps,
  eventText,
  MOST_EVENTS,
  newestEvents,
  oomKills,
} from '../../../server/domain/events.ts';

const MINUTE = 60_000;
const NIGHT = Date.parse('2026-01-15T03:12:00Z');
const at = (minute: number) => NIGHT + minute * MINUTE;
const kill = (from: number, to: number, count: number): HostEvent => ({
  ...{ t: at(from), to: at(to), kind: 'oom_kill', count },
});

describe('processes killed for lack of memory', () => {
  test('are the increases of the kernel’s counter', () => {
    const t = [0, 1, 2, 3].map(at);
    expect(oomKills(t, [5, 5, 7, 8], new Set())).toEqual([kill(1, 2, 2), kill(2, 3, 1)]);
  });

  test('are not what a counter says after a reboot, and nothing where it is unknown or went back', () => {
    const t = [0, 1, 2, 3, 4].map(at);
    expect(oomKills(t, [0, 3, Number.NaN, 4, 1], new Set([at(1)]))).toEqual([]);
  });
});

describe('events', () => {
  test('tell a reboot apart from a gap, and keep why nothing was recorded', () => {
    const gaps = [
      { from: at(0), to: at(10), reason: 'suspend' as const },
      { from: at(20), to: at(21), reason: 'reboot' as const },
    ];
    expect(eventsOfGaps(gaps)).toEqual([
      { t: at(0), to: at(10), kind: 'gap', reason: 'suspend' },
      { t: at(20), to: at(21), kind: 'reboot' },
    ]);
  });

  test('are told oldest first, and of too many the newest', () => {
    const many = Array.from({ length: MOST_EVENTS + 3 }, (_, minute) => kill(minute, minute + 1, 1));
    const told = newestEvents([...many].reverse());
    expect(told).toEqual(many.slice(3));
  });
});

describe('the text of an event', () => {
  test.for<[HostEvent, string]>([
    [kill(0, 1, 2), '2 processes were killed for lack of memory between 03:12:00 and 03:13:00'],
    [kill(0, 1, 1), '1 process was killed for lack of memory between 03:12:00 and 03:13:00'],
    [
      { t: at(0), to: at(30), kind: 'gap', reason: 'stopped' },
      'Nothing was recorded between 03:12:00 and 03:42:00',
    ],
    [
      { t: at(0), to: at(30), kind: 'gap', reason: 'suspend' },
      'Nothing was recorded (the host was suspended) between 03:12:00 and 03:42:00',
    ],
    [{ t: at(0), to: at(2), kind: 'reboot' }, 'The host was started anew between 03:12:00 and 03:14:00'],
    [{ t: at(0), kind: 'exit', pid: 812 }, 'Process 812 ended at 03:12:00'],
    [
      kill(0, 24 * 60, 3),
      '3 processes were killed for lack of memory between 2026-01-15 03:12:00 and 2026-01-16 03:12:00',
    ],
  ])('%o is "%s"', ([event, text]) => {
    expect(eventText(event, 'UTC')).toBe(text);
  });

  test('has times of the zone that is asked for', () => {
    expect(eventText(kill(0, 1, 2), '+02:00')).toMatch(/between 05:12:00 and 05:13:00$/);
  });
});
