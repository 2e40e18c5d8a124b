import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RetentionLimits } from '../../../server/domain/retention.ts';
import {
  chooseRemovals,
  DEFAULT_RETENTION,
  describeReason,
  freeFloor,
  readRetention,
} from '../../../server/domain/retention.ts';

const DAY = 86_400_000;
const GIB = 1024 ** 3;

function limitsOf(given: Readonly<Record<string, string>>): RetentionLimits {
  return readRetention((name) => given[name]);
}

describe('limits', () => {
  test('are 14 days, 2 GiB and 5 % (at most 4 GiB) free where nothing is said', () => {
    expect(limitsOf({})).toEqual(DEFAULT_RETENTION);
    expect(DEFAULT_RETENTION).toMatchObject({ keepMs: 14 * DAY, maxBytes: 2 * GIB });
    expect(freeFloor(DEFAULT_RETENTION, { total: 10 * GIB, free: 0 })).toBe(GIB / 2);
    expect(freeFloor(DEFAULT_RETENTION, { total: 4000 * GIB, free: 0 })).toBe(4 * GIB);
  });

  test('are read as a person writes them', () => {
    expect(limitsOf({ keep: '36h', 'max-bytes': '500MB', 'keep-free': '10%' })).toEqual({
      keepMs: 1.5 * DAY,
      maxBytes: 500e6,
      keepFree: { share: 0.1, most: Number.POSITIVE_INFINITY },
    });
    expect(freeFloor(limitsOf({ 'keep-free': '10%' }), { total: 4000 * GIB, free: 0 })).toBe(400 * GIB);
    expect(freeFloor(limitsOf({ 'keep-free': '1GiB' }), { total: 4000 * GIB, free: 0 })).toBe(GIB);
  });

  test('can each be switched off', () => {
    expect(limitsOf({ keep: 'forever', 'max-bytes': 'unlimited', 'keep-free': 'off' })).toEqual({
      keepMs: null,
      maxBytes: null,
      keepFree: null,
    });
  });

  test.each([
    ['keep', 'soon', "--keep must be a time such as 36h or 14d, or forever, not 'soon'"],
    ['keep', '0', '--keep must be'],
    ['max-bytes', '2 apples', '--max-bytes must be a size such as 500MB or 2GiB'],
    ['max-bytes', '-1', '--max-bytes must be'],
    ['keep-free', '120%', '--keep-free must be a share such as 5%'],
  ])('--%s %s is refused', (name, text, message) => {
    expect(() => limitsOf({ [name]: text })).toThrow(message);
  });

  test('are named when a dump goes by them', () => {
    const space = { total: 10 * GIB, free: 0 };
    const told = (['age', 'bytes', 'free'] as const).map((reason) =>
      describeReason(reason, DEFAULT_RETENTION, space),
    );
    expect(told).toEqual(['older than 14d', 'more than 2.00 GiB of dumps', 'less than 512 MiB free']);
  });
});

const anyDump = fc.record({
  t: fc.integer({ min: 0, max: 100 }),
  bytes: fc.integer({ min: 1, max: 20 }),
  isProtected: fc.boolean(),
});
const anyLimits = fc.record({
  keepMs: fc.option(fc.integer({ min: 1, max: 100 })),
  maxBytes: fc.option(fc.integer({ min: 1, max: 200 })),
  keepFree: fc.option(fc.record({ share: fc.constantFrom(0.05, 0.5), most: fc.constantFrom(10, 1000) })),
});

describe('what is removed', () => {
  test('is the oldest, as little as the limits ask for, never the newest and never what is protected', () => {
    fc.assert(
      fc.property(fc.array(anyDump, { maxLength: 20 }), anyLimits, fc.nat(200), (all, limits, free) => {
        const dumps = [...all].sort((a, b) => a.t - b.t);
        const bytes = dumps.reduce((sum, dump) => sum + dump.bytes, 0);
        const newest = dumps.at(-1)?.t ?? 0;
        const state = { now: 100, bytes, free, total: 400, newest };
        const removed = [...chooseRemovals(dumps, limits, { ...state })].map(({ dump }) => dump);

        const removable = dumps.filter(({ t, isProtected }) => t < newest && !isProtected);
        expect(removed).toEqual(removable.slice(0, removed.length));

        const gone = removed.reduce((sum, dump) => sum + dump.bytes, 0);
        const isOver = (dump: { readonly t: number }, without: number) =>
          (limits.keepMs !== null && dump.t < 100 - limits.keepMs) ||
          (limits.maxBytes !== null && bytes - without > limits.maxBytes) ||
          free + without < freeFloor(limits, state);
        const last = removed.at(-1);
        if (last) expect(isOver(last, gone - last.bytes)).toBe(true);
        const next = removable[removed.length];
        if (next) expect(isOver(next, gone)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
