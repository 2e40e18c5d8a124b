import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WeakSample } from '../../../server/domain/process-lives.ts';
import { openWeakLives } from '../../../server/domain/process-lives.ts';

/** `[pid, ppid, cmd?]`; a command left out is the same for all. */
type Row = readonly [pid: number, ppid: number, cmd?: string | null];
type Moment = readonly Row[] | { readonly afterBreak: true; readonly rows: readonly Row[] };

/** Samples 0, 1, 2 … as one writes them down. */
function samplesOf(moments: readonly Moment[]): WeakSample[] {
  return moments.map((moment, t) => {
    const rows = 'rows' in moment ? moment.rows : moment;
    return {
      t,
      afterBreak: 'rows' in moment,
      pid: rows.map(([pid]) => pid),
      ppid: rows.map(([, ppid]) => ppid),
      cmd: rows.map(([, , cmd]) => (cmd === undefined ? '/bin/same' : cmd)),
    };
  });
}

/** When the life of each process of the last sample began: pid → number of the sample. */
function beginnings(...moments: readonly Moment[]): Record<number, number> {
  const lives = openWeakLives();
  let last: Record<number, number> = {};
  for (const sample of samplesOf(moments)) {
    const since = lives.next(sample);
    last = Object.fromEntries(Array.from(sample.pid, (pid, row) => [pid, since[row]]));
  }
  return last;
}

describe('without start ticks, a life', () => {
  test('begins with the first sample that shows it', () => {
    expect(beginnings([[7, 1]])).toEqual({ 7: 0 });
    expect(beginnings([], [], [[7, 1]])).toEqual({ 7: 2 });
  });

  test('goes on while pid, parent and command stay', () => {
    expect(beginnings([[7, 1]], [[7, 1]], [[7, 1]])).toEqual({ 7: 0 });
  });

  test('ends when the pid is absent from one sample', () => {
    expect(beginnings([[7, 1]], [], [[7, 1]])).toEqual({ 7: 2 });
  });

  test('ends at a gap or reboot, for every process', () => {
    const rows: Row[] = [
      [7, 1],
      [8, 7],
    ];
    expect(beginnings(rows, { afterBreak: true, rows }, rows)).toEqual({ 7: 1, 8: 1 });
  });

  test.each<[string, string | null, string | null]>([
    ['another program', '/bin/a x', '/bin/b x'],
    ['a path that only begins alike', '/bin/a', '/bin/ab'],
    ['a command where there was none', null, '/bin/a'],
    ['no command where there was one', '/bin/a', null],
  ])('ends when the first word of the command changes: %s', (_, before, after) => {
    expect(beginnings([[7, 1, before]], [[7, 1, after]])).toEqual({ 7: 1 });
  });

  test.each<[string, string | null, string | null]>([
    ['other arguments', '/bin/a --one', '/bin/a --two'],
    ['arguments dropped', '/bin/a --one', '/bin/a'],
    ['a title that keeps its first word', 'postgres: idle', 'postgres: SELECT'],
    ['still no command (kernel thread)', null, null],
  ])('goes on when only the rest of the command changes: %s', (_, before, after) => {
    expect(beginnings([[7, 1, before]], [[7, 1, after]])).toEqual({ 7: 0 });
  });
});

describe('a process whose PPID changed', () => {
  test('is a new life where its old parent is still there', () => {
    const result = beginnings(
      [
        [5, 1],
        [7, 5],
      ],
      [
        [5, 1],
        [7, 1],
      ],
    );
    expect(result).toEqual({ 5: 0, 7: 1 });
  });

  test('lives on where its old parent is gone: it was handed to another', () => {
    expect(
      beginnings(
        [
          [5, 1],
          [7, 5],
        ],
        [[7, 1]],
      ),
    ).toEqual({ 7: 0 });
  });

  test('lives on where its old parent never was in a sample', () => {
    expect(beginnings([[7, 5]], [[7, 1]])).toEqual({ 7: 0 });
    expect(beginnings([[7, 0]], [[7, 1]])).toEqual({ 7: 0 });
  });

  test("lives on where its old parent's pid now names another life", () => {
    const result = beginnings(
      [
        [5, 1, '/bin/old'],
        [7, 5],
      ],
      [
        [5, 1, '/bin/new'],
        [7, 1],
      ],
    );
    expect(result).toEqual({ 5: 1, 7: 0 });
  });

  test('is judged by the life of the old parent, which may itself have changed its parent', () => {
    const before: Row[] = [
      [5, 1],
      [6, 5],
      [7, 6],
    ];
    const after: Row[] = [
      [5, 1],
      [6, 1],
      [7, 1],
    ];
    expect(beginnings(before, after)).toEqual({ 5: 0, 6: 1, 7: 0 });
  });

  test('is remembered with its new parent afterwards', () => {
    const result = beginnings(
      [
        [5, 1],
        [7, 5],
      ],
      [[7, 1]],
      [
        [5, 1],
        [7, 1],
      ],
    );
    expect(result).toEqual({ 5: 2, 7: 0 });
  });

  test('is decided also where old parents form a loop', () => {
    const loop: Row[] = [
      [5, 6],
      [6, 7],
      [7, 5],
      [8, 5],
    ];
    const cut: Row[] = loop.map(([pid]) => [pid, 1]);
    const result = beginnings(loop, cut);
    expect(Object.values(result).every((since) => since === 0 || since === 1)).toBe(true);
    expect(new Set([result[5], result[6], result[7]]).size).toBe(1);
  });

  test('is decided in linear time along a chain of 100 000', () => {
    const count = 100_000;
    const before = Array.from({ length: count }, (_, at): Row => [at + 1, at]);
    const after = before.map(([pid]): Row => [pid, count + 1]);
    const result = beginnings(before, after.reverse());
    expect([result[1], result[2], result[3], result[count]]).toEqual([0, 1, 0, 1]);
  });
});

describe('the oracle: the rules word by word', () => {
  const word = (cmd: string | null) => (cmd ?? '').split(' ')[0];

  /** For each sample pid → beginning of its life. Recursion, one question at a time. */
  function beginningsByRule(samples: readonly WeakSample[]): Map<number, number>[] {
    const result: Map<number, number>[] = [];
    for (const [index, now] of samples.entries()) {
      const before = samples[index - 1];
      const ppid = (sample: WeakSample, pid: number) => sample.ppid[Array.from(sample.pid).indexOf(pid)];
      const cmd = (sample: WeakSample, pid: number) => sample.cmd[Array.from(sample.pid).indexOf(pid)];
      const isIn = (sample: WeakSample, pid: number) => Array.from(sample.pid).includes(pid);
      const goesOn = (pid: number): boolean => {
        if (!before || !isIn(before, pid) || !isIn(now, pid) || now.afterBreak) return false;
        if (word(cmd(before, pid)) !== word(cmd(now, pid))) return false;
        const old = ppid(before, pid);
        return old === ppid(now, pid) || !goesOn(old);
      };
      const since = (pid: number) => (goesOn(pid) ? (result[index - 1].get(pid) ?? now.t) : now.t);
      result.push(new Map(Array.from(now.pid, (pid) => [pid, since(pid)])));
    }
    return result;
  }

  /** Parents have smaller pids: no loops, about which the rules say nothing. */
  const row = (pid: number) =>
    fc.tuple(
      fc.constant(pid),
      fc.integer({ min: 0, max: pid - 1 }),
      fc.constantFrom('a x', 'a y', 'b', null),
    );
  const rows = fc
    .uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 3, maxLength: 8 })
    .chain((pids) => fc.tuple(...pids.map(row)));
  const moment = fc.oneof(
    { weight: 6, arbitrary: rows },
    { weight: 1, arbitrary: fc.record({ afterBreak: fc.constant(true as const), rows }) },
  );

  test('agrees on every life of any history', () => {
    fc.assert(
      fc.property(fc.array(moment, { minLength: 2, maxLength: 5 }), (moments) => {
        const samples = samplesOf(moments);
        const lives = openWeakLives();
        const told = samples.map((sample) => {
          const since = lives.next(sample);
          return new Map(Array.from(sample.pid, (pid, at) => [pid, since[at]]));
        });
        expect(told).toEqual(beginningsByRule(samples));
      }),
      { numRuns: 1500 },
    );
  });
});
