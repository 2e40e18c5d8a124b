/**
 * What the lives and rollup files say. A summary is of rows of one life, in order of time: its values lie side by side
 * in one array, since there are tens of thousands a day.
 */
export interface Summaries {
  count: number;
  /** Value `n` of a summary is at `summary * SUMMARY + n`. */
  values: Float64Array;
}

export const SUMMARY_LIFE = 0;
/** −1: none. */
export const SUMMARY_PARENT = 1;
/** Epoch ms of the hour's begin. */
export const SUMMARY_HOUR = 2;
export const FIRST_T = 3;
export const LAST_T = 4;
export const SAMPLES = 5;
/** Of RSS, and then of the sum over the subtree: five values each. */
export const RSS_EXTENT = 6;
export const SUBTREE_EXTENT = 11;
export const SUMMARY = 16;

/** Within an extent: the lowest and highest value, when they first were there, and the sum. */
export const MIN = 0;
export const MIN_T = 1;
export const MAX = 2;
export const MAX_T = 3;
export const SUM = 4;

const FEWEST = 256;

function openSummaries(): Summaries {
  return { count: 0, values: new Float64Array(FEWEST * SUMMARY) };
}

/** The summaries of a day. */
export interface DaySums {
  /** Rows on end of one life in which neither the hour nor the parent changes, in the order of the file. */
  readonly runs: Summaries;
  readonly lives: Summaries;
  readonly rollup: Summaries;
}

export function openDaySums(): DaySums {
  return { runs: openSummaries(), lives: openSummaries(), rollup: openSummaries() };
}

/** Forgets all summaries, and keeps their memory. */
export function clearSums({ runs, lives, rollup }: DaySums): void {
  for (const summaries of [runs, lives, rollup]) summaries.count = 0;
}

/** @returns where the values of a new one are */
export function addSummary(summaries: Summaries): number {
  const at = summaries.count++ * SUMMARY;
  if (at === summaries.values.length) {
    const larger = new Float64Array(summaries.values.length * 2);
    larger.set(summaries.values);
    summaries.values = larger;
  }
  return at;
}

export function beginExtent(values: Float64Array, at: number, t: number, value: number): void {
  values[at + MIN] = value;
  values[at + MIN_T] = t;
  values[at + MAX] = value;
  values[at + MAX_T] = t;
  values[at + SUM] = value;
}

export function extend(values: Float64Array, at: number, t: number, value: number): void {
  values[at + SUM] += value;
  if (value < values[at + MIN]) {
    values[at + MIN] = value;
    values[at + MIN_T] = t;
  } else if (value > values[at + MAX]) {
    values[at + MAX] = value;
    values[at + MAX_T] = t;
  }
}

function mergeExtent(values: Float64Array, into: number, later: Float64Array, from: number): void {
  values[into + SUM] += later[from + SUM];
  if (later[from + MIN] < values[into + MIN]) {
    values[into + MIN] = later[from + MIN];
    values[into + MIN_T] = later[from + MIN_T];
  }
  if (later[from + MAX] > values[into + MAX]) {
    values[into + MAX] = later[from + MAX];
    values[into + MAX_T] = later[from + MAX_T];
  }
}

/** Makes `into` be of the rows of both; those of `from` in `later` end later. */
export function merge(values: Float64Array, into: number, later: Float64Array, from: number): void {
  values[into + LAST_T] = later[from + LAST_T];
  values[into + SAMPLES] += later[from + SAMPLES];
  mergeExtent(values, into + RSS_EXTENT, later, from + RSS_EXTENT);
  mergeExtent(values, into + SUBTREE_EXTENT, later, from + SUBTREE_EXTENT);
}

export function copySummary(into: Summaries, { values }: Summaries, from: number): number {
  const at = addSummary(into);
  into.values.set(values.subarray(from, from + SUMMARY), at);
  return at;
}

const EXTENT = SUBTREE_EXTENT - RSS_EXTENT;

function isOwn(values: Float64Array, at: number): boolean {
  for (let n = 0; n < EXTENT; n++)
    if (values[at + SUBTREE_EXTENT + n] !== values[at + RSS_EXTENT + n]) return false;
  return true;
}

/** The figures of a subtree become unknown where they are those of the process: a segment does not repeat them. */
function forgetOwn({ count, values }: Summaries): void {
  for (let at = 0; at < count * SUMMARY; at += SUMMARY)
    if (isOwn(values, at)) values.fill(Number.NaN, at + SUBTREE_EXTENT, at + SUMMARY);
}

/** What never changed has neither a minimum nor a sum of its own. */
function forgetConstant(values: Float64Array, extent: number): void {
  if (values[extent + MIN] !== values[extent + MAX]) return;
  values[extent + MIN] = Number.NaN;
  values[extent + SUM] = Number.NaN;
}

/** Leaves unknown what others of the figures tell, as docs/segments.md says. */
export function forgetInLives(lives: Summaries): void {
  forgetOwn(lives);
  const { count, values } = lives;
  for (let at = 0; at < count * SUMMARY; at += SUMMARY) {
    forgetConstant(values, at + RSS_EXTENT);
    forgetConstant(values, at + SUBTREE_EXTENT);
  }
}

/** What the lives file has of a whole life. */
const OF_LIFE = [
  ...[FIRST_T, LAST_T, SAMPLES],
  ...[MIN, MAX, SUM].map((n) => RSS_EXTENT + n),
  ...[MAX, SUM].map((n) => SUBTREE_EXTENT + n),
];

function isOnlyOfLife({ count, values }: Summaries, at: number): boolean {
  const lifeAt = (other: number) =>
    other >= 0 && other < count * SUMMARY ? values[other + SUMMARY_LIFE] : -1;
  return lifeAt(at - SUMMARY) !== lifeAt(at) && lifeAt(at + SUMMARY) !== lifeAt(at);
}

function forgetInRow(values: Float64Array, at: number, isOnly: boolean): void {
  for (const instant of [RSS_EXTENT + MIN_T, RSS_EXTENT + MAX_T])
    if (values[at + instant] === values[at + FIRST_T]) values[at + instant] = Number.NaN;
  if (isOnly) for (const n of OF_LIFE) values[at + n] = Number.NaN;
}

/** As `forgetInLives`; of a life that has but one row all that the lives file tells. */
export function forgetInRollup(rollup: Summaries): void {
  forgetOwn(rollup);
  const { count, values } = rollup;
  for (let at = 0; at < count * SUMMARY; at += SUMMARY) forgetInRow(values, at, isOnlyOfLife(rollup, at));
}
