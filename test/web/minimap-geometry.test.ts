import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Grip } from '../../web/lib/minimap-geometry.ts';
import { areaPath, draggedWindow, gripAt, instantAt, shareOf } from '../../web/lib/minimap-geometry.ts';

const whole = { from: 1_000_000, to: 3_000_000 };
const anyShare = fc.double({ min: -0.2, max: 1.2, noNaN: true });
const anyWindow = fc
  .tuple(fc.integer({ min: whole.from, max: whole.to }), fc.integer({ min: whole.from, max: whole.to }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('Places on the strip', () => {
  test('and instants say the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: whole.from, max: whole.to }), (t) => {
        expect(instantAt(shareOf(t, whole), whole)).toBe(t);
      }),
    );
  });

  test('never leave the recording, and a recording of one sample has one place', () => {
    expect([instantAt(-1, whole), instantAt(2, whole)]).toEqual([whole.from, whole.to]);
    expect(shareOf(5, { from: 5, to: 5 })).toBe(0);
  });
});

describe('A hand on the strip', () => {
  const window = { from: 1_500_000, to: 2_000_000 };

  test('takes an edge when it is near one, the window inside it, and nothing elsewhere', () => {
    const at = (share: number) => gripAt(share, window, whole, 0.01);
    expect([0.255, 0.495, 0.4, 0.8].map(at)).toEqual(['from', 'to', 'window', 'new']);
  });

  test('draws a new window where all of the recording is shown', () => {
    expect(gripAt(0.4, whole, whole, 0.01)).toBe('new');
  });

  test('never turns a window round nor takes it out of the recording', () => {
    const anyGrip = fc.constantFrom<Grip>('from', 'to', 'window', 'new');
    fc.assert(
      fc.property(anyGrip, anyWindow, anyShare, anyShare, (grip, start, a, b) => {
        const { from, to } = draggedWindow(grip, start, a, b, whole);
        expect(from).toBeLessThanOrEqual(to);
        expect(from).toBeGreaterThanOrEqual(whole.from);
        expect(to).toBeLessThanOrEqual(whole.to);
      }),
    );
  });

  test('keeps the length of a window that it moves', () => {
    fc.assert(
      fc.property(anyWindow, anyShare, anyShare, (start, a, b) => {
        const { from, to } = draggedWindow('window', start, a, b, whole);
        expect(to - from).toBe(start.to - start.from);
      }),
    );
  });

  test('draws from where it came down to where it let go, in either direction', () => {
    const forward = draggedWindow('new', whole, 0.25, 0.5, whole);
    expect(forward).toEqual({ from: 1_500_000, to: 2_000_000 });
    expect(draggedWindow('new', whole, 0.5, 0.25, whole)).toEqual(forward);
  });
});

describe('The area', () => {
  test('stands on the ground, and one stretch ends where nothing is known', () => {
    const t = [0, 10, 20, 30, 40];
    const path = areaPath(t, [50, 100, null, 0, 50], { from: 0, to: 40 }, 400, 100);
    expect(path).toBe('M0 100L0 50L100 0L100 100ZM300 100L300 100L400 50L400 100Z');
  });

  test('does not rise above the box, and nothing known draws nothing', () => {
    expect(areaPath([0, 10], [500, 500], { from: 0, to: 10 }, 10, 100)).toContain('L10 0L');
    expect(areaPath([0, 10], [null, null], { from: 0, to: 10 }, 10, 100)).toBe('');
  });
});
