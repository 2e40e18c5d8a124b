import type { AlertMetric, AlertRule } from '../domain/alert-rule.ts';
import { ALERT_METRICS } from '../domain/alert-rule.ts';
import { topmostRows } from '../domain/alert-subtrees.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { watchedTexts } from '../domain/watch-group.ts';
import type { History } from './ports.ts';
import type { InstantValues } from './range-reads.ts';
import { membersOf, watchedSamples } from './watched-instants.ts';

/**
 * What rules about processes look at, sample by sample. Reading is what costs: all figures of a group are taken at once,
 * and kept, for a sample does not change.
 */

export const METRIC_COLUMN = {
  rss: 'rss_bytes',
  pss: 'pss_bytes',
  swap: 'swap_bytes',
} as const satisfies Readonly<Record<AlertMetric, string>>;

/** Of the members together, the largest of them, the largest of them with all below it. */
const FIGURES = ['sum', 'process', 'subtree'] as const;
type Figure = (typeof FIGURES)[number];

/** Samples whose processes are read at a time: 300 processes of each are 70 000 rows. */
const AT_A_TIME = 240;
/** Samples that are kept, 80 bytes each: 25 groups over a week of minutes. */
const MOST_KEPT = 250_000;

/** Rows of some instants, as a group sees them. */
interface MemberRows {
  readonly at: ArrayLike<number>;
  readonly isMember: (row: number) => boolean;
  /** For each row that of the topmost member above it, itself included, or −1. */
  readonly tops: ArrayLike<number>;
}

function topsOf(
  { at, values }: Pick<InstantValues<'pid' | 'ppid'>, 'at' | 'values'>,
  count: number,
  isMember: (row: number) => boolean,
): Int32Array {
  const rowsAt: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < at.length; row++) rowsAt[at[row]].push(row);
  const tops = new Int32Array(at.length).fill(-1);
  for (const rows of rowsAt) {
    const parents = { pid: rows.map((row) => values.pid[row]), ppid: rows.map((row) => values.ppid[row]) };
    const found = topmostRows(parents, (place) => isMember(rows[place]));
    for (const [place, row] of rows.entries()) tops[row] = found[place] < 0 ? -1 : rows[found[place]];
  }
  return tops;
}

type Figures = Readonly<Record<Figure, Float64Array>>;

/** What is there and was measured of nobody is unknown. */
function forgetUnknown(figures: Figures, { at, isMember }: MemberRows, bytes: ArrayLike<number>): void {
  const [members, known] = [0, 1].map(() => new Uint8Array(figures.sum.length));
  for (let row = 0; row < at.length; row++) {
    if (!isMember(row)) continue;
    members[at[row]] = 1;
    if (!Number.isNaN(bytes[row])) known[at[row]] = 1;
  }
  for (const values of FIGURES.map((figure) => figures[figure]))
    values.forEach((_, instant) => {
      if (members[instant] === 1 && known[instant] === 0) values[instant] = Number.NaN;
    });
}

/** Of what is known, by instant. */
function figuresOf(count: number, rows: MemberRows, bytes: ArrayLike<number>): Figures {
  const [sum, process, subtree] = FIGURES.map(() => new Float64Array(count));
  const below = new Float64Array(rows.at.length);
  for (let row = 0; row < rows.at.length; row++) {
    if (Number.isNaN(bytes[row])) continue;
    const at = rows.at[row];
    if (rows.tops[row] >= 0) below[rows.tops[row]] += bytes[row];
    if (!rows.isMember(row)) continue;
    sum[at] += bytes[row];
    process[at] = Math.max(process[at], bytes[row]);
  }
  below.forEach((bytesBelow, row) => {
    subtree[rows.at[row]] = Math.max(subtree[rows.at[row]], bytesBelow);
  });
  const figures = { sum, process, subtree };
  forgetUnknown(figures, rows, bytes);
  return figures;
}

/** A column for each metric and figure. */
type Columns = readonly (readonly number[])[];

const placeOf = (metric: AlertMetric, figure: Figure) =>
  ALERT_METRICS.indexOf(metric) * FIGURES.length + FIGURES.indexOf(figure);

/** @param group `null`: every process by itself */
async function measure(
  history: History,
  host: string,
  group: WatchGroup | null,
  instants: readonly number[],
): Promise<Columns> {
  const numbers = [...Object.values(METRIC_COLUMN), 'pid', 'ppid'] as const;
  const read = await history.readInstants(host, instants, numbers, group ? watchedTexts(group) : []);
  const members = group && membersOf(group, watchedSamples(read, instants.length));
  const isMember = (row: number) => members === null || members[row] >= 0;
  const tops = group ? topsOf(read, instants.length, isMember) : new Int32Array(read.at.length).fill(-1);
  return ALERT_METRICS.flatMap((metric) => {
    const bytes = read.values[METRIC_COLUMN[metric]];
    const figures = figuresOf(instants.length, { at: read.at, isMember, tops }, bytes);
    return FIGURES.map((figure) => [...figures[figure]]);
  });
}

/** A rule about processes, and the group that it names. */
export interface ProcessRule {
  readonly rule: AlertRule;
  readonly group: WatchGroup | null;
}

export interface AlertMeasures {
  /**
   * What the rule's figure was; unknown is `NaN`.
   * @param instants exactly those of samples with processes, ascending
   */
  read(host: string, about: ProcessRule, instants: readonly number[]): Promise<Float64Array>;
}

/** In order of time. */
interface Measured {
  readonly t: readonly number[];
  readonly columns: Columns;
}

const NOTHING: Measured = {
  t: [],
  columns: Array.from({ length: ALERT_METRICS.length * FIGURES.length }, () => []),
};

/** Mostly later ones are added; a longer range adds earlier ones. */
function withMore(kept: Measured, more: Measured): Measured {
  const t = [...kept.t, ...more.t];
  const columns = kept.columns.map((column, at) => [...column, ...more.columns[at]]);
  if ((kept.t.at(-1) ?? 0) <= (more.t[0] ?? 0)) return { t, columns };
  const order = [...t.keys()].sort((a, b) => t[a] - t[b]);
  const inOrder = (values: readonly number[]) => order.map((at) => values[at]);
  return { t: inOrder(t), columns: columns.map(inOrder) };
}

/** Lets go of what is too much, those first that were not asked for the longest. */
function trim(kept: Map<string, Measured>): void {
  let count = [...kept.values()].reduce((sum, { t }) => sum + t.length, 0);
  for (const [key, { t }] of kept) {
    if (count <= MOST_KEPT) return;
    kept.delete(key);
    count -= t.length;
  }
}

export function openAlertMeasures(history: History): AlertMeasures {
  const kept = new Map<string, Measured>();

  async function withMissing(
    known: Measured,
    host: string,
    group: WatchGroup | null,
    instants: readonly number[],
  ): Promise<Measured> {
    const missing = instants.filter((t) => known.t[lastAtOrBefore(known.t, t)] !== t);
    let found = NOTHING;
    for (let first = 0; first < missing.length; first += AT_A_TIME) {
      const t = missing.slice(first, first + AT_A_TIME);
      found = withMore(found, { t, columns: await measure(history, host, group, t) });
    }
    return missing.length > 0 ? withMore(known, found) : known;
  }

  /** Of a group one after the other: what one has read the next one need not. */
  const reading = new Map<string, Promise<unknown>>();

  async function readGroup(host: string, group: WatchGroup | null, instants: readonly number[]) {
    const key = JSON.stringify([host, group?.members.map((member) => member.rule) ?? null]);
    const before = reading.get(key);
    const read = async () => {
      await before?.catch(() => undefined);
      const all = await withMissing(kept.get(key) ?? NOTHING, host, group, instants);
      kept.delete(key);
      kept.set(key, all);
      trim(kept);
      return all;
    };
    const own = read();
    reading.set(key, own);
    return own;
  }

  return {
    async read(host, { rule, group }, instants) {
      const all = await readGroup(host, group, instants);
      const column = all.columns[placeOf(rule.metric, rule.kind === 'level' ? rule.of : 'sum')];
      return Float64Array.from(instants, (t) => column[lastAtOrBefore(all.t, t)]);
    },
  };
}
