/** The life of an alert: one step a sample, inactive → pending → firing → resolved. */

/** One sample as a rule sees it. What is unknown, a value or a limit, is `NaN`, and neither fires nor ends anything. */
export interface AlertPoint {
  /** Epoch ms. */
  readonly t: number;
  readonly value: number;
  /** Beyond it is alarming. */
  readonly limit: number;
  /** From here on, back, it is over. */
  readonly clear: number;
  /** Between the sample before and this one nothing was recorded. */
  readonly isAfterGap: boolean;
}

/** How a rule takes its time. */
export interface AlertPace {
  readonly isBelow: boolean;
  /** How long a value must be beyond the limit. */
  readonly forMs: number;
  /** How long after the end it does not fire again. */
  readonly coolDownMs: number;
}

/** Epoch ms throughout. */
export type AlertState =
  | { readonly phase: 'inactive' }
  /** Beyond the limit since then, not long enough yet, or too soon after the last one. */
  | { readonly phase: 'pending'; readonly since: number; readonly quietUntil: number }
  | { readonly phase: 'firing'; readonly since: number; readonly fired: number }
  | { readonly phase: 'resolved'; readonly quietUntil: number };

export type AlertPhase = AlertState['phase'];

export interface AlertStep {
  readonly state: AlertState;
  readonly event: 'fired' | 'resolved' | null;
}

export const INACTIVE: AlertState = { phase: 'inactive' };

/** Comparisons with `NaN` are false: the unknown is neither beyond nor back. */
function isBeyond({ value, limit }: AlertPoint, isBelow: boolean): boolean {
  return isBelow ? value < limit : value > limit;
}

function isBack({ value, clear }: AlertPoint, isBelow: boolean): boolean {
  return isBelow ? value >= clear : value <= clear;
}

function quietUntilOf(state: AlertState): number {
  return 'quietUntil' in state ? state.quietUntil : Number.NEGATIVE_INFINITY;
}

/** Nothing is beyond the limit, or nothing is known. */
function rest(state: AlertState, t: number): AlertState {
  const quietUntil = quietUntilOf(state);
  if (t >= quietUntil) return INACTIVE;
  return state.phase === 'resolved' ? state : { phase: 'resolved', quietUntil };
}

function hold(state: AlertState, { t, isAfterGap }: AlertPoint, { forMs }: AlertPace): AlertStep {
  const quietUntil = quietUntilOf(state);
  const since = state.phase === 'pending' && !isAfterGap ? state.since : t;
  if (t - since >= forMs && t >= quietUntil)
    return { state: { phase: 'firing', since, fired: t }, event: 'fired' };
  const isSame = state.phase === 'pending' && state.since === since;
  return { state: isSame ? state : { phase: 'pending', since, quietUntil }, event: null };
}

/**
 * The next state. What holds must be seen to hold: a gap or an unknown value lets a pending one begin anew, and leaves
 * a firing one as it is until a sample says that it is over.
 * @param point later than those before
 */
export function stepAlert(pace: AlertPace, state: AlertState, point: AlertPoint): AlertStep {
  if (state.phase === 'firing') {
    if (!isBack(point, pace.isBelow)) return { state, event: null };
    return {
      state: rest({ phase: 'resolved', quietUntil: point.t + pace.coolDownMs }, point.t),
      event: 'resolved',
    };
  }
  if (isBeyond(point, pace.isBelow)) return hold(state, point, pace);
  return { state: rest(state, point.t), event: null };
}

/** One alert, from its first sample beyond the limit to the one that ended it. */
export interface AlertEpisode {
  readonly since: number;
  readonly fired: number;
  /** `null`: it had not ended in the last sample. */
  readonly ended: number | null;
  /** The sample furthest beyond, the first of equals. */
  readonly peak: number;
}

/** Samples along time as a rule sees them; `NaN` is unknown. */
export interface AlertSeries {
  readonly t: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly limit: ArrayLike<number>;
  readonly clear: ArrayLike<number>;
}

export interface AlertRun {
  readonly state: AlertState;
  /** In order of time; the last one may go on. */
  readonly episodes: readonly AlertEpisode[];
}

/** Index of the value that is furthest beyond, of `first … last`; the unknown is not. */
function worstOf({ value }: AlertSeries, first: number, last: number, isBelow: boolean): number {
  let worst = first;
  for (let at = first + 1; at <= last; at++) {
    const isWorse = isBelow ? value[at] < value[worst] : value[at] > value[worst];
    if (isWorse || Number.isNaN(value[worst])) worst = at;
  }
  return worst;
}

/** @param gaps instants of the samples that come after a gap */
export function runAlert(pace: AlertPace, series: AlertSeries, gaps: ReadonlySet<number>): AlertRun {
  const { t, value, limit, clear } = series;
  const episodes: AlertEpisode[] = [];
  let state = INACTIVE;
  let began = 0;
  const close = (last: number, ended: number | null) => {
    if (state.phase !== 'firing') return;
    const { since, fired } = state;
    episodes.push({ since, fired, ended, peak: t[worstOf(series, began, last, pace.isBelow)] });
  };
  for (let at = 0; at < t.length; at++) {
    const point = {
      t: t[at],
      value: value[at],
      limit: limit[at],
      clear: clear[at],
      isAfterGap: gaps.has(t[at]),
    };
    const step = stepAlert(pace, state, point);
    if (step.event === 'resolved') close(at, t[at]);
    if ('since' in step.state && step.state.since === t[at]) began = at;
    state = step.state;
  }
  close(t.length - 1, null);
  return { state, episodes };
}
