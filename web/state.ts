import { LIVE } from '../server/domain/live-point.ts';
import type { FacetId, ThresholdId } from '../server/domain/process-filter.ts';
import { FACET_IDS, LIMIT, SEARCH, THRESHOLDS, WATCH } from '../server/domain/process-filter.ts';
import { THRESHOLD_IDS as SESSION_THRESHOLDS } from '../server/domain/session-thresholds.ts';
import { pointsOf } from './lib/live-window.ts';

/** The view is what the URL says, and nothing else: which page, and the parameters that it knows. */

export const PAGES = {
  overview: '/api/v1/',
  live: '/live',
  snapshot: '/api/v1/snapshot',
  groups: '/api/v1/groups',
  level: '/api/v1/snapshot/level',
  pid: '/api/v1/snapshot/pid',
  plot: '/api/v1/snapshot/pid/plot',
  files: '/api/v1/files',
  status: '/api/v1/status',
  system: '/system',
  learn: '/learn',
  analyze: '/analyze',
  sessions: '/sessions',
  watch: '/watch',
  alerts: '/alerts',
} as const;

export type PageId = keyof typeof PAGES;

const THRESHOLD_IDS: readonly ThresholdId[] = THRESHOLDS.map(({ id }) => id);

/** Which rows, and in which order: carried along from page to page. */
export const FILTER_PARAMS = [
  ...THRESHOLD_IDS,
  ...(FACET_IDS as readonly FacetId[]),
  WATCH.id,
  SEARCH.id,
  'limit',
] as const;
/** How this reader wants to see it; also a part of a shared link. */
const READER = ['unit', 'tz'] as const;
const CARRIED = [
  'host',
  'ts',
  'since',
  'base',
  ...FILTER_PARAMS,
  'window',
  'sort',
  'dir',
  'order',
  'shown',
  ...READER,
] as const;
const RANGE = ['from', 'to'] as const;
const PROCESS = ['pid', 'key'] as const;

/** What only the page needs to know; the server is not asked again when it changes. */
const LOCAL = [
  'at',
  'since',
  'fold',
  'hide',
  'metric',
  'order',
  'shown',
  'view',
  'small',
  ...READER,
] as const;

/** One session; or two side by side, held against thresholds. */
const SESSIONS = ['name', 'a', 'b', 'group', 'member', 'program', ...SESSION_THRESHOLDS] as const;

const LIVE_VIEW = ['watch', 'metric', 'points', ...RANGE, 'every', 'resolution', 'mark', 'hide'] as const;

/** The feed is the same for every view of it. */
const LIVE_LOCAL = [...LIVE_VIEW, ...READER] as const;

const PAGE_PARAMS = {
  overview: ['host', ...RANGE, 'resolution', WATCH.id, 'metric', 'cols', 'height', 'hide', ...READER],
  live: LIVE_LOCAL,
  snapshot: [...CARRIED, 'view', 'fold'],
  groups: [...CARRIED, 'by', 'view'],
  level: [...CARRIED, 'lvl'],
  pid: [...CARRIED, ...PROCESS, 'view', 'fold'],
  plot: [...CARRIED, ...PROCESS, ...RANGE, 'resolution', 'hide', 'small'],
  files: ['state', 'limit', ...READER],
  status: [...READER],
  system: [...READER],
  learn: ['pid', ...READER],
  analyze: ['pid', 'tab', 'class', 'at', 'a', 'b', 'sort', 'limit', ...READER],
  sessions: [...SESSIONS, 'hide', ...READER],
  watch: ['host', 'ts', ...RANGE, WATCH.id, 'edit', 'hide', ...READER],
  alerts: ['host', ...RANGE, ...READER],
} as const;

export type ParamName = (typeof PAGE_PARAMS)[PageId][number];
export type Params = Readonly<Partial<Record<ParamName, string>>>;
/** `null` takes a parameter away. */
export type ParamChanges = Readonly<Partial<Record<ParamName, string | number | null>>>;

export interface View {
  readonly page: PageId | 'unknown';
  readonly path: string;
  readonly params: Params;
}

function pageOf(path: string): View['page'] {
  if (path.startsWith(`${PAGES.learn}/`)) return 'learn';
  const found = (Object.keys(PAGES) as PageId[]).find((page) => PAGES[page] === path);
  return found ?? 'unknown';
}

/** Parameters in the page's own order, without empty ones: one view has one URL. */
function pickParams(page: View['page'], read: (name: ParamName) => string | null | undefined): Params {
  if (page === 'unknown') return {};
  const picked: Partial<Record<ParamName, string>> = {};
  for (const name of PAGE_PARAMS[page]) {
    const value = read(name);
    if (value) picked[name] = value;
  }
  return picked;
}

export function parseView(url: URL): View {
  const page = pageOf(url.pathname);
  return { page, path: url.pathname, params: pickParams(page, (name) => url.searchParams.get(name)) };
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export function hrefOf(view: View): string {
  return withQuery(view.path, new URLSearchParams(view.params));
}

export type ExportFormat = 'json' | 'csv' | 'ndjson' | 'parquet';

/** What the server keeps, unless fewer will be seen. */
function livePoints({ params }: View): number {
  return params.from === undefined ? Math.max(LIVE.initial, pointsOf(params)) : LIVE.ring;
}

/** Which two moments are compared is asked for beside the page. */
function analysisHrefOf(view: View, query: URLSearchParams): string {
  for (const name of ['tab', 'a', 'b']) query.delete(name);
  return withQuery(`/api/v1/analyze/${ANALYZE_TABS[analyzeTabOf(view)].data}`, query);
}

/** The same URL, as data. `px` only where the answer is a series. */
export function dataHrefOf(view: View, format: ExportFormat, px?: number): string {
  const query = new URLSearchParams(view.params);
  for (const name of view.page === 'live' ? LIVE_LOCAL : LOCAL) query.delete(name);
  query.set('format', format);
  if (view.page === 'live') query.set('n', String(livePoints(view)));
  if (view.page === 'analyze') return analysisHrefOf(view, query);
  // The whole host is a tree of every process, unless the reader wants fewer.
  if (view.page === 'snapshot' && !view.params.limit) query.set('limit', String(LIMIT.max));
  if (px !== undefined && (view.page === 'overview' || view.page === 'plot')) query.set('px', String(px));
  return withQuery(view.path, query);
}

/** The parts of an analysis: the predecessor's names, and which of the API's answers each shows. */
export const ANALYZE_TABS = {
  summary: { label: 'Summary', data: 'summary' },
  regions: { label: 'Memory Regions', data: 'regions' },
  cpu: { label: 'CPU Behavior', data: 'cpu' },
  map: { label: 'Memory Visualization', data: 'regions' },
  trends: { label: 'Memory Trends', data: 'trends' },
  changes: { label: 'Changes', data: 'moments' },
  system: { label: 'System Context', data: 'system' },
} as const;

export type AnalyzeTab = keyof typeof ANALYZE_TABS;

export function analyzeTabOf({ params: { tab } }: View): AnalyzeTab {
  return tab !== undefined && Object.hasOwn(ANALYZE_TABS, tab) ? (tab as AnalyzeTab) : 'summary';
}

function asText(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** The same page with some parameters changed. */
export function changeView(view: View, changes: ParamChanges): View {
  const read = (name: ParamName) => (name in changes ? asText(changes[name]) : view.params[name]);
  return { ...view, params: pickParams(view.page, read) };
}

/** Another page: host, instant, filters and order come along, what belongs to the old page does not. */
export function viewOf(page: PageId, from: View, changes: ParamChanges = {}): View {
  const carried: readonly string[] = CARRIED;
  const read = (name: ParamName) => {
    if (name in changes) return asText(changes[name]);
    // Where a stretch of time was looked at, an instant's table tells what its rows did since it began.
    if (name === 'since' && from.params.from !== undefined) return from.params.from;
    return carried.includes(name) ? from.params[name] : undefined;
  };
  return { page, path: PAGES[page], params: pickParams(page, read) };
}

export function linkTo(page: PageId, from: View, changes: ParamChanges = {}): string {
  return hrefOf(viewOf(page, from, changes));
}

/** The page about one concept, with the figures of the same process. */
export function learnHref(topic: string, from: View): string {
  const pid = from.params.pid ?? null;
  return hrefOf({ ...viewOf('learn', from, { pid }), path: `${PAGES.learn}/${topic}` });
}

/** Inside a process. Rows of other pages are sorted and limited otherwise: that does not come along. */
export function analyzeHref(from: View, changes: ParamChanges = {}): string {
  if (from.page === 'analyze') return hrefOf(changeView(from, changes));
  // A recorded process need not be there any more; one that a text was about was there just now.
  const pid = (from.page === 'learn' && from.params.pid) || null;
  return hrefOf(viewOf('analyze', from, { pid, sort: null, limit: null, ...changes }));
}

type SetParam = 'fold' | 'hide' | 'shown';

/** `fold`, `hide`, `shown`: a set in the URL, as `1,2,3`. */
export function readSet(view: View, name: SetParam): ReadonlySet<string> {
  return new Set(view.params[name]?.split(',').filter(Boolean));
}

export function toggleInSet(view: View, name: SetParam, member: string): View {
  const set = new Set(readSet(view, name));
  if (!set.delete(member)) set.add(member);
  return changeView(view, { [name]: [...set].join(',') });
}
