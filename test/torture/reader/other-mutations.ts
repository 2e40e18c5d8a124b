import { gzipSync } from 'node:zlib';
import type { ReadDump } from '../../../server/application/dump-ports.ts';
import { judge, knowLines } from './judge.ts';
import { mutate } from './mutators.ts';
import type { Pair, PairBench } from './pairs.ts';
import { openPairBench, plainPair, seedPair } from './pairs.ts';
import { openRandom, pick } from './random.ts';
import type { Outcome, Target } from './target.ts';
import { grouped } from './target.ts';

/** T8c: what the mutations of process files leave out: system files, and packed files as they are on disk. */

const KIB = 1024;
const MOST_FAULTS = 20;
const PAIRS: readonly Pair[] = [plainPair(2 * KIB), seedPair(KIB)];
const KNOWN = knowLines(PAIRS);
const PACKED = plainPair(6 * KIB);
const PACKED_ROWS = PACKED.process.toString().split('\n').length - 2;
const SEED_FACTOR = 1_000_003;

async function guarded(bench: PairBench, judgeRead: (read: ReadDump) => readonly string[]) {
  try {
    return judgeRead(await bench.read());
  } catch (error) {
    return [`threw ${error instanceof Error ? error.stack : error}`];
  }
}

/** Whatever becomes of the system file, all rows of the process file are served. */
async function mutateSystem(pair: Pair, bench: PairBench, seed: number): Promise<readonly string[]> {
  const random = openRandom(seed);
  const { bytes, names } = mutate(pair.system, random, pick(random, PAIRS).system);
  bench.put('process', pair.process);
  bench.put('system', bytes);
  const faults = await guarded(bench, (read) => {
    const isWhole = read.lines.rejected + read.lines.blank === 0;
    const found = judge(read, { process: pair.process, known: KNOWN, isToBeTold: false });
    const isOdd = Object.values(read.sample?.system.values ?? {}).some(
      (value) => !Number.isFinite(value) || value < 0,
    );
    return [...found, ...(isWhole ? [] : ['it cost rows']), ...(isOdd ? ['a figure that is none'] : [])];
  });
  const text = JSON.stringify(bytes.toString('latin1')).slice(0, 600);
  return faults.map((fault) => `system file, seed ${seed} (${names}): ${fault}: ${text}`);
}

/** A packed file that is not read whole says so. */
async function mutatePacked(bench: PairBench, packed: Buffer, seed: number): Promise<readonly string[]> {
  const random = openRandom(seed);
  const { bytes, names } = mutate(packed, random, packed);
  bench.put('process', bytes);
  const faults = await guarded(bench, ({ sample, lines, rejects }) => {
    const isWhole = lines.accepted === PACKED_ROWS && sample?.incomplete === false;
    const isTold = rejects.length > 0 && sample?.incomplete !== false;
    return isWhole || isTold ? [] : [`${lines.accepted} rows of ${PACKED_ROWS}, and nothing is told`];
  });
  return faults.map((fault) => `packed file, seed ${seed} (${names}): ${fault}`);
}

export async function mutateOthers(count: number, seed: number): Promise<Outcome> {
  const benches = {
    v2: openPairBench('v2'),
    seed: openPairBench('seed'),
    packed: openPairBench('v2', {}, '.gz'),
  };
  const packed = gzipSync(PACKED.process);
  benches.packed.put('system', PACKED.system);
  const faults: string[] = [];
  for (let run = 0; run < count && faults.length < MOST_FAULTS; run++) {
    const pair = PAIRS[run % PAIRS.length];
    const seedOfRun = seed * SEED_FACTOR + run;
    faults.push(...(await mutateSystem(pair, benches[pair.format], seedOfRun)));
    faults.push(...(await mutatePacked(benches.packed, packed, seedOfRun)));
  }
  for (const bench of Object.values(benches)) bench.remove();
  const figures = `${grouped(count)} system files and ${grouped(count)} packed files (seed ${seed}): ${faults.length} faults`;
  return { figures, faults };
}

export const otherMutations: Target = {
  id: 'T8c',
  asks: 'mutated system files cost no row of the process file; mutated packed files are read whole or told',
  run: () => mutateOthers(20_000, 1),
};
