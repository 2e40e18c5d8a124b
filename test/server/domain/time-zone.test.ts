import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WallTime } from '../../../server/domain/time-zone.ts';
import {
  instantFromWall,
  isTimeZone,
  localTimeZone,
  utcFromWall,
  wallTimeAt,
  zoneOffset,
} from '../../../server/domain/time-zone.ts';

/** `2026-03-29 02:30:00.000` ⇄ wall time. */
function wall(text: string): WallTime {
  const [year, month, day, hour, minute, second, millisecond] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute, second: second ?? 0, millisecond: millisecond ?? 0 };
}

function instantIn(zone: string, text: string): string | null {
  const t = instantFromWall(wall(text), zone);
  return t === null ? null : new Date(t).toISOString();
}

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  '+05:45',
];
const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2037, 11, 31) });

describe('a wall time in a zone', () => {
  test.each([
    ['Europe/Berlin', 'in winter', '2026-01-15 12:00', '2026-01-15T11:00:00.000Z'],
    ['Europe/Berlin', 'in summer', '2026-07-15 12:00', '2026-07-15T10:00:00.000Z'],
    ['America/New_York', 'in winter', '2026-01-15 12:00', '2026-01-15T17:00:00.000Z'],
    ['America/New_York', 'in summer', '2026-07-15 12:00', '2026-07-15T16:00:00.000Z'],
    ['Australia/Lord_Howe', 'in its summer (+11)', '2026-01-15 12:00', '2026-01-15T01:00:00.000Z'],
    ['Australia/Lord_Howe', 'in its winter (+10:30)', '2026-07-15 12:00', '2026-07-15T01:30:00.000Z'],
    ['Pacific/Kiritimati', 'a day ahead (+14)', '2026-01-15 00:30', '2026-01-14T10:30:00.000Z'],
    ['+05:45', 'a fixed offset', '2026-01-15 12:00', '2026-01-15T06:15:00.000Z'],
    ['UTC', 'with milliseconds', '2026-01-15 12:00:07.089', '2026-01-15T12:00:07.089Z'],
  ])('%s %s: %s is %s', (name, _, text, expected) => {
    expect(instantIn(name, text)).toBe(expected);
  });
});

describe('the wall time of an instant', () => {
  test('is what the zone data of the runtime says, in every zone that it knows', () => {
    const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const any = fc.oneof(instant, fc.integer({ min: Date.UTC(1890, 0), max: Date.UTC(1975, 0) }));
    fc.assert(
      fc.property(any, anyZone, fc.nat(QUARTER - 1), (t, name, later) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone: name,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        // What is remembered of an instant tells its neighbours in the same quarter of an hour.
        for (const at of [t, Math.floor(t / QUARTER) * QUARTER + later]) {
          const told = new Date(utcFromWall(wallTimeAt(at, name)) ?? 0).toISOString();
          expect(told.slice(0, 19).replace('T', ' ')).toBe(format.format(at));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a wall time that comes twice, when summer time ends,', () => {
  test.each([
    ['Europe/Berlin', '2026-10-25 01:59:59', '2026-10-24T23:59:59.000Z', 'the second before'],
    ['Europe/Berlin', '2026-10-25 02:00', '2026-10-25T00:00:00.000Z', 'first occurrence'],
    ['Europe/Berlin', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z', 'first occurrence'],
    ['Europe/Berlin', '2026-10-25 02:59:59.999', '2026-10-25T00:59:59.999Z', 'first occurrence'],
    ['Europe/Berlin', '2026-10-25 03:00', '2026-10-25T02:00:00.000Z', 'unique again'],
    ['America/New_York', '2026-11-01 00:59:59', '2026-11-01T04:59:59.000Z', 'the second before'],
    ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30:00.000Z', 'first occurrence'],
    ['America/New_York', '2026-11-01 02:00', '2026-11-01T07:00:00.000Z', 'unique again'],
    ['Australia/Lord_Howe', '2026-04-05 01:29:59', '2026-04-04T14:29:59.000Z', 'the second before'],
    [
      'Australia/Lord_Howe',
      '2026-04-05 01:45',
      '2026-04-04T14:45:00.000Z',
      'first occurrence (half an hour)',
    ],
    ['Australia/Lord_Howe', '2026-04-05 02:00', '2026-04-04T15:30:00.000Z', 'unique again'],
  ])('is its first occurrence: %s %s is %s (%s)', (name, text, expected) => {
    expect(instantIn(name, text)).toBe(expected);
  });
});

describe('a wall time that clocks skip, when summer time begins,', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z', 'the second before'],
    ['Europe/Berlin', '2026-03-29 02:00', '2026-03-29T01:00:00.000Z', 'skipped'],
    ['Europe/Berlin', '2026-03-29 02:30', '2026-03-29T01:30:00.000Z', 'skipped'],
    ['Europe/Berlin', '2026-03-29 03:00', '2026-03-29T01:00:00.000Z', 'after'],
    ['America/New_York', '2026-03-08 02:30', '2026-03-08T07:30:00.000Z', 'skipped'],
    ['America/New_York', '2026-03-08 03:00', '2026-03-08T07:00:00.000Z', 'after'],
    ['Australia/Lord_Howe', '2026-10-04 02:15', '2026-10-03T15:45:00.000Z', 'skipped (half an hour)'],
    ['Australia/Lord_Howe', '2026-10-04 02:30', '2026-10-03T15:30:00.000Z', 'after'],
    ['Pacific/Apia', '2011-12-30 12:00', '2011-12-30T22:00:00.000Z', 'a whole skipped day'],
  ])('is read with the offset from before: %s %s is %s (%s)', (name, text, expected) => {
    expect(instantIn(name, text)).toBe(expected);
  });
});

describe('a day or second that does not exist', () => {
  test.each([
    '2026-02-29 12:00',
    '2100-02-29 00:00',
    '2026-02-30 12:00',
    '2026-04-31 12:00',
    '2026-13-01 12:00',
    '2026-00-10 12:00',
    '2026-01-00 12:00',
    '2026-01-32 12:00',
    '2026-01-15 24:00',
    '2026-01-15 12:60',
    '2026-12-31 23:59:60',
  ])('is no instant: %s', (text) => {
    expect(instantIn('Europe/Berlin', text)).toBeNull();
    expect(utcFromWall(wall(text))).toBeNull();
  });

  test.each(['2024-02-29 12:00', '2000-02-29 00:00', '1970-01-01 00:00', '9999-12-31 23:59:59'])(
    'is not confused with one that does: %s',
    (text) => {
      expect(instantIn('UTC', text)).not.toBeNull();
    },
  );
});

describe('every instant', () => {
  test('is shown by a clock from which the first instant with that wall time is found again', () => {
    const QUARTER = HOUR / 4;
    fc.assert(
      fc.property(instant, zone, (t, name) => {
        const shown = wallTimeAt(t, name);
        const found = instantFromWall(shown, name) ?? Number.NaN;
        const same = (at: number) => JSON.stringify(wallTimeAt(at, name)) === JSON.stringify(shown);
        expect(same(found)).toBe(true);
        const earlier = Array.from({ length: 12 }, (_, k) => t - (k + 1) * QUARTER).filter(same);
        expect(found).toBe(Math.min(t, ...earlier));
      }),
      { numRuns: 400 },
    );
  });

  test('near a change of clocks too', () => {
    const changes = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'];
    const halfHours = ['2026-04-04T15:00Z', '2026-10-03T15:30Z'];
    const near = fc
      .tuple(fc.constantFrom(...changes, ...halfHours), fc.integer({ min: -2 * HOUR, max: 2 * HOUR }))
      .map(([change, shift]) => Date.parse(change) + shift);
    const changing = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(near, changing, (t, name) => {
        const found = instantFromWall(wallTimeAt(t, name), name) ?? Number.NaN;
        expect([t, t - HOUR, t - HOUR / 2]).toContain(found);
        expect(wallTimeAt(found, name)).toEqual(wallTimeAt(t, name));
        if (found === t) return;
        expect(zoneOffset(found, name) - zoneOffset(t, name)).toBe(t - found);
      }),
      { numRuns: 1000 },
    );
  });

  test('is its own wall time in UTC, before 1970 too', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9999, 0) }), (t) => {
        expect(utcFromWall(wallTimeAt(t, 'UTC'))).toBe(t);
        expect(zoneOffset(t, 'UTC')).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', '+02:00', '-0330', '+14', localTimeZone()])(
    'is known by its name: %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  test.each(['', 'Nowhere/Atlantis', 'local', '+25:00', '../../etc/passwd', '__proto__'])(
    'is refused where the runtime does not know it: %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
