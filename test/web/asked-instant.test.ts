import { expect, test } from 'vitest';
import { askedInstant } from '../../web/lib/asked-instant.ts';
import { nothingRecorded } from '../../web/lib/gap-text.ts';

const newest = Date.UTC(2026, 0, 15, 12);

test.each([
  ['2026-01-15T10:00:00Z', 'UTC', Date.UTC(2026, 0, 15, 10, 0, 0, 999)],
  ['2026-01-15T10:00:00.250Z', 'UTC', Date.UTC(2026, 0, 15, 10, 0, 0, 250)],
  ['20260115_100000', 'Europe/Berlin', Date.UTC(2026, 0, 15, 9, 0, 0, 999)],
  [String(newest), 'UTC', newest],
  ['-3m', 'UTC', newest - 180_000],
  ['12:30', 'Europe/Berlin', Date.UTC(2026, 0, 15, 11, 30, 0, 999)],
  ['12:30', 'UTC', Date.UTC(2026, 0, 14, 12, 30, 0, 999)],
  ['latest', 'UTC', newest],
  [undefined, 'UTC', newest],
  ['yesterday', 'UTC', null],
])('%s in %s means the instant that the server takes it for', (ts, zone, expected) => {
  expect(askedInstant(ts, zone, newest)).toBe(expected);
});

test('without a newest sample only absolute instants are known', () => {
  expect(askedInstant('-3m', 'UTC', null)).toBeNull();
  expect(askedInstant('2026-01-15T10:00:00.250Z', 'UTC', null)).toBe(Date.UTC(2026, 0, 15, 10, 0, 0, 250));
});

test('a gap is told with its day where it ends on another', () => {
  const gap = { from: '2026-01-14T23:50:00.000Z', to: '2026-01-15T00:10:00.000Z', reason: 'suspend' };
  const words = nothingRecorded(gap, Date.parse(gap.from));
  expect(words).toMatch(/^Nothing recorded .*:50:00–.*:10:00 \(the host was suspended\)\.$/);
});
