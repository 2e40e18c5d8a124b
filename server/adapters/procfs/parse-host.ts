import type { LiveReading } from '../../domain/live-reading.ts';
import type { MeminfoFigure } from '../../domain/meminfo-glossary.ts';

/** Small files about the whole host. */

const LOAD = /^([\d.]+) ([\d.]+) ([\d.]+) /;
const KIB = 1024;
const IN_KIB = '_KB';

/** /proc/loadavg. */
export function parseLoad(text: string): LiveReading['load'] {
  const match = LOAD.exec(text);
  return match && [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** @param figures the lines of /proc/meminfo by the recorder's names: `_KB` where the kernel says kB */
export function listMeminfo(figures: Iterable<readonly [string, string]>): MeminfoFigure[] {
  return Array.from(figures, ([name, digits]) =>
    name.endsWith(IN_KIB)
      ? { key: name.slice(0, -IN_KIB.length), value: Number(digits) * KIB, unit: 'bytes' }
      : { key: name, value: Number(digits), unit: 'count' },
  );
}
