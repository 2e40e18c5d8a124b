import { executableOf } from './executable.ts';
import type { ProcessMetricId, ProcessRow } from './metrics.ts';
import { MIB } from './units.ts';
import type { WatchGroup } from './watch-group.ts';

/**
 * Which processes are shown, and in which order. Thresholds combine with AND, mean the same at every level and
 * for every route, and are off when absent.
 */
export const THRESHOLDS = [
  {
    id: 'min_life',
    metric: 'lifetime_seconds',
    label: 'Lifetime ≥',
    unit: 's',
    scale: 1,
    help: 'Keep processes that have lived at least this many seconds at the instant.',
  },
  {
    id: 'min_rss',
    metric: 'rss_max_bytes',
    label: 'RSS ≥',
    unit: 'MiB',
    scale: MIB,
    help: 'Keep processes whose largest own RSS in the window reaches this many MiB.',
  },
  {
    id: 'min_subtree',
    metric: 'subtree_rss_max_bytes',
    label: 'Subtree ≥',
    unit: 'MiB',
    scale: MIB,
    help: 'Keep processes whose largest subtree RSS in the window reaches this many MiB.',
  },
] as const satisfies readonly {
  readonly id: string;
  readonly metric: ProcessMetricId;
  readonly label: string;
  readonly unit: string;
  readonly scale: number;
  readonly help: string;
}[];

export type ThresholdId = (typeof THRESHOLDS)[number]['id'];

export const SEARCH = {
  id: 'q',
  label: 'Contains',
  help: 'Keep processes whose command, name, user or pid contains this; case is ignored.',
} as const;

/** By its name in addresses and on command lines. */
export const WATCH = {
  id: 'watch',
  label: 'Watch group',
  help: 'Keep processes that this watch group matches.',
} as const;

export type FacetTexts = Pick<ProcessRow, 'user' | 'cgroup' | 'cmd' | 'comm' | 'state'>;

/** What processes are told apart by: an exact text, in dump notation. */
export const FACETS = [
  {
    id: 'user',
    label: 'User',
    help: 'Keep processes of exactly this user.',
    of: ({ user }: FacetTexts) => user,
  },
  {
    id: 'cgroup',
    label: 'Cgroup',
    help: 'Keep processes of exactly this control group.',
    of: ({ cgroup }: FacetTexts) => cgroup,
  },
  {
    id: 'exe',
    label: 'Executable',
    help: 'Keep processes whose command begins with this program, without its folder.',
    of: ({ cmd, comm }: FacetTexts) => executableOf(cmd, comm),
  },
  {
    id: 'state',
    label: 'State',
    help: 'Keep processes in this state, told by its first letter: R, S, D, Z, T, I.',
    of: ({ state }: FacetTexts) => state?.charAt(0) || null,
  },
] as const;

export type Facet = (typeof FACETS)[number];
export type FacetId = Facet['id'];
export const FACET_IDS = FACETS.map(({ id }) => id) as [FacetId, ...FacetId[]];

/** What processes can be put together by. */
export const GROUPINGS = ['cmd', 'exe', 'user', 'cgroup', 'watch'] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const GROUPING_LABELS: Readonly<Record<Grouping, string>> = {
  cmd: 'command',
  exe: 'executable',
  user: 'user',
  cgroup: 'cgroup',
  watch: 'watch group',
};

/** Thresholds in their own units (s, MiB, MiB); absent is off. `q`: substring of cmd, comm, user or pid. */
export type ProcessFilter = { readonly [Id in ThresholdId]?: number | undefined } & {
  readonly [Id in FacetId]?: string | undefined;
} & { readonly q?: string | undefined; readonly watch?: WatchGroup | undefined };

/** The predecessor's README: lifetime ≥ 300 s, RSS ≥ 100 MB, subtree ≥ 500 MB. Its MB are of 1024 × 1024 bytes. */
export const SEED_PRESET: Readonly<Record<ThresholdId, number>> = {
  min_life: 300,
  min_rss: 100,
  min_subtree: 500,
};

export const LIMIT = { default: 100, min: 1, max: 10_000 } as const;

/** Processes of which one request may ask sparklines. */
export const MOST_SPARKLINES = 200;

export type SortDirection = 'asc' | 'desc';
export const DEFAULT_SORT: { readonly sort: ProcessMetricId; readonly dir: SortDirection } = {
  sort: 'subtree_rss_max_bytes',
  dir: 'desc',
};
