import { describe, expect, test } from 'vitest';
import { needsReading, openDirectoryState } from '../../../../server/adapters/dumps/directory-state.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Whether a directory that was changed `ago` is read, when it is looked at after so many seconds. */
function readings(ago: number, ...after: number[]): boolean[] {
  const state = openDirectoryState('', '');
  return after.map((seconds) => needsReading(state, NOW - ago, NOW + seconds * SECOND));
}

describe('The entries of a directory', () => {
  test('are read until it was quiet for three seconds by our own clock, whatever that of its file system says', () => {
    for (const ago of [0, 3600 * SECOND, -3600 * SECOND])
      expect(readings(ago, 0, 1, 2, 3, 4, 5)).toEqual([true, true, true, true, false, false]);
  });

  test('are read once where it was last changed a day ago', () => {
    expect(readings(DAY, 0, 1, 4)).toEqual([true, false, false]);
  });

  test('are read again when it changes', () => {
    const state = openDirectoryState('', '');
    expect(needsReading(state, NOW - DAY, NOW)).toBe(true);
    expect(needsReading(state, NOW, NOW)).toBe(true);
  });
});
