import type { FacetsAnswer } from '../../server/interfaces/http/schemas/facets.ts';
import type { GroupsAnswer } from '../../server/interfaces/http/schemas/groups.ts';
import type { SearchAnswer } from '../../server/interfaces/http/schemas/search.ts';
import type { SnapshotAnswer, SparklinesAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import type { LevelAnswer, PidAnswer, PlotAnswer } from '../../server/interfaces/http/schemas.ts';

/** What the contract names of each answer. Keys are opaque, so a life is told by pid and first_seen instead. */

const ROW = [
  ...['pid', 'ppid', 'weak_identity', 'user', 'comm', 'cmd', 'cgroup', 'state', 'threads', 'level'],
  ...['started', 'first_seen', 'last_seen', 'lifetime_seconds'],
  ...['rss_bytes', 'vsz_bytes', 'hwm_bytes', 'pss_bytes', 'swap_bytes', 'cpu_seconds'],
  ...['rss_min_bytes', 'rss_mean_bytes', 'rss_max_bytes'],
  ...['subtree_processes', 'subtree_rss_bytes', 'subtree_rss_mean_bytes', 'subtree_rss_max_bytes'],
  ...['base_rss_bytes', 'base_subtree_rss_bytes'],
];
const HIDDEN = ['processes', 'rss_bytes'];
const SERIES = ['t', 'rss_bytes'];
const SUBTREE_SERIES = [...SERIES, 'subtree_rss_bytes'];

type Shape = { readonly [field: string]: readonly string[] | null };

const LEVEL: Shape = {
  ts: null,
  base: ['ts', 'used_bytes'],
  gone: HIDDEN,
  level: null,
  levels: ['level', 'processes', 'rss_bytes'],
  rows: ROW,
  totals: ['processes', 'rss_bytes', 'pss_bytes', 'swap_bytes', 'known'],
  matched: null,
  shown: null,
  hidden: HIDDEN,
};
const SNAPSHOT: Shape = {
  ...LEVEL,
  level: null,
  rows: [...ROW, 'depth', 'matched'],
  mem_total_bytes: null,
  used_bytes: null,
};
const PID: Shape = {
  ts: null,
  base: ['ts', 'used_bytes'],
  gone: HIDDEN,
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
export type Keyless<T extends { readonly key: string }> = Omit<T, 'key'>;

/** What the oracle does not tell. */
type Head = 'host' | 'previous' | 'next' | 'incomplete';
type TreeRow = Row & { readonly depth: number; readonly matched: boolean };

export type ComparableRow = Row;
export type ComparableSnapshot = Omit<SnapshotAnswer, 'rows' | Head> & { readonly rows: readonly TreeRow[] };
export type ComparableFacets = Omit<FacetsAnswer, 'host'>;
type Group = GroupsAnswer['groups'][number];
export type ComparableGroup = Omit<Group, 'largest'> & { readonly largest: Keyless<Group['largest']> };
export type ComparableGroups = Omit<
  GroupsAnswer,
  'groups' | 'host' | 'previous' | 'next' | 'incomplete' | 'levels'
> & {
  readonly groups: readonly ComparableGroup[];
};
export type ComparableSearch = Pick<SearchAnswer, 'total'> & {
  readonly results: readonly Keyless<SearchAnswer['results'][number]>[];
};
/** Lines in the order of the lives that were asked for. */
export type ComparableSparklines = Pick<SparklinesAnswer, 'ts' | 't'> & {
  readonly lines: readonly (readonly (number | null)[])[];
  /** Keys that were answered for and have no life. */
  readonly strangers: readonly string[];
};
export type ComparableLevel = Omit<LevelAnswer, 'rows' | Head> & {
  readonly rows: readonly Row[];
};
export interface ComparablePid
  extends Pick<PidAnswer, 'ts' | 'base' | 'gone' | 'matched' | 'shown' | 'hidden'> {
  readonly process: Row;
  readonly ancestors: readonly Row[];
  readonly rows: readonly TreeRow[];
  readonly instances: readonly Keyless<PidAnswer['instances'][number]>[];
}
export interface ComparablePlot
  extends Pick<PlotAnswer, 'peak' | 'own' | 'subtree' | 'others' | 'gaps' | 'method' | 'raw_points'> {
  readonly process: Row;
  readonly children: readonly Keyless<PlotAnswer['children'][number]>[];
  readonly children_summary: readonly Row[];
}

/** An answer without its keys and without what the contract does not name. */
export function comparable(answer: SnapshotAnswer): ComparableSnapshot;
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
  if ('mem_total_bytes' in answer) return SNAPSHOT;
  if ('levels' in answer) return LEVEL;
  return 'own' in answer ? PLOT : PID;
}

function pickFields(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((element) => pickFields(element, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(fields.map((field) => [field, Reflect.get(value, field)]));
}
