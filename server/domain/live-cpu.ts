import type { CpuTicks, LiveReading } from './live-reading.ts';

/** CPU use between two ticks of the live feed. */

/** By row of a reading: percent of one CPU since the tick before; `null` is unknown. */
export type CpuOf = (row: number) => number | null;

interface Used {
  readonly startTicks: number;
  readonly seconds: number;
}

interface Before {
  readonly at: number;
  readonly cpu: CpuTicks | null;
  readonly uptimeSeconds: number;
  /** By pid. */
  readonly used: ReadonlyMap<number, Used>;
}

export interface CpuMeter {
  processes(reading: LiveReading): CpuOf;
  /** Of all CPUs; `null` at the first tick. */
  host(reading: LiveReading): number | null;
  /**
   * The tick is over.
   * @param read pids whose CPU time was read in it. That of others may be of an earlier one, unless they are new, as
   * all are at the first
   */
  end(reading: LiveReading, read: ReadonlySet<number>): void;
}

function busyPercent(before: CpuTicks, now: CpuTicks): number | null {
  const busy = now.busy - before.busy;
  const all = busy + now.idle - before.idle;
  return all > 0 && busy >= 0 ? (busy / all) * 100 : null;
}

function isNewSince(before: Before, { system, processes }: LiveReading, row: number): boolean {
  return processes.numbers.start_ticks[row] / (system.clockTicks ?? Number.NaN) > before.uptimeSeconds;
}

/** A pid with other start ticks is another process. One that started since the tick before used all it has since. */
function usedSince(before: Before, reading: LiveReading, row: number): number {
  const { numbers } = reading.processes;
  const seconds = numbers.cpu_seconds[row];
  const used = before.used.get(numbers.pid[row]);
  if (used?.startTicks === numbers.start_ticks[row]) return seconds - used.seconds;
  return isNewSince(before, reading, row) ? seconds : Number.NaN;
}

export function openCpuMeter(): CpuMeter {
  let before: Before | null = null;
  return {
    processes(reading) {
      const since = before;
      if (!since) return () => null;
      const seconds = (reading.at - since.at) / 1000;
      return (row) => {
        const used = usedSince(since, reading, row);
        return used >= 0 && seconds > 0 ? (used / seconds) * 100 : null;
      };
    },
    host: ({ cpu }) => (cpu && before?.cpu ? busyPercent(before.cpu, cpu) : null),
    end(reading, read) {
      const { at, cpu, system } = reading;
      const { numbers } = reading.processes;
      const used = new Map<number, Used>();
      for (const [row, pid] of numbers.pid.entries())
        if (!before || read.has(pid) || isNewSince(before, reading, row))
          used.set(pid, { startTicks: numbers.start_ticks[row], seconds: numbers.cpu_seconds[row] });
      before = { at, cpu, uptimeSeconds: system.uptimeSeconds ?? Number.NaN, used };
    },
  };
}
