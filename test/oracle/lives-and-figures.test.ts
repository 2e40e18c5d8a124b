import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { ProcessLiteral } from '../support/dump-builder.ts';
import { instantOf as at } from '../support/dump-builder.ts';
import { history, level, mib, minutes, plot, seedMinutes, subtree } from './hand-made.ts';
import { oraclePid } from './oracle-pid.ts';

/** The oracle itself, on examples small enough to be worked out by hand. B numbers: bugs of the predecessor. */

describe('identity', () => {
  test('B8: a reused pid is two lives, each with its own statistics', () => {
    const folder = history(
      minutes(
        [{ pid: 30, start: 10, rss_mb: 400, cmd: 'A' }],
        [],
        [{ pid: 30, start: 9000, rss_mb: 5, cmd: 'B' }],
      ),
    );
    const { process, instances } = subtree(folder, { pid: 30 });
    expect(process).toMatchObject({ cmd: 'B', rss_mean_bytes: 5 * MIB, rss_max_bytes: 5 * MIB });
    expect(instances.map(({ cmd }) => cmd)).toEqual(['A', 'B']);
    expect(oraclePid(folder, { pid: 30, ts: at(60) })).toBe('no_data_for_pid');
  });

  test('B8: the same pid and start ticks in another boot is another life', () => {
    const folder = history([
      { t: 0, processes: [{ pid: 5, start: 7 }] },
      { t: 60, boot: 'boot-2', uptime: 30, processes: [{ pid: 5, start: 7 }] },
    ]);
    expect(subtree(folder, { pid: 5 }).instances).toHaveLength(2);
  });

  test('B9: an exec goes on as one life, shown once with the command of the instant', () => {
    const folder = history(
      minutes([{ pid: 20, start: 1, cmd: '/bin/sh run' }], [{ pid: 20, start: 1, cmd: 'python3 run' }]),
    );
    expect(level(folder).rows.map(({ cmd }) => cmd)).toEqual(['python3 run']);
    expect(level(folder, { ts: at(0) }).rows.map(({ cmd }) => cmd)).toEqual(['/bin/sh run']);
    expect(subtree(folder, { pid: 20 }).instances).toHaveLength(1);
  });
});

describe('identity without start ticks', () => {
  const livesOf = (folder: string, pid: number) =>
    subtree(folder, { pid }).instances.map(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const p = (literal: Partial<ProcessLiteral> = {}): ProcessLiteral => ({
    pid: 9,
    ppid: 1,
    cmd: 'a x',
    ...literal,
  });
  const init: ProcessLiteral = { pid: 1, cmd: 'init' };
  const seed = (...processes: readonly (readonly ProcessLiteral[])[]) =>
    history(seedMinutes(...processes), { format: 'seed' });

  test('a life ends where the pid is absent', () => {
    expect(livesOf(seed([init, p()], [init], [init, p()]), 9)).toEqual([
      [at(0), at(0)],
      [at(120), at(120)],
    ]);
  });

  test('a life ends where the first word of the command changes, not where the rest does', () => {
    const folder = seed([init, p()], [init, p({ cmd: 'a y' })], [init, p({ cmd: 'b y' })]);
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(60)],
      [at(120), at(120)],
    ]);
  });

  test('a life ends where the parent changes although the old one is still there', () => {
    const folder = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, { pid: 2, cmd: 'sh' }, p()]);
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(0)],
      [at(60), at(60)],
    ]);
  });

  test('a life goes on where the old parent is gone, or its pid is someone else', () => {
    const gone = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, p()]);
    expect(livesOf(gone, 9)).toEqual([[at(0), at(60)]]);
    const reused = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, { pid: 2, cmd: 'cron' }, p()]);
    expect(livesOf(reused, 9)).toEqual([[at(0), at(60)]]);
  });

  test('a life ends across a gap of more than three usual spacings', () => {
    const times = [0, 60, 120, 180, 240, 421, 481, 541];
    const samples = times.map((t) => ({ t, boot: null, interval: null, processes: [init, p()] }));
    const folder = history(samples, { format: 'seed' });
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(240)],
      [at(421), at(541)],
    ]);
    expect(plot(folder, { pid: 9 }).gaps).toMatchObject([{ reason: 'stopped' }]);
  });
});

describe('figures', () => {
  test('B10, B11: a subtree maximum is the largest simultaneous sum, not a sum of maxima', () => {
    const folder = history(
      minutes(
        [
          { pid: 1, rss_mb: 1 },
          { pid: 2, ppid: 1, rss_mb: 500 },
          { pid: 3, ppid: 1, rss_mb: 10 },
        ],
        [
          { pid: 1, rss_mb: 1 },
          { pid: 2, ppid: 1, rss_mb: 20 },
          { pid: 3, ppid: 1, rss_mb: 600 },
        ],
      ),
    );
    const { process } = subtree(folder, { pid: 1 });
    expect(mib(process.subtree_rss_bytes)).toBe(621);
    expect(mib(process.subtree_rss_max_bytes)).toBe(621);
    expect(mib(process.subtree_rss_mean_bytes)).toBe((511 + 621) / 2);
  });

  test('B12: who belongs to a subtree is asked of each sample', () => {
    const folder = history(
      minutes(
        [{ pid: 1 }, { pid: 2, rss_mb: 10 }, { pid: 3, ppid: 2, rss_mb: 700 }],
        [{ pid: 1 }, { pid: 2, rss_mb: 10 }, { pid: 3, ppid: 1, rss_mb: 800 }],
      ),
    );
    expect(plot(folder, { pid: 2 }).subtree.rss_bytes.map(mib)).toEqual([710, 10]);
    expect(mib(subtree(folder, { pid: 2 }).process.subtree_rss_max_bytes)).toBe(710);
    expect(plot(folder, { pid: 2 }).children.map(({ t }) => t)).toEqual([[at(0)]]);
  });

  test('B13: statistics are of the samples up to the instant, unless the whole is asked for', () => {
    const folder = history(minutes(...[10, 20, 900].map((rss_mb) => [{ pid: 1, rss_mb }])));
    expect(mib(level(folder, { ts: at(60) }).rows[0].rss_max_bytes)).toBe(20);
    expect(mib(level(folder, { ts: at(60), window: 'all' }).rows[0].rss_max_bytes)).toBe(900);
  });

  test('B15: a lifetime is told by the uptime, so one sample is enough', () => {
    const folder = history([{ t: 0, uptime: 5000, processes: [{ pid: 1, start: 100_000 }] }]);
    const { process } = subtree(folder, { pid: 1 });
    expect(process.lifetime_seconds).toBe(4000);
    expect(Date.parse(process.started)).toBe(at(-4000));
    expect(Date.parse(process.first_seen)).toBe(at(0));
  });

  test('B15: without start ticks a lifetime is the time since it was first seen', () => {
    const folder = history(seedMinutes([{ pid: 1 }], [{ pid: 1 }]), { format: 'seed' });
    expect(subtree(folder, { pid: 1 }).process).toMatchObject({ lifetime_seconds: 60, weak_identity: true });
  });

  test('B16: samples in which it was not alive are not counted as 0', () => {
    const folder = history(
      minutes([{ pid: 1, start: 1, rss_mb: 30 }], [], [{ pid: 1, start: 1, rss_mb: 50 }]),
    );
    const { process } = subtree(folder, { pid: 1 });
    expect([process.rss_min_bytes, process.rss_mean_bytes].map(mib)).toEqual([30, 40]);
    expect(plot(folder, { pid: 1 }).own.rss_bytes.map(mib)).toEqual([30, 50]);
  });

  test('B22: only what may be added up is, and unknown is not 0', () => {
    const folder = history(
      minutes([
        { pid: 1, rss_mb: 5, pss_mb: 3 },
        { pid: 2, rss_mb: 7 },
      ]),
    );
    expect(level(folder).totals).toEqual({
      processes: 2,
      rss_bytes: 12 * MIB,
      pss_bytes: 3 * MIB,
      swap_bytes: null,
      known: { pss: 1, swap: 0 },
    });
  });
});
