/** Which rows of a long table are in the page: those in sight, some around them, and the one that has the focus. */

/** Height of every row; the styles say the same. */
export const ROW_PX = 28;
/** Up to here a table is put into the page as a whole. */
export const WHOLE_UP_TO = 500;

/** Rows in sight move by so many at once, so that a small scroll changes nothing. */
const STEP = 16;
/** Rows above and below those in sight. */
const AROUND = 24;

/** Indices, the end exclusive. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

export function rangesEqual(a: RowRange, b: RowRange): boolean {
  return a.first === b.first && a.end === b.end;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/**
 * The rows in sight, and a step more: the first is at a whole step, and both ends move together, as each change of the
 * table has all of it laid out and painted anew.
 * @param top px from the upper edge of the window to the first row; negative once it is scrolled past
 */
export function rowsInSight(count: number, top: number, height: number): RowRange {
  const first = Math.floor(-top / ROW_PX / STEP) * STEP;
  const end = first + STEP + Math.ceil(height / ROW_PX);
  return { first: clamp(first, count), end: clamp(end, count) };
}

/** What is put into the page, in order and apart; `active` keeps its neighbours, so that a key reaches them. */
export function renderedRanges(count: number, inSight: RowRange, active: number): readonly RowRange[] {
  const seen = { first: clamp(inSight.first - AROUND, count), end: clamp(inSight.end + AROUND, count) };
  const kept = { first: clamp(active - 1, count), end: clamp(active + 2, count) };
  if (active < 0 || active >= count) return [seen];
  if (kept.end < seen.first) return [kept, seen];
  if (kept.first > seen.end) return [seen, kept];
  return [{ first: Math.min(kept.first, seen.first), end: Math.max(kept.end, seen.end) }];
}

export type Stretch =
  | { readonly kind: 'rows'; readonly range: RowRange }
  /** Rows that are not in the page, as empty height. */
  | { readonly kind: 'gap'; readonly range: RowRange };

/** Ranges with the gaps around them: together all rows, each once. */
export function stretchesOf(count: number, ranges: readonly RowRange[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const range of ranges) {
    if (range.first > at) stretches.push({ kind: 'gap', range: { first: at, end: range.first } });
    if (range.end > range.first) stretches.push({ kind: 'rows', range });
    at = Math.max(at, range.end);
  }
  if (at < count) stretches.push({ kind: 'gap', range: { first: at, end: count } });
  return stretches;
}
