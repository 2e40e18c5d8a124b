import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatMemorySize,
  MIB,
  parseBytes,
  parseDuration,
  quantityOfBytes,
} from '../../../server/domain/units.ts';

const KIB = 1024;
const GIB = 1024 * MIB;

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '0.977 KiB'],
    [KIB, '1.00 KiB'],
    [1.5 * KIB, '1.50 KiB'],
    [9.994 * KIB, '9.99 KiB'],
    [9.996 * KIB, '10.0 KiB'],
    [99.94 * KIB, '99.9 KiB'],
    [99.96 * KIB, '100 KiB'],
    [999.4 * KIB, '999 KiB'],
    [999.5 * KIB, '0.976 MiB'],
    [1023.9 * KIB, '1.00 MiB'],
    [MIB, '1.00 MiB'],
    [700 * MIB, '700 MiB'],
    [12.34 * GIB, '12.3 GiB'],
    [3 * 1024 * GIB, '3.00 TiB'],
    [5000 * 1024 ** 5, '5000 PiB'],
    [-1.5 * MIB, '−1.50 MiB'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('%d are read as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [999, '999 B'],
    [1000, '1.00 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [9_996_000, '10.0 MB'],
    [8_000_000_000, '8.00 GB'],
  ])('%d are read as %s in units of 1000', (bytes, text) => {
    expect(formatBytes(bytes, true)).toBe(text);
  });

  test('come with the unit apart, and the unknown without one', () => {
    expect(quantityOfBytes(2 * MIB)).toEqual({ value: '2.00', unit: 'MiB' });
    expect(quantityOfBytes(null)).toEqual({ value: '–', unit: '' });
  });

  test('always show three significant digits, above a byte', () => {
    const units = fc.constantFrom(false, true);
    fc.assert(
      fc.property(fc.double({ min: 1024, max: 1e17, noNaN: true }), units, (bytes, decimal) => {
        const { value } = quantityOfBytes(bytes, decimal);
        expect(value.replace('.', '').replace(/^0+/, '')).toMatch(/^\d{3}$/);
      }),
    );
  });

  test('are told within half a percent, whatever the unit', () => {
    const scales = new Map([
      ...['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((unit, step) => [unit, 1024 ** step] as const),
      ...['B', 'kB', 'MB', 'GB', 'TB', 'PB'].map((unit, step) => [unit, 1000 ** step] as const),
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.boolean(), (bytes, decimal) => {
        const { value, unit } = quantityOfBytes(bytes, decimal);
        const told = Number(value) * (scales.get(unit) ?? Number.NaN);
        expect(Math.abs(told - bytes) / bytes).toBeLessThanOrEqual(0.00501);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a duration', () => {
  test.each([
    [0, '0s'],
    [4, '4s'],
    [59.9, '59s'],
    [60, '1m 0s'],
    [184, '3m 4s'],
    [3600, '1h 0m 0s'],
    [93_784, '1d 2h 3m 4s'],
    [86_400, '1d 0h 0m 0s'],
    [1_000 * 86_400, '1000d 0h 0m 0s'],
    [-5, '0s'],
    [null, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('of %d seconds is read as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('names all its whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
        const size: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };
        const parts = formatDuration(seconds).split(' ');
        const total = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * size[part.slice(-1)], 0);
        expect(total).toBe(seconds);
        expect(parts.length === 1 || !parts[0].startsWith('0')).toBe(true);
      }),
    );
  });

  test.each([
    ['10s', 10_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['5m', 300_000],
    ['2d', 172_800_000],
    ['30', 30_000],
    ['0', 0],
    [' 10s ', 10_000],
  ])('is written %j: %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    's',
    '-5s',
    '1e3',
    '0x10',
    '10 s',
    '10S',
    '1h30m',
    '1w',
    '.5s',
    'NaN',
    'Infinity',
    '٣s',
    '9'.repeat(400),
  ])('is not written %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('a size', () => {
  test.each([
    ['2GiB', 2 * 1024 ** 3],
    ['500MB', 500e6],
    ['1.5G', 1.5 * 1024 ** 3],
    ['64 KiB', 65536],
    ['10kb', 10_000],
    ['1048576', 1048576],
    ['0', 0],
    ['12B', 12],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  test.each(['', 'GiB', '-1', '1e3', '2 apples', '9999999PiB', '1iB'])('%s is none', (text) => {
    expect(parseBytes(text)).toBeNull();
  });
});

describe('a memory size in the form of the predecessor', () => {
  test.each([
    [0, 'binary', '0.00 B'],
    [1023, 'binary', '1023.00 B'],
    [1024, 'binary', '1.00 KiB'],
    [1536 * 1024, 'binary', '1.50 MiB'],
    [45.2 * 1024 ** 2, 'seed', '45.20 MB'],
    [1024 ** 3 - 1, 'seed', '1024.00 MB'],
    [1024 ** 6, 'seed', '1024.00 PB'],
    [1_500_000, 'decimal', '1.50 MB'],
    [-2048, 'binary', '-2.00 KiB'],
    [null, 'binary', '–'],
    [Number.NaN, 'seed', '–'],
  ] as const)('%s, %s: %s', (bytes, style, text) => {
    expect(formatMemorySize(bytes, style)).toBe(text);
  });
});
