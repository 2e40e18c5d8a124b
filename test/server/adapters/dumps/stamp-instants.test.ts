import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStampInstants } from '../../../../server/adapters/dumps/stamp-instants.ts';
import type { Stamp } from '../../../../server/domain/stamp.ts';
import { instantOfStamp, parseStamp } from '../../../../server/domain/stamp.ts';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC',
  'America/St_Johns',
];

function stampOf(text: string): Stamp {
  const stamp = parseStamp(text);
  if (!stamp) throw new Error(`no stamp ${text}`);
  return stamp;
}

test.each(zones)('stamps in %s are the instants that the zone tells, one by one', (zone) => {
  const instantOf = openStampInstants(zone);
  const turns = [20260329, 20261025, 20260308, 20261101, 20260405, 20261004];
  const parts = fc.tuple(fc.constantFrom(...turns), fc.nat(4), fc.nat(59), fc.nat(59), fc.boolean());
  fc.assert(
    fc.property(parts, ([day, hour, minute, second, isUtc]) => {
      const time = [hour, minute, second].map((part) => String(part).padStart(2, '0')).join('');
      const stamp = stampOf(`${day}_${time}${isUtc ? 'Z' : ''}`);
      expect(instantOf(stamp)).toBe(instantOfStamp(stamp, zone));
    }),
    { numRuns: 200 },
  );
});

test('an hour that summer time repeats is its first, one that it skips has the offset from before', () => {
  const instantOf = openStampInstants('Europe/Berlin');
  const iso = (text: string) => new Date(instantOf(stampOf(text)) ?? Number.NaN).toISOString();
  expect(iso('20261025_023000')).toBe('2026-10-25T00:30:00.000Z');
  expect(iso('20260329_023000')).toBe('2026-03-29T01:30:00.000Z');
});
