import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import type { History } from '../../../server/application/ports.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { instantOf } from '../../support/dump-builder.ts';
import { historyOf, sampleOf } from './recorded.ts';

/** What is found out about samples is kept, and more of them come in: at the end, and some late. */

interface Point {
  /** Seconds since the sample before. */
  readonly step: number;
  readonly available: number;
  readonly gain: number;
  /** In which of the parts it comes in. */
  readonly part: number;
}

const PARTS = 3;

const point: fc.Arbitrary<Point> = fc.record({
  step: fc.oneof({ weight: 30, arbitrary: fc.constant(60) }, fc.integer({ min: 1, max: 100_000 })),
  available: fc.nat(1000),
  gain: fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, fc.constantFrom(-3000, 5000)),
  part: fc.nat(PARTS - 1),
});

/** Without intervals: whether a spacing is a gap hangs on those around it. Most samples come in order. */
function literalsOf(points: readonly Point[]): { readonly sample: SampleLiteral; readonly part: number }[] {
  let [t, pgmajfault] = [0, 1e6];
  return points.map(({ step, available, gain, part }, at) => {
    t += step;
    pgmajfault += gain;
    const swap_free_bytes = available % 7 === 0 ? available * MIB : 0;
    const memory = { mem_total_bytes: 1000 * MIB, mem_available_bytes: available * MIB };
    const system = { ...memory, pgmajfault, swap_total_bytes: 1000 * MIB, swap_free_bytes };
    const inOrder = Math.floor((at * PARTS) / points.length);
    return {
      sample: { t, interval: null, uptime: null, system, processes: null },
      part: at % 50 === 0 ? Math.max(part, inOrder) : inOrder,
    };
  });
}

const asked = fc.record({ px: fc.integer({ min: 1, max: 30 }), from: fc.nat(100), to: fc.nat(100) });

describe('An overview that was asked for before', () => {
  test('tells the same as one of a history that nobody has asked yet', async () => {
    const points = fc.array(point, { minLength: 250, maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(points, fc.array(asked, { minLength: 1, maxLength: 4 }), async (all, questions) => {
        const literals = literalsOf(all);
        const history = await openHistory();
        for (let part = 0; part < PARTS; part++) {
          for (const one of literals.filter((literal) => literal.part === part))
            await history.append(sampleOf(one.sample));
          const unasked = await historyOf(
            literals.filter((literal) => literal.part <= part).map(({ sample }) => sample),
          );
          const end = instantOf(literals[literals.length - 1].sample.t);
          const ask = (of: History) =>
            Promise.all(
              questions.map(({ px, from, to }) => {
                const [first, last] = [Math.min(from, to), Math.max(from, to)].map((share) =>
                  String(Math.round(instantOf(0) + ((end - instantOf(0)) * share) / 100)),
                );
                return viewOverview(of, { px, from: first, to: last }, 'UTC');
              }),
            );
          expect(await ask(history)).toEqual(await ask(unasked));
          unasked.close();
        }
        history.close();
      }),
      { numRuns: 12 },
    );
  });
});
