import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalInstant,
  formatAge,
  formatMoment,
  formatMomentBeside,
  localizeInstants,
  openZoneShift,
  zoneLabel,
} from '../../web/lib/time.ts';

const BERLIN = 'Europe/Berlin';
/** Clocks there go from 02:00 to 03:00, and from 03:00 back to 02:00. */
const SPRING = Date.parse('2026-03-29T01:00:00Z');
const AUTUMN = Date.parse('2026-10-25T01:00:00Z');
const DAY = 86_400_000;

describe('A chart axis in a time zone', () => {
  const zones = fc.constantFrom(BERLIN, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
  const aroundChange = fc.integer({ min: -2 * DAY, max: 2 * DAY });

  test.each([
    ['begins', SPRING],
    ['ends', AUTUMN],
  ])('gives back every instant where summer time %s', (_, change) => {
    fc.assert(
      fc.property(zones, aroundChange, aroundChange, (zone, end, offset) => {
        const { toAxis, fromAxis } = openZoneShift(zone, change + end);
        const t = change + offset;
        expect(fromAxis(toAxis(t))).toBe(t);
      }),
    );
  });

  test('never runs backwards and never jumps, whatever the clocks do', () => {
    const { toAxis } = openZoneShift(BERLIN, AUTUMN + DAY);
    const drawnAt = (t: number) => Date.parse(`${toAxis(t).replace(' ', 'T')}Z`);
    for (let t = AUTUMN - DAY; t < AUTUMN + DAY; t += 60_000)
      expect(drawnAt(t + 60_000) - drawnAt(t)).toBe(60_000);
  });

  test('shows the wall time of its end, and says so', () => {
    const end = AUTUMN + DAY;
    const { toAxis, label } = openZoneShift(BERLIN, end);
    expect(toAxis(end).slice(0, 19)).toBe(formatMoment(end, BERLIN));
    expect(label).toBe('Europe/Berlin, UTC+01:00');
  });

  test('reads the short forms in which an axis writes midnight and full minutes', () => {
    const { fromAxis } = openZoneShift('UTC', SPRING);
    expect(fromAxis('2026-03-29')).toBe(Date.parse('2026-03-29T00:00:00Z'));
    expect(fromAxis('2026-03-29 01:30')).toBe(Date.parse('2026-03-29T01:30:00Z'));
    expect(fromAxis('2026-03-29 01:30:15.2346')).toBe(Date.parse('2026-03-29T01:30:15.234Z'));
  });
});

describe('An instant', () => {
  const t = Date.parse('2026-03-29T01:00:05.250Z');

  test('is written in the zone, on both sides of a change of clocks', () => {
    expect(formatMoment(t, BERLIN)).toBe('2026-03-29 03:00:05');
    expect(formatMoment(t - 3_600_000, BERLIN)).toBe('2026-03-29 01:00:05');
    expect(zoneLabel(t, 'Asia/Kolkata')).toBe('Asia/Kolkata, UTC+05:30');
    expect(zoneLabel(t, 'UTC')).toBe('UTC');
  });

  test('beside another does not repeat the day', () => {
    expect(formatMomentBeside(t, t + 60_000, BERLIN)).toBe('03:00:05');
    expect(formatMomentBeside(t, t + DAY, BERLIN)).toBe('2026-03-29 03:00:05');
  });

  test.each([
    ['2026-03-29 03:00:05', '2026-03-29T01:00:05Z'],
    ['20260329_030005', '2026-03-29T01:00:05Z'],
    ['2026-03-29T03:00:05.250', '2026-03-29T01:00:05.250Z'],
    ['2026-03-29T01:00:05Z', '2026-03-29T01:00:05Z'],
    ['1774746005250', '2026-03-29T01:00:05.250Z'],
    ['03:00', '2026-03-29T01:00:00Z'],
    ['03:00:06', '2026-03-28T02:00:06Z'],
    ['-3m', '-3m'],
    ['latest', 'latest'],
    ['yesterday', 'yesterday'],
  ])('typed as %s goes into the URL as %s', (typed, expected) => {
    expect(canonicalInstant(typed, t, BERLIN)).toBe(expected);
  });

  test('typed as a time of day stays as it is where no sample says of which day', () => {
    expect(canonicalInstant('03:00', null, BERLIN)).toBe('03:00');
  });

  test('in a sentence of the server is shown in this zone', () => {
    const text = 'Not alive at 2026-03-29T01:00:05.250Z. Nearest: 2026-03-29T00:00:00Z.';
    expect(localizeInstants(text, BERLIN)).toBe(
      'Not alive at 2026-03-29 03:00:05. Nearest: 2026-03-29 01:00:00.',
    );
  });

  test.each([
    [-5, '0 s'],
    [4200, '4 s'],
    [59_999, '1 min'],
    [7_300_000, '2 h'],
    [3 * DAY, '3 d'],
  ])('%d ms ago is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});
