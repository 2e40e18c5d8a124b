import type { Curve } from './scenario.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
const BUSIEST_SECOND = 15 * HOUR_SECONDS;

/** How busy the working day is at `t` (epoch ms): 0 at 03:00 UTC, 1 at 15:00, a smooth rise and fall between. */
export function workload(t: number): number {
  const distance = Math.abs(((t / 1000) % DAY_SECONDS) - BUSIEST_SECOND);
  const calm = Math.min(distance, DAY_SECONDS - distance) / (DAY_SECONDS / 2);
  return 1 - calm * calm * (3 - 2 * calm);
}

/** MiB at an age of the process. */
export function memoryAt(curve: Curve, ageSeconds: number, t: number): number {
  const hours = ageSeconds / HOUR_SECONDS;
  switch (curve.shape) {
    case 'flat':
      return curve.mib;
    case 'daily':
      return curve.mib + (curve.peakMib - curve.mib) * workload(t);
    case 'leak':
      return curve.mib + curve.mibPerHour * hours;
    case 'warm-up':
      return curve.mib + ((curve.topMib - curve.mib) * hours) / (hours + curve.halfHours);
    case 'sawtooth':
      return curve.mib + (curve.topMib - curve.mib) * (((ageSeconds / 60) % curve.minutes) / curve.minutes);
    case 'ramp':
      return curve.mib + (curve.topMib - curve.mib) * Math.min(1, ageSeconds / (curve.minutes * 40));
  }
}
