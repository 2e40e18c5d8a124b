import { breakAtGaps, valuesAlong } from '../domain/downsample.ts';
import type { NumberColumnId } from '../domain/metrics.ts';
import type { TopMetric } from '../domain/top-metrics.ts';
import { TOP_COLUMN } from '../domain/top-metrics.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { ChosenSamples } from './choose-samples.ts';
import { chooseSamples, gapsOf } from './choose-samples.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History } from './ports.ts';
import type { InstantValues } from './range-reads.ts';
import type { RankedLife } from './rank-lives.ts';
import { linesAlong, rankLives, sumsAlong } from './rank-lives.ts';
import { readMomentTable, readSteadily } from './snapshot-rows.ts';
import { stepOf } from './time-series.ts';
import { readWatched } from './watched-instants.ts';

export interface TopRequest extends SnapshotsRequest {
  /** Only of its processes. */
  readonly watch?: WatchGroup | undefined;
  readonly metric: TopMetric;
  readonly n: number;
  readonly px: number;
}

type Values = (number | null)[];

export interface TopView {
  readonly host: string;
  readonly metric: TopMetric;
  readonly t: number[];
  readonly series: {
    readonly key: string;
    readonly pid: number;
    readonly cmd: string | null;
    readonly comm: string | null;
    readonly user: string | null;
    readonly bytes: Values;
    readonly unknown: Values;
  }[];
  readonly others: { readonly processes: number; readonly bytes: Values; readonly unknown: Values };
  readonly total: Values;
  readonly known_ratio?: Values;
  readonly step_ms: number | null;
  readonly raw_points: number;
  readonly method: ChosenSamples['method'];
}

type Figures = Omit<InstantValues<NumberColumnId>, 'texts'>;

/** Where this is 0 there is nothing to know: no pages, or, of a kernel thread or a zombie, no address space. */
const HELD_IN = {
  rss: 'rss_bytes',
  pss: 'rss_bytes',
  swap: 'vsz_bytes',
} as const satisfies Readonly<Record<TopMetric, NumberColumnId>>;

/** Rows of processes whose figure was not measured though it may hide something: 1, else 0. */
function unknownRows({ values }: Figures, metric: TopMetric): Float64Array {
  const held = values[HELD_IN[metric]];
  return values[TOP_COLUMN[metric]].map((value, row) => (Number.isNaN(value) && held[row] !== 0 ? 1 : 0));
}

/** Of the processes that hold memory the share whose PSS is known, along the instants. */
function knownRatios({ at, values }: Figures, count: number): Float64Array {
  const holds = Float64Array.from(values.rss_bytes, (rss) => (rss > 0 ? 1 : Number.NaN));
  const isKnown = holds.map((one, row) => (Number.isNaN(values.pss_bytes[row]) ? 0 * one : one));
  const all = sumsAlong({ at }, holds, count);
  return sumsAlong({ at }, isKnown, count).map((known, place) => known / all[place]);
}

/** Lives as they were last seen. */
async function nameLives(
  history: History,
  host: string,
  lives: readonly RankedLife[],
  instants: readonly number[],
) {
  if (lives.length === 0) return [];
  const moments = lives.map(({ life, last }) => ({ life, t: instants[last] }));
  const table = await readMomentTable(history, host, moments);
  const { cmd, comm, user } = table.processes.texts;
  return table.lives.map(({ key, pid }, row) => ({
    ...{ key, pid, cmd: cmd[row], comm: comm[row], user: user[row] },
  }));
}

/** What is left of the totals, exact because they are of whole numbers; unknown where nothing is known. */
function restOf(totals: Float64Array, lines: readonly Float64Array[]): Float64Array {
  return totals.map((total, at) => lines.reduce((left, line) => left - (line[at] || 0), total));
}

/** A process that was not there hides nothing. */
function orZero(line: Float64Array): Float64Array {
  return line.map((value) => value || 0);
}

interface Along {
  readonly lines: readonly Float64Array[];
  readonly others: Float64Array;
  readonly totals: Float64Array;
}

/** The chosen lives, the sum of all other processes, and the sum of all, along `count` instants. */
function splitAlong(figures: Figures, values: Float64Array, lives: readonly number[], count: number): Along {
  const lines = linesAlong(figures, values, lives, count);
  const totals = sumsAlong(figures, values, count);
  return { lines, totals, others: restOf(totals, lines) };
}

/** A sum of others of none of which the figure is known is not 0. */
function knownOthers({ others }: Along, rest: { readonly known: Along; readonly unknown: Along }) {
  return others.map((sum, at) =>
    rest.known.others[at] === 0 && rest.unknown.others[at] > 0 ? Number.NaN : sum,
  );
}

async function readTop(history: History, request: TopRequest, zone: string): Promise<TopView> {
  const { metric, n, px } = request;
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const { instants, samples, method } = await chooseSamples(history, host, range, px);
  const columns = [...new Set([TOP_COLUMN[metric], HELD_IN[metric]])];
  const figures = (
    request.watch
      ? await readWatched(history, host, request.watch, { instants, columns })
      : await history.readInstants(host, instants, columns)
  ) as Figures;
  const values = figures.values[TOP_COLUMN[metric]];
  const ranked = rankLives(figures, values);
  const largest = ranked.slice(0, n).filter((one) => one.largest > 0);
  const named = await nameLives(history, host, largest, instants);
  const count = instants.length;
  const lives = largest.map((one) => one.life);
  const split = (rows: Float64Array) => splitAlong(figures, rows, lives, count);
  const bytes = split(values);
  const unknown = split(unknownRows(figures, metric));
  const known = split(values.map((value) => (Number.isNaN(value) ? 0 : 1)));
  const axis = breakAtGaps(instants, [...instants.keys()], gapsOf(spine, range));
  const along = (line: Float64Array) => valuesAlong(axis, line);
  return {
    host,
    metric,
    t: [...axis.t],
    series: named.map((name, at) => ({
      ...name,
      bytes: along(bytes.lines[at]),
      unknown: along(orZero(unknown.lines[at])),
    })),
    others: {
      processes: ranked.length - lives.length,
      bytes: along(knownOthers(bytes, { known, unknown })),
      unknown: along(orZero(unknown.others)),
    },
    total: along(bytes.totals),
    ...(metric === 'pss' ? { known_ratio: along(knownRatios(figures, count)) } : {}),
    step_ms: stepOf(instants, range, 'raw', { px }),
    raw_points: samples,
    method,
  };
}

/**
 * The largest processes over time, and the rest in one sum.
 * @throws MemoryInspectorError `no_process_dumps`, `unknown_host`, `bad_parameter`
 */
export function viewTop(history: History, request: TopRequest, zone: string): Promise<TopView> {
  return readSteadily(() => readTop(history, request, zone));
}
