import type { HostSpine } from '../../application/ports.ts';
import type { Sample } from '../../domain/sample.ts';
import { firstAtOrAfter } from '../../domain/timeline.ts';

/** The instants of one host in order of time, as columns. */
export interface HostSamples {
  readonly spine: HostSpine;
  /** @returns the sample's index, or −1 where its instant is already taken */
  insert(sample: Sample): number;
}

type Columns = { -readonly [Name in keyof HostSpine]: HostSpine[Name][number][] };

export function openHostSamples(): HostSamples {
  const columns: Columns = {
    t: [],
    uptimeSeconds: [],
    intervalSeconds: [],
    clockTicks: [],
    bootId: [],
    hasProcesses: [],
    incomplete: [],
    label: [],
  };
  return {
    spine: columns,
    insert({ system, processes, incomplete }) {
      const index = firstAtOrAfter(columns.t, system.t);
      if (columns.t[index] === system.t) return -1;
      columns.t.splice(index, 0, system.t);
      columns.uptimeSeconds.splice(index, 0, system.uptimeSeconds ?? Number.NaN);
      columns.intervalSeconds.splice(index, 0, system.intervalSeconds ?? Number.NaN);
      columns.clockTicks.splice(index, 0, system.clockTicks ?? Number.NaN);
      columns.bootId.splice(index, 0, system.bootId);
      columns.hasProcesses.splice(index, 0, processes ? 1 : 0);
      columns.incomplete.splice(index, 0, incomplete ? 1 : 0);
      columns.label.splice(index, 0, system.label);
      return index;
    },
  };
}
