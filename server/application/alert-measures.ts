import type { AlertMetric, AlertRule } from '../domain/alert-rule.ts';
import { topmostRows } from '../domain/alert-subtrees.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { watchedTexts } from '../domain/watch-group.ts';
import type { History } from './ports.ts';
import { membersOf } from './watched-instants.ts';

/** What rules about processes look at, sample by sample. A sample does not change: what was read of it is kept. */

export const METRIC_COLUMN = {
  rss: 'rss_bytes',
  pss: 'pss_bytes',
  swap: 'swap_bytes',
} as const satisfies Readonly<Record<AlertMetric, string>>;

/** Samples whose processes are read at a time: 300 processes of each are 70 000 rows. */
const AT_A_TIME = 240;
/** Values that are kept, 16 bytes each: 70 rules over a week of minutes. */
const MOST_KEPT = 750_000;

/** Rows of some instants, as a rule sees them. */
interface MeasuredRows {
  readonly at: ArrayLike<number>;
  readonly bytes: ArrayLike<number>;
  readonly pid: ArrayLike<number>;
  readonly ppid: ArrayLike<number>;
  /** Whether the rule is about the row's process. */
  readonly isMember: (row: number) => boolean;
}

/** By instant: what `combine` makes of the known values; nothing where there are rows and none is known. */
function combined(
  count: number,
  { at, bytes, isMember }: MeasuredRows,
  combine: (so: number, far: number) => number,
): Float64Array {
  const sums = new Float64Array(count);
  const [known, members] = [new Uint8Array(count), new Uint8Array(count)];
  for (let row = 0; row < at.length; row++) {
    if (!isMember(row)) continue;
    members[at[row]] = 1;
    if (Number.isNaN(bytes[row])) continue;
    known[at[row]] = 1;
    sums[at[row]] = combine(sums[at[row]], bytes[row]);
  }
  return sums.map((sum, instant) => (members[instant] === 1 && known[instant] === 0 ? Number.NaN : sum));
}

/** By instant, the largest of the members with all below it. */
function largestSubtrees(count: number, rows: MeasuredRows): Float64Array {
  const rowsAt: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < rows.at.length; row++) rowsAt[rows.at[row]].push(row);
  return Float64Array.from(rowsAt, (own) => {
    const parents = { pid: own.map((row) => rows.pid[row]), ppid: own.map((row) => rows.ppid[row]) };
    const tops = topmostRows(parents, (place) => rows.isMember(own[place]));
    const sums = new Float64Array(own.length);
    for (const [place, row] of own.entries())
      if (tops[place] >= 0 && !Number.isNaN(rows.bytes[row])) sums[tops[place]] += rows.bytes[row];
    return sums.reduce((most, sum) => Math.max(most, sum), 0);
  });
}

/** A rule about processes, and the group that it names. */
export interface ProcessRule {
  readonly rule: AlertRule;
  readonly group: WatchGroup | null;
}

async function readRows(
  history: History,
  host: string,
  { rule, group }: ProcessRule,
  instants: readonly number[],
): Promise<MeasuredRows> {
  const column = METRIC_COLUMN[rule.metric];
  const numbers = [column, 'pid', 'ppid'] as const;
  const figures = await history.readInstants(host, instants, numbers, group ? watchedTexts(group) : []);
  const members = group && membersOf(group, figures, instants.length);
  const { pid, ppid } = figures.values;
  const isMember = (row: number) => members === null || members[row] >= 0;
  return { at: figures.at, bytes: figures.values[column], pid, ppid, isMember };
}

async function measure(
  history: History,
  host: string,
  about: ProcessRule,
  instants: readonly number[],
): Promise<Float64Array> {
  const rows = await readRows(history, host, about, instants);
  const { kind, of } = about.rule;
  if (kind === 'level' && of === 'subtree') return largestSubtrees(instants.length, rows);
  return combined(instants.length, rows, kind === 'level' ? Math.max : (so, far) => so + far);
}

export interface AlertMeasures {
  /**
   * What the rule's figure was; unknown is `NaN`.
   * @param instants exactly those of samples with processes, ascending
   */
  read(host: string, about: ProcessRule, instants: readonly number[]): Promise<Float64Array>;
}

/** What is measured does not depend on limits: rules that only differ in those share it. */
function keyOf(host: string, { rule: { kind, of, metric }, group }: ProcessRule): string {
  const how = kind === 'level' ? of : 'sum';
  return JSON.stringify([host, how, metric, group?.members.map(({ rule }) => rule) ?? null]);
}

/** Values of one figure, in order of time. */
interface KeptValues {
  readonly t: readonly number[];
  readonly value: readonly number[];
}

function valueAt({ t, value }: KeptValues, instant: number): number | undefined {
  const at = lastAtOrBefore(t, instant);
  return t[at] === instant ? value[at] : undefined;
}

/** Mostly later ones are added; a longer range adds earlier ones. */
function withMore(kept: KeptValues, more: KeptValues): KeptValues {
  const [t, value] = [
    [...kept.t, ...more.t],
    [...kept.value, ...more.value],
  ];
  if ((kept.t.at(-1) ?? 0) <= (more.t[0] ?? 0)) return { t, value };
  const order = [...t.keys()].sort((a, b) => t[a] - t[b]);
  return { t: order.map((at) => t[at]), value: order.map((at) => value[at]) };
}

/** Lets go of what is too much, those first that were not asked for the longest. */
function trim(kept: Map<string, KeptValues>): void {
  let count = [...kept.values()].reduce((sum, { t }) => sum + t.length, 0);
  for (const [key, { t }] of kept) {
    if (count <= MOST_KEPT) return;
    kept.delete(key);
    count -= t.length;
  }
}

async function readMissing(
  history: History,
  host: string,
  about: ProcessRule,
  missing: readonly number[],
): Promise<KeptValues> {
  const value: number[] = [];
  for (let first = 0; first < missing.length; first += AT_A_TIME) {
    const measured = await measure(history, host, about, missing.slice(first, first + AT_A_TIME));
    for (const one of measured) value.push(one);
  }
  return { t: missing, value };
}

export function openAlertMeasures(history: History): AlertMeasures {
  const kept = new Map<string, KeptValues>();
  return {
    async read(host, about, instants) {
      const key = keyOf(host, about);
      const known = kept.get(key) ?? { t: [], value: [] };
      const missing = instants.filter((t) => valueAt(known, t) === undefined);
      const all =
        missing.length > 0 ? withMore(known, await readMissing(history, host, about, missing)) : known;
      kept.delete(key);
      kept.set(key, all);
      trim(kept);
      return Float64Array.from(instants, (t) => valueAt(all, t) ?? Number.NaN);
    },
  };
}
