import type { ProcessMetric, ProcessMetricId } from '../../server/domain/metrics.ts';
import { PROCESS_METRICS, processMetric } from '../../server/domain/metrics.ts';
import type { View } from '../state.ts';
import { readSet } from '../state.ts';

/** Which figures a table of processes shows. Headings and explanations of metrics come from the catalogue. */

/** What is no metric of one sample: it is taken from two, or from many. */
const BESIDES = [
  {
    id: 'change_rss',
    label: 'RSS change',
    unit: 'bytes',
    help: 'RSS now less RSS at the instant compared with; “new”: it was not alive then.',
  },
  {
    id: 'change_subtree',
    label: 'Subtree change',
    unit: 'bytes',
    help: 'Subtree RSS now less that at the instant compared with; “new”: it was not alive then.',
  },
  {
    id: 'trend',
    label: 'Subtree over time',
    unit: 'bytes',
    help: 'Subtree RSS up to this instant, from zero to its own peak: since the stretch began that you came from, else over the last hour.',
  },
] as const;

export type BesideId = (typeof BESIDES)[number]['id'];
export type Column = ProcessMetric | (typeof BESIDES)[number];
export type ColumnId = Column['id'];
type GroupId = 'process' | 'window' | 'instant' | 'change' | 'trend' | 'text';

export interface ColumnGroup {
  readonly id: GroupId;
  readonly columns: readonly Column[];
}

const ORDER: Readonly<Record<GroupId, readonly ColumnId[]>> = {
  process: ['pid', 'ppid', 'lifetime_seconds', 'started', 'first_seen', 'last_seen', 'level', 'state'],
  window: [
    'rss_min_bytes',
    'rss_mean_bytes',
    'subtree_rss_mean_bytes',
    'subtree_rss_max_bytes',
    'rss_max_bytes',
  ],
  instant: ['rss_bytes', 'subtree_rss_bytes', 'subtree_processes', 'pss_bytes', 'swap_bytes'],
  change: ['change_rss', 'change_subtree'],
  trend: ['trend'],
  text: ['user', 'cgroup', 'comm', 'cmd'],
};

/** They name a life to programs, or are told on its page. */
const NEVER_SHOWN: ReadonlySet<ColumnId> = new Set(['key', 'weak_identity', 'start_ticks']);
const PLACED: ReadonlySet<ColumnId> = new Set([...NEVER_SHOWN, ...Object.values(ORDER).flat()]);
/** Metrics that the order above does not know yet. */
const FURTHER = PROCESS_METRICS.filter(({ id }) => !PLACED.has(id));

function isBeside(id: ColumnId): id is BesideId {
  return BESIDES.some((beside) => beside.id === id);
}

export function isMetric(column: Column): column is ProcessMetric {
  return !isBeside(column.id);
}

function columnOf(id: ColumnId): Column {
  const beside = BESIDES.find((one) => one.id === id);
  return beside ?? processMetric(id as ProcessMetricId);
}

/** Every column that can be chosen, in the order of the table of a level. */
export const ALL_COLUMNS: readonly ColumnGroup[] = Object.entries(ORDER).map(([id, ids]) => ({
  id: id as GroupId,
  columns: [
    ...ids.map(columnOf),
    ...FURTHER.filter(({ unit }) => id === (unit === 'bytes' ? 'instant' : 'process')),
  ],
}));

const SEED: readonly ColumnId[] = [
  ...(['pid', 'ppid', 'lifetime_seconds'] as const),
  ...ORDER.window,
  ...(['rss_bytes', 'subtree_rss_bytes', 'pss_bytes', 'swap_bytes', 'user', 'cmd'] as const),
];

/** What is shown where the reader has not chosen; the predecessor's columns but on the page of the whole host. */
const AT_FIRST: Readonly<Record<'level' | 'pid' | 'snapshot', readonly ColumnId[]>> = {
  level: SEED,
  pid: SEED,
  snapshot: [
    ...(['pid', 'lifetime_seconds', 'subtree_rss_max_bytes', 'rss_bytes', 'subtree_rss_bytes'] as const),
    ...(['pss_bytes', 'swap_bytes', 'trend', 'user', 'cmd'] as const),
  ],
};

const NARROW: ReadonlySet<ColumnId> = new Set(['cmd', 'rss_bytes', 'subtree_rss_bytes']);

export type TablePage = keyof typeof AT_FIRST;

/** Beside the predecessor's many columns there is room for one change. */
const CHANGES_AT_FIRST: typeof AT_FIRST = {
  level: ['change_subtree'],
  pid: ['change_subtree'],
  snapshot: ORDER.change,
};

/** Shown without having been chosen. */
function columnsAtFirst(page: TablePage, hasBase: boolean): ReadonlySet<ColumnId> {
  return new Set([...AT_FIRST[page], ...(hasBase ? CHANGES_AT_FIRST[page] : [])]);
}

/** The columns that the URL asks for; a table is never without its commands. */
export function shownColumns(view: View, page: TablePage): ReadonlySet<ColumnId> {
  const chosen = readSet(view, 'shown') as ReadonlySet<ColumnId>;
  if (chosen.size === 0) return columnsAtFirst(page, view.params.base !== undefined);
  return new Set<ColumnId>([...chosen, 'cmd']);
}

function pick(shown: ReadonlySet<ColumnId>): readonly ColumnGroup[] {
  return ALL_COLUMNS.map(({ id, columns }) => ({
    id,
    columns: columns.filter((column) => shown.has(column.id)),
  })).filter(({ columns }) => columns.length > 0);
}

function commandFirst(groups: readonly ColumnGroup[]): readonly ColumnGroup[] {
  const text = groups.filter(({ id }) => id === 'text');
  const ordered = text.map(({ id, columns }) => ({
    id,
    columns: [...columns].sort((a, b) => Number(b.id === 'cmd') - Number(a.id === 'cmd')),
  }));
  return [...ordered, ...groups.filter(({ id }) => id !== 'text')];
}

/** In a tree the command comes first, so that its indentation can be read; where there is little room, everywhere. */
export function columnsOf(view: View, page: TablePage, isNarrow: boolean): readonly ColumnGroup[] {
  if (isNarrow) return commandFirst(pick(NARROW));
  const groups = pick(shownColumns(view, page));
  return page === 'level' ? groups : commandFirst(groups);
}

/** More columns than these are scrolled sideways, in their frame. */
const MOST_SIDE_BY_SIDE = 15;

export function countColumns(groups: readonly ColumnGroup[]): { width: number; frame: string } {
  const width = groups.reduce((sum, { columns }) => sum + columns.length, 0);
  return { width, frame: width > MOST_SIDE_BY_SIDE ? 'table-frame many' : 'table-frame' };
}

export function isNumeric({ unit }: Column): boolean {
  return unit !== 'text' && unit !== 'instant';
}

const SHADED: ReadonlySet<ColumnId> = new Set([
  'rss_bytes',
  'subtree_rss_bytes',
  'rss_max_bytes',
  'subtree_rss_max_bytes',
]);

/** Whether a column is shaded by share of RAM. */
export function isShaded({ id }: Column): boolean {
  return SHADED.has(id);
}
