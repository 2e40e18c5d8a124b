import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertPace, AlertPoint, AlertState } from '../../../server/domain/alert-state.ts';
import { INACTIVE, runAlert, stepAlert } from '../../../server/domain/alert-state.ts';

const MINUTE = 60_000;
const PACE: AlertPace = { isBelow: false, forMs: 2 * MINUTE, coolDownMs: 5 * MINUTE };
const NEVER = new Set<number>();

/** A sample a minute, held against 100 and over at 90. */
function seriesOf(values: readonly (number | null)[]) {
  return {
    t: values.map((_, at) => at * MINUTE),
    value: values.map((value) => value ?? Number.NaN),
    limit: values.map(() => 100),
    clear: values.map(() => 90),
  };
}

const run = (values: readonly (number | null)[], pace = PACE, gaps: ReadonlySet<number> = NEVER) =>
  runAlert(pace, seriesOf(values), gaps);

describe('an alert', () => {
  test('fires when the value has been beyond the limit for the time, and ends at the other value', () => {
    const { episodes, state } = run([50, 101, 102, 105, 95, 91, 90, 50]);
    expect(episodes).toEqual([{ since: MINUTE, fired: 3 * MINUTE, ended: 6 * MINUTE, peak: 3 * MINUTE }]);
    expect(state).toEqual({ phase: 'resolved', quietUntil: 11 * MINUTE });
  });

  test('does not fire for what comes back in time', () => {
    expect(run([101, 101, 100, 101, 101, 99]).episodes).toEqual([]);
  });

  test('fires at once where nothing is to be waited for', () => {
    const [episode] = run([50, 101, 80], { ...PACE, forMs: 0 }).episodes;
    expect(episode).toEqual({ since: MINUTE, fired: MINUTE, ended: 2 * MINUTE, peak: MINUTE });
  });

  test('knows figures that alarm when they are low', () => {
    const pace = { ...PACE, isBelow: true, forMs: 0 };
    const series = { ...seriesOf([200, 99, 40, 105, 115]), clear: [110, 110, 110, 110, 110] };
    expect(runAlert(pace, series, NEVER).episodes).toEqual([
      { since: MINUTE, fired: MINUTE, ended: 4 * MINUTE, peak: 2 * MINUTE },
    ]);
  });

  test('goes on at the end of what is recorded', () => {
    const { episodes, state } = run([101, 101, 101, 101]);
    expect(episodes).toEqual([{ since: 0, fired: 2 * MINUTE, ended: null, peak: 0 }]);
    expect(state.phase).toBe('firing');
  });

  test('is quiet after its end, and fires then where it still holds', () => {
    const { episodes } = run([101, 101, 101, 50, 101, 101, 101, 101, 101, 101]);
    expect(episodes.map(({ since, fired }) => [since / MINUTE, fired / MINUTE])).toEqual([
      [0, 2],
      [4, 8],
    ]);
  });

  test('begins to wait anew after a gap and after the unknown, and neither ends it', () => {
    expect(run([101, 101, 101], PACE, new Set([2 * MINUTE])).episodes).toEqual([]);
    expect(run([101, 101, null, 101, 101]).episodes).toEqual([]);
    const firing = run([101, 101, 101, null, null, 101, 80], PACE, new Set([5 * MINUTE]));
    expect(firing.episodes).toEqual([{ since: 0, fired: 2 * MINUTE, ended: 6 * MINUTE, peak: 0 }]);
  });

  test('of an unknown limit is neither beyond nor back', () => {
    const series = { ...seriesOf([101, 101, 101, 80]), limit: [NaN, NaN, NaN, NaN] };
    expect(runAlert(PACE, series, NEVER)).toEqual({ episodes: [], state: INACTIVE });
  });
});

/** Values around both limits, and unknown ones. */
const anyValue = fc.constantFrom(null, 80, 90, 95, 100, 101, 150);
const anyRun = fc.record({
  steps: fc.array(
    fc.record({ value: anyValue, seconds: fc.integer({ min: 1, max: 200 }), isAfterGap: fc.boolean() }),
    { maxLength: 60, size: 'max' },
  ),
  pace: fc.record({
    isBelow: fc.boolean(),
    forMs: fc.constantFrom(0, MINUTE, 3 * MINUTE),
    coolDownMs: fc.constantFrom(0, 4 * MINUTE),
  }),
});

function pointsOf(
  steps: readonly { value: number | null; seconds: number; isAfterGap: boolean }[],
  isBelow: boolean,
) {
  let t = 0;
  return steps.map(({ value, seconds, isAfterGap }): AlertPoint => {
    t += seconds * 1000;
    const [limit, clear] = isBelow ? [90, 100] : [100, 90];
    return { t, value: value ?? Number.NaN, limit, clear, isAfterGap };
  });
}

/**
 * What the rules say, of each point by looking back at all of them: it fires where it does not fire already, is not
 * quiet, and every point of a stretch without gaps as long as `for` is beyond; it ends where a point is back.
 */
function bruteForce({ isBelow, forMs, coolDownMs }: AlertPace, points: readonly AlertPoint[]) {
  const beyond = ({ value, limit }: AlertPoint) => (isBelow ? value < limit : value > limit);
  const back = ({ value, clear }: AlertPoint) => (isBelow ? value >= clear : value <= clear);
  const events: { t: number; event: string; at: number }[] = [];
  const holdsSince = (at: number, after: number): number => {
    let first = at;
    while (first > after && beyond(points[first - 1]) && !points[first].isAfterGap) first--;
    return points[first].t;
  };
  const fires = (at: number): boolean => {
    const { t: ended = Number.NEGATIVE_INFINITY, at: last = -1 } = events.at(-1) ?? {};
    const { t } = points[at];
    return beyond(points[at]) && t >= ended + coolDownMs && t - holdsSince(at, last + 1) >= forMs;
  };
  for (const [at, point] of points.entries()) {
    const isFiring = events.at(-1)?.event === 'fired';
    const isNew = isFiring ? back(point) : fires(at);
    if (isNew) events.push({ t: point.t, event: isFiring ? 'resolved' : 'fired', at });
  }
  return events.map(({ t, event }) => ({ t, event }));
}

function eventsOf(pace: AlertPace, points: readonly AlertPoint[]) {
  let state: AlertState = INACTIVE;
  return points.flatMap((point) => {
    const step = stepAlert(pace, state, point);
    state = step.state;
    return step.event === null ? [] : [{ t: point.t, event: step.event }];
  });
}

describe('whatever the samples', () => {
  test('an alert fires and ends where the rules, read out over all samples, say so', () => {
    fc.assert(
      fc.property(anyRun, ({ steps, pace }) => {
        const points = pointsOf(steps, pace.isBelow);
        expect(eventsOf(pace, points)).toEqual(bruteForce(pace, points));
      }),
      { numRuns: 1000 },
    );
  });

  test('it is told once an episode, never twice within the quiet time, and not for what is between the limits', () => {
    fc.assert(
      fc.property(anyRun, ({ steps, pace }) => {
        const points = pointsOf(steps, pace.isBelow);
        const events = eventsOf(pace, points);
        expect(events.map(({ event }) => event)).toEqual(
          events.map((_, at) => (at % 2 === 0 ? 'fired' : 'resolved')),
        );
        const starts = events.filter(({ event }) => event === 'fired').slice(1);
        const pauses = starts.map(({ t }, at) => t - events[2 * at + 1].t);
        expect(Math.min(...pauses, pace.coolDownMs)).toBe(pace.coolDownMs);
        const between = points.map((point) => ({ ...point, value: 95 }));
        expect(eventsOf(pace, between)).toEqual([]);
      }),
    );
  });

  test('a run tells the same episodes as its steps, each with its worst sample', () => {
    fc.assert(
      fc.property(anyRun, ({ steps, pace }) => {
        const points = pointsOf(steps, pace.isBelow);
        const column = (pick: (point: AlertPoint) => number) => points.map(pick);
        const series = {
          t: column(({ t }) => t),
          value: column(({ value }) => value),
          limit: column(({ limit }) => limit),
          clear: column(({ clear }) => clear),
        };
        const gaps = new Set(points.filter(({ isAfterGap }) => isAfterGap).map(({ t }) => t));
        const { episodes } = runAlert(pace, series, gaps);
        const told = episodes.flatMap(({ fired, ended }) => [
          { t: fired, event: 'fired' },
          ...(ended === null ? [] : [{ t: ended, event: 'resolved' }]),
        ]);
        expect(told).toEqual(eventsOf(pace, points));
        for (const { since, ended, peak } of episodes) {
          const inside = points.filter(({ t }) => t >= since && t <= (ended ?? Number.POSITIVE_INFINITY));
          const values = inside.map(({ value }) => value).filter((value) => !Number.isNaN(value));
          const worst = pace.isBelow ? Math.min(...values) : Math.max(...values);
          expect(inside.find(({ value }) => value === worst)?.t).toBe(peak);
        }
      }),
      {
        // What was beyond the limit before a gap, too soon to fire, is not of the alert that fires after it.
        examples: [
          [
            {
              steps: [
                { value: 101, seconds: 1, isAfterGap: false },
                { value: 80, seconds: 1, isAfterGap: false },
                { value: 150, seconds: 62, isAfterGap: false },
                { value: 150, seconds: 178, isAfterGap: true },
              ],
              pace: { isBelow: false, forMs: 0, coolDownMs: 240_000 },
            },
          ],
        ],
      },
    );
  });
});
