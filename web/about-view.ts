import type { TreePicture } from '../server/domain/tree-pictures.ts';
import { TREE_PICTURES } from '../server/domain/tree-pictures.ts';
import type { ParamChanges, View } from './state.ts';
import { changeView, FILTER_PARAMS } from './state.ts';

/** What a view is about: an instant or a stretch of time, now or then, all or a part. */

/** Whether the reader is still looking at the same thing, only sorted, filtered or folded otherwise. */
export function isSamePlace(a: View, b: View): boolean {
  const place = ['host', 'ts', 'lvl', 'pid', 'key', 'name', 'a', 'b'] as const;
  return a.page === b.page && a.path === b.path && place.every((name) => a.params[name] === b.params[name]);
}

/** Whether new samples belong into this view: it shows "now", not a moment or range of the past. */
export function isFollowing({ page, params }: View): boolean {
  const open = params.ts === undefined || params.ts === 'latest' || params.ts.startsWith('-');
  return page !== 'unknown' && open && params.to === undefined;
}

/** Whether the page shows a stretch of time, not an instant. */
export function hasRange({ page }: View): boolean {
  return page === 'overview' || page === 'live' || page === 'plot' || page === 'alerts';
}

/** Where a stretch begins that nobody asked for; `null`: with the recording. */
export function usualFrom({ page }: View): string | null {
  return page === 'alerts' ? '-24h' : null;
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
  readonly base?: { readonly ts: string } | null;
}

/** The same view with the instants that it shows in place of "latest", "-1h" or nothing. */
export function canonicalView(view: View, answer: object): View {
  const { ts, coverage, range = coverage, base }: Dated = answer;
  if (hasRange(view) && range) return changeView(view, { from: range.from, to: range.to });
  return ts === undefined ? view : changeView(view, base ? { ts, base: base.ts } : { ts });
}

/** Whether a part of the recording is shown, not all of it. */
export function isRange({ params }: View): boolean {
  return params.from !== undefined || params.to !== undefined;
}

/** How the tree is shown above its table; `null`: not at all. */
export function pictureOf({ page, params }: View): TreePicture | null {
  const hasPicture = page === 'snapshot' || page === 'pid';
  return (hasPicture && TREE_PICTURES.find((picture) => picture === params.view)) || null;
}

/** Whether any filter is set that can hide rows (the limit apart). */
export function isFiltered({ params }: View): boolean {
  return FILTER_PARAMS.some((name) => name !== 'limit' && params[name] !== undefined);
}

export const WITHOUT_FILTERS: ParamChanges = Object.fromEntries(FILTER_PARAMS.map((name) => [name, null]));
