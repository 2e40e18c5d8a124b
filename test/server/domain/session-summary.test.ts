import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSampleReader } from '../../../server/application/measure-sample.ts';
import type { SessionFigures } from '../../../server/domain/session-figures.ts';
import type { SessionSummary } from '../../../server/domain/session-summary.ts';
import { openSummary } from '../../../server/domain/session-summary.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import type { ProcessLiteral, SampleLiteral } from '../../support/dump-builder.ts';
import { buildSample } from '../../support/dump-builder.ts';

const GROUP: WatchGroup = {
  name: 'web',
  members: [
    { name: 'node', rule: { exe: 'node' } },
    { name: 'workers', rule: { pattern: 'worker' } },
    { name: 'nobody', rule: { user: 'nobody' } },
  ],
};

const COMMANDS = ['node worker.js', 'node api.js', 'python3 worker.py', 'bash'];

const anyProcess = fc.record(
  {
    pid: fc.integer({ min: 1, max: 6 }),
    start: fc.integer({ min: 0, max: 2 }),
    rss_mb: fc.integer({ min: 0, max: 500 }),
    pss_mb: fc.integer({ min: 0, max: 500 }),
    cmd: fc.constantFrom(...COMMANDS),
  },
  { requiredKeys: ['pid', 'start', 'rss_mb', 'cmd'] },
);

const anySample = fc.record({
  used_mb: fc.option(fc.integer({ min: 0, max: 8000 })),
  processes: fc.option(fc.uniqueArray(anyProcess, { selector: ({ pid }) => pid, maxLength: 6 }), {
    freq: 10,
  }),
});
type AnySample = typeof anySample extends fc.Arbitrary<infer T> ? T : never;

function literalOf({ used_mb, processes }: AnySample, index: number): SampleLiteral {
  const used = used_mb === null ? Number.NaN : used_mb * MIB;
  return {
    t: index,
    interval: 1,
    processes,
    system: { mem_total_bytes: 16_000 * MIB, mem_available_bytes: 16_000 * MIB - used },
  };
}

function summarise(samples: readonly AnySample[]): SessionSummary {
  const measure = openSampleReader(GROUP);
  const summary = openSummary(GROUP);
  for (const [index, one] of samples.entries()) {
    const sample = buildSample(literalOf(one, index));
    summary.add(sample, measure(sample));
  }
  return summary.read();
}

/** What a person would do with a list: index of the sample → MiB, `null` where there is none. */
function figuresOf(values: readonly (number | null)[]): Omit<SessionFigures, 'peak'> | null {
  const known = values.flatMap((value) => (value === null ? [] : [value * MIB]));
  if (known.length === 0) return null;
  const [first, last] = [known[0], known[known.length - 1]];
  return {
    samples: known.length,
    ...{ first, last, min: Math.min(...known), max: Math.max(...known) },
    mean: known.reduce((sum, one) => sum + one, 0) / known.length,
    growth: known.length > 1 ? last - first : null,
  };
}

function sumWhere(samples: readonly AnySample[], isIn: (process: ProcessLiteral) => boolean) {
  return samples.map(({ processes }) => {
    const found = (processes ?? []).filter(isIn);
    return found.length === 0 ? null : found.reduce((sum, { rss_mb = 0 }) => sum + rss_mb, 0);
  });
}

/** `null` also where one of them is not known: one that holds nothing is not asked. */
function pssWhere(samples: readonly AnySample[], isIn: (process: ProcessLiteral) => boolean) {
  return samples.map(({ processes }) => {
    const found = (processes ?? []).filter(isIn).map(({ rss_mb, pss_mb }) => (rss_mb === 0 ? 0 : pss_mb));
    const known = found.filter((one) => one !== undefined);
    return known.length === 0 || known.length < found.length ? null : known.reduce((a, b) => a + b);
  });
}

function withoutPeak(figures: SessionFigures | null): Omit<SessionFigures, 'peak'> | null {
  if (!figures) return null;
  const { peak, ...rest } = figures;
  expect(Number.isInteger(peak)).toBe(true);
  return rest;
}

const isNode = ({ cmd }: ProcessLiteral) => cmd?.startsWith('node') === true;
const isWorker = ({ cmd }: ProcessLiteral) => cmd?.includes('worker') === true;

test('the figures of host, group, members, programs and lives are those of a list of all values', () => {
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 8 }), (samples) => {
      const summary = summarise(samples);
      expect(withoutPeak(summary.used)).toEqual(figuresOf(samples.map(({ used_mb }) => used_mb)));
      const [node, workers, nobody] = summary.group?.members ?? [];
      expect(withoutPeak(node.figures)).toEqual(figuresOf(sumWhere(samples, isNode)));
      // A process counts for the first member that it matches.
      expect(withoutPeak(workers.figures)).toEqual(
        figuresOf(sumWhere(samples, (one) => isWorker(one) && !isNode(one))),
      );
      expect(nobody).toEqual({ name: 'nobody', processes: 0, figures: null, pss: null });
      expect(withoutPeak(workers.pss)).toEqual(
        figuresOf(pssWhere(samples, (one) => isWorker(one) && !isNode(one))),
      );
      expect(withoutPeak(summary.group?.total.figures ?? null)).toEqual(
        figuresOf(sumWhere(samples, (one) => isNode(one) || isWorker(one))),
      );
      const ambiguous = samples.map(
        ({ processes }) => (processes ?? []).filter((one) => isNode(one) && isWorker(one)).length,
      );
      expect(summary.ambiguous).toBe(Math.max(0, ...ambiguous));
      for (const { name, figures, pss } of summary.programs) {
        const isOf = ({ cmd }: ProcessLiteral) => cmd?.split(' ')[0] === name;
        expect(withoutPeak(figures)).toEqual(figuresOf(sumWhere(samples, isOf)));
        expect(withoutPeak(pss)).toEqual(figuresOf(pssWhere(samples, isOf)));
      }
      for (const { pid, key, figures, pss } of summary.lives) {
        const start = Number(key.split('-').at(-1));
        const isIt = (one: ProcessLiteral) => one.pid === pid && one.start === start;
        expect(withoutPeak(figures)).toEqual(figuresOf(sumWhere(samples, isIt)));
        expect(withoutPeak(pss)).toEqual(figuresOf(pssWhere(samples, isIt)));
      }
      const ids = samples.flatMap(({ processes }) =>
        (processes ?? []).map(({ pid, start }) => `${pid}-${start}`),
      );
      expect(summary.lives).toHaveLength(new Set(ids).size);
    }),
  );
});

test('the peak is the first of the largest values', () => {
  const sample = (used_mb: number) => ({ used_mb, processes: [] });
  const { used } = summarise([100, 300, 200, 300].map(sample));
  expect(used?.peak).toBe(buildSample(literalOf(sample(0), 1)).system.t);
});

test('the largest come first, and a pid that is given anew is another life', () => {
  const at = (start: number, rss_mb: number) => ({
    used_mb: 1,
    processes: [
      { pid: 2, start, rss_mb, cmd: 'node a' },
      { pid: 3, start: 0, rss_mb: 50, cmd: 'bash' },
    ],
  });
  const { lives } = summarise([at(0, 10), at(1, 90)]);
  expect(lives.map(({ pid, figures }) => [pid, figures.max / MIB])).toEqual([
    [2, 90],
    [3, 50],
    [2, 10],
  ]);
});
