import type { HostSpine, SystemSeriesId } from '../../application/ports.ts';
import type { Sample } from '../../domain/sample.ts';
import { firstAtOrAfter } from '../../domain/timeline.ts';
import type { HostFigures } from './host-figures.ts';
import { openHostFigures } from './host-figures.ts';
import type { SegmentSpine } from './segment-spine.ts';

export type Figures = Readonly<Partial<Record<SystemSeriesId, number>>>;

/** The instants of one host in order of time, as columns: of segments and of the tail. */
export interface HostSamples {
  readonly spine: HostSpine;
  /** 1 where a segment holds the sample, 0 where the tail does; along the spine. */
  readonly sealed: readonly number[];
  readonly figures: HostFigures;
  /** The spine's instants as a column. Not to be written to. */
  instants(): Float64Array;
  /** @returns the sample's index, or −1 where its instant is already taken */
  insert(sample: Sample): number;
  /** The instants of the tail, in order of time. */
  tailInstants(): readonly number[];
  tailFigures(t: number): Figures;
  /** The same instants with other segments. What they hold now is no longer of the tail. */
  withSegments(spines: readonly SegmentSpine[]): HostSamples;
}

type Row = { readonly [Name in keyof HostSpine]: HostSpine[Name][number] };
type Columns = { -readonly [Name in keyof HostSpine]: HostSpine[Name][number][] };

interface TailRow {
  readonly row: Row;
  readonly figures: Figures;
}

function emptyColumns(): Columns {
  return {
    t: [],
    uptimeSeconds: [],
    intervalSeconds: [],
    clockTicks: [],
    bootId: [],
    hasProcesses: [],
    incomplete: [],
    label: [],
  };
}

function rowOf({ system, processes, incomplete }: Sample): TailRow {
  const row = {
    t: system.t,
    uptimeSeconds: system.uptimeSeconds ?? Number.NaN,
    intervalSeconds: system.intervalSeconds ?? Number.NaN,
    clockTicks: system.clockTicks ?? Number.NaN,
    bootId: system.bootId,
    hasProcesses: processes ? 1 : 0,
    incomplete: incomplete ? 1 : 0,
    label: system.label,
  };
  if (!processes) return { row, figures: system.values };
  const rss = processes.numbers.rss_bytes.reduce((total, one) => total + one, 0);
  return { row, figures: { ...system.values, process_rss_bytes: rss } };
}

function insertRow(columns: Columns, index: number, row: Row): void {
  for (const name of Object.keys(columns) as (keyof Columns)[])
    (columns[name] as unknown[]).splice(index, 0, row[name]);
}

function appendSpine(columns: Columns, spine: SegmentSpine): void {
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    const target = columns[name] as unknown[];
    for (const value of spine[name]) target.push(value);
  }
}

/** `spines` in order of time. Of `tail` what no segment holds. */
function build(spines: readonly SegmentSpine[], tail: Iterable<TailRow>): HostSamples {
  const columns = emptyColumns();
  for (const spine of spines) appendSpine(columns, spine);
  const sealed: number[] = columns.t.map(() => 1);
  const tailRows = new Map<number, TailRow>();
  const figures = openHostFigures();
  let instants: Float64Array | null = null;

  function insert(one: TailRow): number {
    const index = firstAtOrAfter(columns.t, one.row.t);
    if (columns.t[index] === one.row.t) return -1;
    insertRow(columns, index, one.row);
    instants = null;
    sealed.splice(index, 0, 0);
    tailRows.set(one.row.t, one);
    figures.insert(index, columns.t.length, one.figures);
    return index;
  }

  for (const one of tail) insert(one);
  return {
    spine: columns,
    sealed,
    figures,
    instants() {
      instants ??= Float64Array.from(columns.t);
      return instants;
    },
    insert: (sample) => insert(rowOf(sample)),
    tailInstants: () => [...tailRows.keys()].sort((a, b) => a - b),
    tailFigures: (t) => tailRows.get(t)?.figures ?? {},
    withSegments: (other) => build(other, tailRows.values()),
  };
}

export function openHostSamples(spines: readonly SegmentSpine[] = []): HostSamples {
  return build(spines, []);
}
