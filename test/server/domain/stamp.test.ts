import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatInstant,
  formatStamp,
  instantOfStamp,
  lastAtClock,
  parseInstantQuery,
  parseStamp,
} from '../../../server/domain/stamp.ts';

const BERLIN = 'Europe/Berlin';

function instantOf(text: string, zone = BERLIN): string | null {
  const stamp = parseStamp(text);
  const t = stamp && instantOfStamp(stamp, zone);
  return t === null ? null : new Date(t).toISOString();
}

/** `from` and `to` of what a query means, ISO; for the other kinds the query itself. */
function meaning(text: string, zone = BERLIN): unknown {
  const query = parseInstantQuery(text, zone);
  if (query?.kind !== 'at') return query;
  return [query.from, query.to].map((t) => new Date(t).toISOString());
}

/** A whole second of 2026-01-15 as a query means it. */
function wholeSecond(time: string): string[] {
  return [`2026-01-15T${time}.000Z`, `2026-01-15T${time}.999Z`];
}

function exactly(iso: string): string[] {
  return [iso, iso];
}

describe('a stamp', () => {
  test.each([
    ['20260115_120000Z', '2026-01-15T12:00:00.000Z', 'UTC'],
    ['20260115_120000_007Z', '2026-01-15T12:00:00.007Z', 'UTC with milliseconds'],
    ['20260115_120000', '2026-01-15T11:00:00.000Z', 'local time'],
    ['20260715_120000_250', '2026-07-15T10:00:00.250Z', 'local time with milliseconds'],
    ['20261025_023000', '2026-10-25T00:30:00.000Z', 'ambiguous local time: its first occurrence'],
    ['20260329_023000', '2026-03-29T01:30:00.000Z', 'a local time that clocks skip'],
    ['19700101_000000Z', '1970-01-01T00:00:00.000Z', 'the epoch'],
    ['20240229_235959Z', '2024-02-29T23:59:59.000Z', 'a leap day'],
  ])('%s is %s (%s)', (text, expected) => {
    expect(instantOf(text)).toBe(expected);
  });

  test.each([
    '21000229_000000Z',
    '20260230_120000',
    '20261301_120000',
    '20260115_240000',
    '20260115_126000',
    '20260115_120060Z',
    '20260115',
    '20260115_1200',
    '20260115_120000_7Z',
    '20260115_120000_0007Z',
    '20260115_120000z',
    '20260115_120000+01',
    ' 20260115_120000',
    '20260115_120000\n',
    '2026-01-15_120000',
    '٢٠٢٦٠١١٥_120000',
    '',
  ])('is not made of %j', (text) => {
    expect(parseStamp(text)).toBeNull();
  });

  test('is written in UTC, with milliseconds where they are asked for', () => {
    const t = Date.UTC(2026, 0, 5, 3, 4, 5, 6);
    expect(formatStamp(t)).toBe('20260105_030405Z');
    expect(formatStamp(t, true)).toBe('20260105_030405_006Z');
  });

  test('read again is the instant that was written, in any zone', () => {
    const instants = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(9999, 11, 31) });
    const zones = fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(instants, zones, (t, zone) => {
        expect(instantOf(formatStamp(t, true), zone)).toBe(formatInstant(t));
        expect(instantOf(formatStamp(t), zone)).toBe(formatInstant(Math.floor(t / 1000) * 1000));
      }),
    );
  });

  test('sorts as text like its instant', () => {
    const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(formatStamp(a, true) < formatStamp(b, true)).toBe(a < b);
      }),
    );
  });
});

test('an instant in JSON is ISO 8601 UTC with milliseconds', () => {
  expect(formatInstant(Date.UTC(2026, 0, 15, 12))).toBe('2026-01-15T12:00:00.000Z');
});

describe('`ts`, `from` and `to`', () => {
  test.each<[string, unknown, string]>([
    ['latest', { kind: 'latest' }, 'the newest sample'],
    ['20260115_120000Z', wholeSecond('12:00:00'), 'stamp: a whole second'],
    ['20260115_120000', wholeSecond('11:00:00'), 'stamp in the zone of the folder'],
    ['20260115_120000_500Z', exactly('2026-01-15T12:00:00.500Z'), 'stamp with milliseconds: that one'],
    ['20260115_120000_000', exactly('2026-01-15T11:00:00.000Z'), 'stamp with zero milliseconds: that one'],
    ['2026-01-15T12:00:00.500Z', exactly('2026-01-15T12:00:00.500Z'), 'ISO 8601'],
    ['2026-01-15T12:00:00.000Z', exactly('2026-01-15T12:00:00.000Z'), 'ISO 8601 as the API writes it'],
    ['2026-01-15T12:00:00Z', wholeSecond('12:00:00'), 'ISO without milliseconds: a whole second'],
    ['2026-01-15T12:00Z', wholeSecond('12:00:00'), 'ISO without seconds'],
    ['2026-01-15t12:00:00z', wholeSecond('12:00:00'), 'ISO in small letters'],
    ['2026-01-15 12:00:00Z', wholeSecond('12:00:00'), 'ISO with a space'],
    ['2026-01-15T12:00:00', wholeSecond('11:00:00'), 'ISO without a zone: that of the folder'],
    ['2026-01-15T12:00:00+02:00', wholeSecond('10:00:00'), 'ISO with an offset'],
    ['2026-01-15T12:00:00-0530', wholeSecond('17:30:00'), 'ISO with a short offset'],
    ['2026-01-15T12:00:00.5Z', exactly('2026-01-15T12:00:00.500Z'), 'tenths'],
    ['2026-01-15T12:00:00.123456Z', exactly('2026-01-15T12:00:00.123Z'), 'microseconds'],
    ['2026-10-25T02:30:00.000', exactly('2026-10-25T00:30:00.000Z'), 'ambiguous: first occurrence'],
    ['1768478400000', exactly('2026-01-15T12:00:00.000Z'), 'epoch milliseconds'],
    ['0', exactly('1970-01-01T00:00:00.000Z'), 'the epoch'],
    ['8640000000000000', exactly('+275760-09-13T00:00:00.000Z'), 'the last instant there is'],
    ['-3m', { kind: 'before-newest', ms: 180_000 }, 'before the newest sample'],
    ['-90m', { kind: 'before-newest', ms: 5_400_000 }, ''],
    ['-1.5h', { kind: 'before-newest', ms: 5_400_000 }, ''],
    ['-250ms', { kind: 'before-newest', ms: 250 }, ''],
    ['-1.1s', { kind: 'before-newest', ms: 1100 }, 'whole milliseconds'],
    ['-10s', { kind: 'before-newest', ms: 10_000 }, ''],
    ['-2d', { kind: 'before-newest', ms: 172_800_000 }, ''],
    ['-1w', { kind: 'before-newest', ms: 604_800_000 }, ''],
    ['-0s', { kind: 'before-newest', ms: 0 }, ''],
  ])('may be %s', (text, expected) => {
    expect(meaning(text)).toEqual(expected);
  });

  test.each([
    '',
    ' ',
    'LATEST',
    'now',
    'yesterday',
    'NaN',
    'Infinity',
    '1e12',
    '12.5',
    '-3',
    '-3y',
    '--3m',
    '3m',
    '- 3m',
    '8640000000000001',
    '9999999999999999',
    '99999999999999999999',
    `-${'9'.repeat(20)}w`,
    `-${'9'.repeat(400)}d`,
    '2026-02-30T12:00:00Z',
    '2026-01-15T24:00:00Z',
    '2026-01-15T12:60:00Z',
    '2026-01-15T12:00:60Z',
    '2026-01-15T12:00:00+24:00',
    '2026-01-15T12:00:00+01:60',
    '2026-01-15T12:00:00+99:99',
    '2026-01-15T12:00:00 Europe/Berlin',
    '2026-01-15T12:00:00Zx',
    '20260230_120000',
    '../../etc/passwd',
    '<script>',
    '__proto__',
    'latest\n',
  ])('may not be %j', (text) => {
    expect(parseInstantQuery(text, BERLIN)).toBeNull();
  });

  test('may be a time of day, which is the last one in that zone up to the newest sample', () => {
    const query = parseInstantQuery('03:12', BERLIN);
    expect(query).toEqual({ kind: 'clock', msOfDay: (3 * 60 + 12) * 60_000, zone: BERLIN });
    const at = (newest: string, clock: string, zone = 'UTC') => {
      const asked = parseInstantQuery(clock, zone);
      return asked?.kind === 'clock'
        ? formatInstant(lastAtClock(asked.msOfDay, Date.parse(newest), zone))
        : null;
    };
    expect(at('2026-01-15T20:00:00Z', '03:12')).toBe('2026-01-15T03:12:00.000Z');
    expect(at('2026-01-15T03:12:00Z', '03:12')).toBe('2026-01-15T03:12:00.000Z');
    expect(at('2026-01-15T03:11:59Z', '03:12')).toBe('2026-01-14T03:12:00.000Z');
    expect(at('2026-03-01T00:00:00Z', '23:59:59')).toBe('2026-02-28T23:59:59.000Z');
    expect(at('2026-01-15T20:00:00Z', '20:30', BERLIN)).toBe('2026-01-15T19:30:00.000Z');
    // The night in which summer time ends has 25 hours.
    expect(at('2026-10-25T22:30:00Z', '23:45', BERLIN)).toBe('2026-10-24T21:45:00.000Z');
    for (const odd of ['24:00', '3:12', '03:60', '03:12:60'])
      expect(parseInstantQuery(odd, 'UTC')).toBeNull();
  });

  test('never mean an instant that cannot be written', () => {
    const digits = fc.stringMatching(/^-?\d{1,20}(ms|s|m|h|d|w)?$/);
    fc.assert(
      fc.property(digits, (text) => {
        const query = parseInstantQuery(text, 'UTC');
        if (query?.kind === 'at') expect(() => formatInstant(query.from)).not.toThrow();
        if (query?.kind === 'before-newest') expect(() => formatInstant(Date.now() - query.ms)).not.toThrow();
      }),
    );
  });

  test('take back every instant that the API gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9999, 11) }), (t) => {
        expect(parseInstantQuery(formatInstant(t), BERLIN)).toEqual({ kind: 'at', from: t, to: t });
      }),
    );
  });
});
