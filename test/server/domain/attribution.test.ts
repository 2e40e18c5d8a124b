import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedProcesses } from '../../../server/domain/attribution.ts';
import { attributeMemory } from '../../../server/domain/attribution.ts';

/** A process of one sample, below the one of this name; `rss` only, unless its PSS is known. */
interface Process {
  readonly life: number;
  readonly parent?: number;
  readonly rss: number;
  readonly pss?: number;
}

interface Row extends Process {
  readonly level: number;
  readonly size: number;
}

/** Depth first. */
function rowsOf(processes: readonly Process[]): Row[] {
  const below = (parent: number | undefined, level: number): Row[] =>
    processes
      .filter((one) => one.parent === parent)
      .flatMap((one) => {
        const rest = below(one.life, level + 1);
        return [{ ...one, level, size: 1 + rest.length }, ...rest];
      });
  return below(undefined, 0);
}

function placed(rows: readonly Row[]): PlacedProcesses {
  return {
    life: rows.map(({ life }) => life),
    level: rows.map(({ level }) => level),
    subtreeProcesses: rows.map(({ size }) => size),
    rss: rows.map(({ rss }) => rss),
    pss: rows.map(({ pss }) => pss ?? Number.NaN),
  };
}

/** Each process is a program of its own, named by its life. */
function attribute(later: readonly Process[], earlier: readonly Process[] | null, count = 5) {
  const rows = rowsOf(later);
  const executable = rows.map(({ life }) => `p${life}`);
  const names = { executable, program: executable, cgroup: rows.map(() => null) };
  const told = attributeMemory({ ...placed(rows), ...names }, earlier && placed(rowsOf(earlier)), count);
  const named = (list: typeof told.largest) =>
    list.map(({ row, ...one }) => ({ life: rows[row].life, ...one }));
  return { largest: named(told.largest), grown: named(told.grown) };
}

const ROOT = { life: 1, rss: 1 };

describe('who holds the memory', () => {
  test('is told by PSS where it is known, else by RSS, which is an upper bound', () => {
    const { largest } = attribute(
      [ROOT, { life: 2, parent: 1, rss: 900, pss: 100 }, { life: 3, parent: 1, rss: 300 }],
      null,
    );
    expect(largest).toMatchObject([
      { life: 3, bytes: 300, isUpperBound: true, delta: null },
      { life: 2, bytes: 100, isUpperBound: false, delta: null },
    ]);
  });

  test('of processes that hold nothing needs no PSS', () => {
    const server = { life: 2, parent: 1, rss: 50, pss: 50 };
    const { largest } = attribute([ROOT, server, { life: 3, parent: 2, rss: 0 }], null);
    expect(largest).toMatchObject([{ life: 2, isUpperBound: false }]);
  });
});

describe('who grew', () => {
  test('is nobody where there is no earlier sample, and a new process as a whole', () => {
    const later = [ROOT, { life: 2, parent: 1, rss: 100 }, { life: 3, parent: 1, rss: 60 }];
    expect(attribute(later, null).grown).toEqual([]);
    const { grown } = attribute(later, [ROOT, { life: 2, parent: 1, rss: 80 }]);
    expect(grown).toMatchObject([
      { life: 3, delta: 60, isNew: true },
      { life: 2, delta: 20, isNew: false },
    ]);
  });

  test('is compared by the same figure at both instants', () => {
    const before = { life: 2, parent: 1, rss: 100 };
    const { grown } = attribute([ROOT, { ...before, rss: 130, pss: 90 }], [ROOT, before]);
    expect(grown).toMatchObject([{ life: 2, delta: 30, bytes: 90 }]);
  });

  test('is less what its descendants held that are gone', () => {
    const make = { life: 2, parent: 1, rss: 10 };
    const compilers = (from: number, rss: number) =>
      [0, 1, 2, 3].map((at) => ({ life: from + at, parent: 2, rss }));
    const grownOf = (rss: number) =>
      attribute([ROOT, make, ...compilers(20, rss)], [ROOT, make, ...compilers(10, 100)]).grown;
    // Four of four programs: too many to tell apart, so make stands for them.
    expect(grownOf(130)).toMatchObject([{ life: 2, delta: 120, isNew: false }]);
    expect(grownOf(90)).toEqual([]);
  });

  test('is the parent where a new process only took the place of one that is gone', () => {
    const loop = { life: 2, parent: 1, rss: 2 };
    const { grown } = attribute(
      [ROOT, loop, { life: 4, parent: 2, rss: 320 }],
      [ROOT, loop, { life: 3, parent: 2, rss: 300 }],
    );
    expect(grown).toMatchObject([{ life: 2, delta: 20 }]);
  });

  test('is one process, although others of its parent shrank', () => {
    const shell = { life: 2, parent: 1, rss: 2 };
    const jobs = (a: number, b: number) => [
      { life: 3, parent: 2, rss: a },
      { life: 4, parent: 2, rss: b },
    ];
    const { grown } = attribute([ROOT, shell, ...jobs(500, 10)], [ROOT, shell, ...jobs(100, 600)]);
    expect(grown).toMatchObject([{ life: 3, delta: 400 }]);
  });
});

/** Two samples of one host: some processes are of one of them only, parents may change. */
const host = fc
  .array(
    fc.record({
      parents: fc.tuple(fc.nat(), fc.nat()),
      rss: fc.tuple(fc.nat(1000), fc.nat(1000)),
      pss: fc.boolean(),
      isThere: fc.constantFrom([true, true], [true, false], [false, true]),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) =>
    [0, 1].map((sample) => {
      const there = all.flatMap((one, life) => (one.isThere[sample] || life === 0 ? [life] : []));
      return there.map((life, at): Process => {
        const { parents, rss, pss } = all[life];
        const above = at === 0 ? {} : { parent: there[parents[sample] % at] };
        return { life, rss: rss[sample], ...above, ...(pss ? { pss: rss[sample] / 2 } : {}) };
      });
    }),
  );

function membersOf(processes: readonly Process[], root: number): Process[] {
  const own = processes.filter(({ life }) => life === root);
  const children = processes.filter(({ parent }) => parent === root);
  return [...own, ...children.flatMap(({ life }) => membersOf(processes, life))];
}

const weight = ({ rss, pss }: Process) => pss ?? rss;
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

/** Growth by the definition: each member against itself before, less those that went, at their nearest heir. */
function growthOf(later: readonly Process[], earlier: readonly Process[], root: number): number {
  const isThere = (life: number) => later.some((one) => one.life === life);
  const heirOf = (one: Process): number => {
    if (isThere(one.life)) return one.life;
    const parent = earlier.find(({ life }) => life === one.parent);
    return parent ? heirOf(parent) : -1;
  };
  const members = membersOf(later, root);
  const own = members.map((one) => {
    const before = earlier.find(({ life }) => life === one.life);
    return weight(one) - (before ? weight(before) : 0);
  });
  const lost = earlier.filter(
    (one) => !isThere(one.life) && members.some(({ life }) => life === heirOf(one)),
  );
  return sum(own) - sum(lost.map(weight));
}

describe('whatever changed', () => {
  test('figures are those of the definition, largest first, and subtrees do not overlap', () => {
    fc.assert(
      fc.property(host, ([earlier, later]) => {
        const told = attribute(later, earlier, 1000);
        for (const list of [told.largest, told.grown]) {
          const members = list.flatMap(({ life }) => membersOf(later, life).map((one) => one.life));
          expect(new Set(members).size).toBe(members.length);
          for (const { life, bytes, delta } of list) {
            expect(bytes).toBe(sum(membersOf(later, life).map(weight)));
            expect(delta).toBe(growthOf(later, earlier, life));
          }
        }
        const sizes = told.largest.map(({ bytes }) => bytes);
        const deltas = told.grown.map(({ delta }) => delta ?? 0);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        expect(deltas).toEqual([...deltas].sort((a, b) => b - a));
        expect(deltas.every((delta) => delta > 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the few that are told are the largest of all', () => {
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 4 }), ([earlier, later], count) => {
        const [few, all] = [attribute(later, earlier, count), attribute(later, earlier, 1000)];
        expect(few.largest).toEqual(all.largest.slice(0, count));
        expect(few.grown).toEqual(all.grown.slice(0, count));
      }),
    );
  });

  test('where nothing shrank or went, what grew adds up to no more than all of the growth', () => {
    fc.assert(
      fc.property(host, ([earlier, later]) => {
        const grown = later.map((one) => {
          const before = earlier.find(({ life }) => life === one.life);
          return before ? { ...one, rss: one.rss + before.rss, pss: undefined } : { ...one, pss: undefined };
        });
        const staying = earlier
          .filter(({ life }) => later.some((one) => one.life === life))
          .map((one) => ({ life: one.life, rss: one.rss }));
        const all = sum(grown.map(({ rss }) => rss)) - sum(staying.map(({ rss }) => rss));
        const plain = grown.map(({ life, rss, parent }) => ({
          ...{ life, rss },
          ...(parent === undefined ? {} : { parent }),
        }));
        const told = sum(attribute(plain, staying).grown.map(({ delta }) => delta ?? 0));
        expect(told).toBeLessThanOrEqual(all);
      }),
    );
  });
});
