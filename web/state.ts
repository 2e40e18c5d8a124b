import { LIVE } from '../server/domain/live-point.ts';
import type { FacetId, ThresholdId } from '../server/domain/process-filter.ts';
import { FACET_IDS, LIMIT, SEARCH, THRESHOLDS, WATCH } from '../server/domain/process-filter.ts';
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
  watch: '/watch',
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
const LOCAL = ['fold', 'hide', 'metric', 'order', 'shown', 'view', 'small', ...READER] as const;

const LIVE_VIEW = ['watch', 'metric', 'points', ...RANGE, 'every', 'mark', 'hide'] as const;

/** The feed is the same for every view of it. */
const LIVE_LOCAL = [...LIVE_VIEW, ...READER] as const;

const PAGE_PARAMS = {
  overview: ['host', ...RANGE, WATCH.id, 'metric', 'cols', 'height', 'hide', ...READER],
  live: LIVE_LOCAL,
  snapshot: [...CARRIED, 'view', 'fold'],
  groups: [...CARRIED, 'by', 'view'],
  level: [...CARRIED, 'lvl'],
  pid: [...CARRIED, ...PROCESS, 'view', 'fold'],
  plot: [...CARRIED, ...PROCESS, ...RANGE, 'hide', 'small'],
  files: ['state', 'limit', ...READER],
  status: [...READER],
  watch: ['host', 'ts', ...RANGE, WATCH.id, 'edit', 'hide', ...READER],
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

/** The same URL, as data. `px` only where the answer is a series. */
export function dataHrefOf(view: View, format: ExportFormat, px?: number): string {
  const query = new URLSearchParams(view.params);
  for (const name of view.page === 'live' ? LIVE_LOCAL : LOCAL) query.delete(name);
  query.set('format', format);
  if (view.page === 'live') query.set('n', String(livePoints(view)));
  // The whole host is a tree of every process, unless the reader wants fewer.
  if (view.page === 'snapshot' && !view.params.limit) query.set('limit', String(LIMIT.max));
  if (px !== undefined && (view.page === 'overview' || view.page === 'plot')) query.set('px', String(px));
  return withQuery(view.path, query);
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
    return carried.includes(name) ? from.params[name] : undefined;
  };
  return { page, path: PAGES[page], params: pickParams(page, read) };
}

export function linkTo(page: PageId, from: View, changes: ParamChanges = {}): string {
  return hrefOf(viewOf(page, from, changes));
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

/** Whether the reader is still looking at the same thing, only sorted, filtered or folded otherwise. */
export function isSamePlace(a: View, b: View): boolean {
  const place = ['host', 'ts', 'lvl', 'pid', 'key'] as const;
  return a.page === b.page && a.path === b.path && place.every((name) => a.params[name] === b.params[name]);
}

/** Whether new samples belong into this view: it shows "now", not a moment or range of the past. */
export function isFollowing({ page, params }: View): boolean {
  const open = params.ts === undefined || params.ts === 'latest' || params.ts.startsWith('-');
  return page !== 'unknown' && open && params.to === undefined;
}

/** Whether the page shows a stretch of time, not an instant. */
export function hasRange({ page }: View): boolean {
  return page === 'overview' || page === 'live' || page === 'plot';
}

/** Whether a page brings its figures up to date by itself. */
export function renewsItself({ page }: View): boolean {
  return page === 'live';
}

/** What an answer tells of when it is. */
interface Dated {
  readonly ts?: string;
  readonly coverage?: { readonly from: string; readonly to: string };
  readonly range?: { readonly from: string; readonly to: string };
}

/** The same view with the instants that it shows in place of "latest", "-1h" or nothing. */
export function canonicalView(view: View, answer: object): View {
  const { ts, coverage, range = coverage }: Dated = answer;
  if (hasRange(view) && range) return changeView(view, { from: range.from, to: range.to });
  return ts === undefined ? view : changeView(view, { ts });
}

/** Whether a part of the recording is shown, not all of it. */
export function isRange({ params }: View): boolean {
  return params.from !== undefined || params.to !== undefined;
}

/** Whether any filter is set that can hide rows (the limit apart). */
export function isFiltered({ params }: View): boolean {
  return FILTER_PARAMS.some((name) => name !== 'limit' && params[name] !== undefined);
}

export const WITHOUT_FILTERS: ParamChanges = Object.fromEntries(FILTER_PARAMS.map((name) => [name, null]));
