import type { LevelAnswer, PidAnswer, PlotAnswer } from '../../server/interfaces/http/schemas.ts';

/** What the contract names of each answer. Keys are opaque, so a life is told by pid and first_seen instead. */

const ROW = [
  ...['pid', 'ppid', 'weak_identity', 'user', 'comm', 'cmd', 'cgroup', 'state', 'threads', 'level'],
  ...['started', 'first_seen', 'last_seen', 'lifetime_seconds'],
  ...['rss_bytes', 'vsz_bytes', 'hwm_bytes', 'pss_bytes', 'swap_bytes', 'cpu_seconds'],
  ...['rss_min_bytes', 'rss_mean_bytes', 'rss_max_bytes'],
  ...['subtree_processes', 'subtree_rss_bytes', 'subtree_rss_mean_bytes', 'subtree_rss_max_bytes'],
];
const HIDDEN = ['processes', 'rss_bytes'];
const SERIES = ['t', 'rss_bytes'];
const SUBTREE_SERIES = [...SERIES, 'subtree_rss_bytes'];

type Shape = { readonly [field: string]: readonly string[] | null };

const LEVEL: Shape = {
  ts: null,
  level: null,
  levels: ['level', 'processes', 'rss_bytes'],
  rows: ROW,
  totals: ['processes', 'rss_bytes', 'pss_bytes', 'swap_bytes', 'known'],
  matched: null,
  shown: null,
  hidden: HIDDEN,
};
const PID: Shape = {
  ts: null,
  process: ROW,
  ancestors: ROW,
  rows: [...ROW, 'depth', 'matched'],
  instances: ['cmd', 'from', 'to'],
  matched: null,
  shown: null,
  hidden: HIDDEN,
};
const PLOT: Shape = {
  process: ROW,
  peak: SERIES,
  own: SERIES,
  subtree: SERIES,
  children: ['pid', 'cmd', ...SUBTREE_SERIES],
  children_summary: ROW,
  others: ['processes', ...SUBTREE_SERIES],
  gaps: ['from', 'to', 'reason'],
  method: null,
  raw_points: null,
};

type Row = Omit<LevelAnswer['rows'][number], 'key' | 'start_ticks'>;
type Keyless<T extends { readonly key: string }> = Omit<T, 'key'>;

export type ComparableRow = Row;
export type ComparableLevel = Omit<
  LevelAnswer,
  'rows' | 'host' | 'previous' | 'next' | 'incomplete' | 'base' | 'gone'
> & {
  readonly rows: readonly Row[];
};
export interface ComparablePid extends Pick<PidAnswer, 'ts' | 'matched' | 'shown' | 'hidden'> {
  readonly process: Row;
  readonly ancestors: readonly Row[];
  readonly rows: readonly (Row & { readonly depth: number; readonly matched: boolean })[];
  readonly instances: readonly Keyless<PidAnswer['instances'][number]>[];
}
export interface ComparablePlot
  extends Pick<PlotAnswer, 'peak' | 'own' | 'subtree' | 'others' | 'gaps' | 'method' | 'raw_points'> {
  readonly process: Row;
  readonly children: readonly Keyless<PlotAnswer['children'][number]>[];
  readonly children_summary: readonly Row[];
}

/** An answer without its keys and without what the contract does not name. */
export function comparable(answer: LevelAnswer): ComparableLevel;
export function comparable(answer: PidAnswer): ComparablePid;
export function comparable(answer: PlotAnswer): ComparablePlot;
export function comparable(answer: object): object {
  return Object.fromEntries(
    Object.entries(shapeOf(answer)).map(([field, inner]) => {
      const value: unknown = Reflect.get(answer, field);
      return [field, inner ? pickFields(value, inner) : value];
    }),
  );
}

function shapeOf(answer: object): Shape {
  if ('levels' in answer) return LEVEL;
  return 'own' in answer ? PLOT : PID;
}

function pickFields(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((element) => pickFields(element, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(fields.map((field) => [field, Reflect.get(value, field)]));
}
