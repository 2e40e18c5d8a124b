import type { PressureOptions } from './cost-options.ts';
import type { SystemReading } from './sources/system.ts';

/** Tells from sample to sample whether memory is scarce. */
export interface PressureWatch {
  /** @returns why memory is scarce, for a person; `null` when it is not */
  look(system: Pick<SystemReading, 'figures'>): string | null;
}

/** It is over when there is this much more than the threshold, or less waiting: else it would come and go. */
const AVAILABLE_AGAIN = 1.25;
const PSI_AGAIN = 0.5;

/** `NaN` where the kernel does not tell. */
function figure({ figures }: Pick<SystemReading, 'figures'>, column: string): number {
  const digits = figures.get(column);
  return digits === undefined ? Number.NaN : Number(digits);
}

export function openPressureWatch({ available, psi }: PressureOptions): PressureWatch {
  let isHigh = false;
  return {
    look(system) {
      const share = (100 * figure(system, 'MemAvailable_KB')) / figure(system, 'MemTotal_KB');
      const waiting = figure(system, 'PSI_SOME_AVG10');
      const isScarce = share < available * (isHigh ? AVAILABLE_AGAIN : 1);
      const isWaiting = psi > 0 && waiting > psi * (isHigh ? PSI_AGAIN : 1);
      isHigh = isScarce || isWaiting;
      if (isScarce) return `MemAvailable is ${share.toFixed(1)} % of MemTotal`;
      return isWaiting ? `some work waits for memory ${waiting.toFixed(1)} % of the time` : null;
    },
  };
}
