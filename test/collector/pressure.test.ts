import { describe, expect, test } from 'vitest';
import { openPressureWatch } from '../../collector/pressure.ts';

function openTestWatch(options: { available?: number; psi?: number } = {}) {
  const watch = openPressureWatch({ available: 5, psi: 10, intervalMs: 1000, protectMs: 1, ...options });
  return (available: number, psi?: number) =>
    watch.look({
      figures: new Map([
        ['MemTotal_KB', '1000'],
        ['MemAvailable_KB', String(available)],
        ...(psi === undefined ? [] : ([['PSI_SOME_AVG10', String(psi)]] as const)),
      ]),
    });
}

describe('memory is scarce', () => {
  test('below the share of RAM that is available', () => {
    const look = openTestWatch();
    expect(look(50)).toBeNull();
    expect(look(49)).toBe('MemAvailable is 4.9 % of MemTotal');
  });

  test('where work waits for it longer than the share of time', () => {
    const look = openTestWatch();
    expect(look(900, 10)).toBeNull();
    expect(look(900, 10.01)).toBe('some work waits for memory 10.0 % of the time');
  });

  test('until there is clearly more of it: it does not come and go', () => {
    const look = openTestWatch();
    expect([40, 55, 62, 63, 55].map((available) => look(available) !== null)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect([11, 6, 5].map((psi) => look(900, psi) !== null)).toEqual([true, true, false]);
  });

  test('never where the thresholds are 0, and never for what the kernel does not tell', () => {
    const look = openTestWatch({ available: 0, psi: 0 });
    expect(look(0, 100)).toBeNull();
    const watch = openPressureWatch({ available: 5, psi: 10, intervalMs: 1, protectMs: 1 });
    expect(watch.look({ figures: new Map() })).toBeNull();
  });
});
