import { describe, expect, test } from 'vitest';
import { areClose } from '../../web/lib/chart-layout.ts';

const range = { from: 0, to: 1000 };
const drawing = {
  spec: { lines: [], gaps: [], range, zone: 'UTC', height: 400 },
  scale: { unit: 'MiB', size: 1, top: 100 },
  width: 1000,
};

function peakAt(t: number, value: number) {
  return { t, value, text: 'peak' };
}

describe('Labels of two peaks', () => {
  test('would lie over each other where their points are near in time and height', () => {
    expect(areClose(peakAt(500, 90), peakAt(520, 88), drawing)).toBe(true);
  });

  test('stand apart where one of both tells them apart', () => {
    expect(areClose(peakAt(500, 90), peakAt(520, 70), drawing)).toBe(false);
    expect(areClose(peakAt(500, 90), peakAt(900, 88), drawing)).toBe(false);
  });

  test('need more of the time in a narrow picture', () => {
    expect(areClose(peakAt(500, 90), peakAt(900, 88), { ...drawing, width: 300 })).toBe(true);
  });
});
