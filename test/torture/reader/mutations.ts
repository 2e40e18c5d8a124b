import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Caps } from '../../../server/adapters/dumps/caps.ts';
import { DEFAULT_CAPS } from '../../../server/adapters/dumps/caps.ts';
import type { DecodedProcesses } from '../../../server/adapters/dumps/decode-process.ts';
import { endDecoding, openProcessDecoder, pushBytes } from '../../../server/adapters/dumps/decode-process.ts';
import type { LayoutCache } from '../../../server/adapters/dumps/layout-cache.ts';
import { openLayoutCache } from '../../../server/adapters/dumps/layout-cache.ts';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import type { KnownLines } from './judge.ts';
import { beginsWith, judge, knowLines } from './judge.ts';
import { minimize } from './minimize.ts';
import { mutate } from './mutators.ts';
import type { Pair, PairBench } from './pairs.ts';
import { oddPair, openPairBench, plainPair, seedPair } from './pairs.ts';
import type { Random } from './random.ts';
import { openRandom, pick } from './random.ts';
import type { Outcome, Target } from './target.ts';
import { computedMs, grouped } from './target.ts';

/** T8: files damaged in any way, the same ones for the same seed. */

const KIB = 1024;
const MIB = 1024 * KIB;
/** Small, so that the mutators reach it. */
const CAPS: Caps = { ...DEFAULT_CAPS, lineBytes: 2 * KIB };
const MOST_FAULTS = 20;
const BASES: readonly Pair[] = [plainPair(3 * KIB), oddPair(3 * KIB), seedPair(2 * KIB), plainPair(500)];
const LARGE = plainPair(64 * KIB);
const LARGE_ONE_IN = 50;
/** The bound of T8, and what may come in between: the collection of garbage. */
const SLOWEST_MS_PER_MIB = 1000;
const START_MS = 200;

interface Mutating {
  readonly benches: Readonly<Record<DumpFormat, PairBench>>;
  readonly known: KnownLines;
  /** Of all runs: what was cached from damaged files must not come back. */
  readonly layouts: LayoutCache;
  slowestMsPerMiB: number;
  readonly mostMsPerMiB: number;
}

function decodeInPieces(
  bytes: Buffer,
  mutating: Mutating,
  format: DumpFormat,
  pieces: number,
  tolerantOnly = false,
) {
  const options = { file: 'f', format, caps: CAPS, layouts: mutating.layouts, tolerantOnly };
  const decoder = openProcessDecoder(options);
  for (let at = 0; at < bytes.length; at += pieces) pushBytes(decoder, bytes.subarray(at, at + pieces));
  return endDecoding(decoder, () => true);
}

function differences(one: DecodedProcesses, other: DecodedProcesses, what: string): readonly string[] {
  const [a, b] = [one.table, other.table];
  const isAlike =
    JSON.stringify({ ...one, table: a?.count }) === JSON.stringify({ ...other, table: b?.count }) &&
    (!a || !b || beginsWith(b, a));
  return isAlike ? [] : [`is read otherwise ${what}`];
}

/** The fast decoder and csv-parse, whole and in pieces. */
function compareDecoders(
  bytes: Buffer,
  mutating: Mutating,
  format: DumpFormat,
  pieces: number,
): readonly string[] {
  const whole = decodeInPieces(bytes, mutating, format, bytes.length + 1);
  const byCsvParse = decodeInPieces(bytes, mutating, format, bytes.length + 1, true);
  return [
    ...differences(whole, byCsvParse, 'by csv-parse'),
    ...differences(whole, decodeInPieces(bytes, mutating, format, pieces), `in pieces of ${pieces} bytes`),
  ];
}

async function tryBytes(
  mutating: Mutating,
  pair: Pair,
  bytes: Buffer,
  pieces: number,
): Promise<readonly string[]> {
  const { format } = pair;
  const bench = mutating.benches[format];
  bench.put('process', bytes);
  bench.put('system', pair.system);
  const started = computedMs();
  try {
    const read = await bench.read();
    const ms = computedMs() - started;
    mutating.slowestMsPerMiB = Math.max(
      mutating.slowestMsPerMiB,
      (ms / Math.max(bytes.length, 64 * KIB)) * MIB,
    );
    const isSlow = ms > START_MS + (mutating.mostMsPerMiB * bytes.length) / MIB;
    const isToBeTold = format === 'v2' && crc32(bytes) !== crc32(pair.process);
    return [
      ...(isSlow ? [`took ${ms.toFixed(0)} ms`] : []),
      ...judge(read, { process: bytes, known: mutating.known, isToBeTold }),
      ...compareDecoders(bytes, mutating, format, pieces),
    ];
  } catch (error) {
    return [`threw ${error instanceof Error ? error.stack : error}`];
  }
}

/** Figures differ from case to case; what is wrong does not. */
function kindOf(fault: string): string {
  return fault.replaceAll(/\d+/g, '#').slice(0, 60);
}

const CASES = 'node_modules/.cache/torture/reader/cases';

async function describeCase(
  mutating: Mutating,
  pair: Pair,
  bytes: Buffer,
  pieces: number,
  name: string,
  faults: readonly string[],
) {
  const kinds = new Set(faults.map(kindOf));
  const small = await minimize(bytes, async (fewer) =>
    (await tryBytes(mutating, pair, fewer, pieces)).some((fault) => kinds.has(kindOf(fault))),
  );
  mkdirSync(CASES, { recursive: true });
  const file = `${CASES}/${name}.csv`;
  writeFileSync(file, small);
  return `${name}: ${faults[0]}; minimized in ${file}, for test/fixtures/damaged: ${JSON.stringify(small.toString('latin1'))}`;
}

function choose(random: Random): Pair {
  return random(LARGE_ONE_IN) === 0 ? LARGE : pick(random, BASES);
}

async function runOne(mutating: Mutating, seed: number, run: number): Promise<string | null> {
  const random = openRandom(seed * 1_000_003 + run);
  const pair = choose(random);
  const { bytes, names } = mutate(pair.process, random, pick(random, BASES).process);
  const pieces = 1 + random(300);
  const faults = await tryBytes(mutating, pair, bytes, pieces);
  if (faults.length === 0) return null;
  return describeCase(mutating, pair, bytes, pieces, `seed-${seed}-run-${run}-${names.join('-')}`, faults);
}

export interface Runs {
  readonly seed: number;
  readonly count: number;
}

/** @param mostMsPerMiB told as a fault beyond; a test is not timed */
export async function mutateOften(
  runs: readonly Runs[],
  mostMsPerMiB = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const mutating: Mutating = {
    benches: { v2: openPairBench('v2', CAPS), seed: openPairBench('seed', CAPS) },
    known: knowLines([...BASES, LARGE]),
    layouts: openLayoutCache(CAPS),
    slowestMsPerMiB: 0,
    mostMsPerMiB,
  };
  const faults: string[] = [];
  for (const { seed, count } of runs)
    for (let run = 0; run < count && faults.length < MOST_FAULTS; run++) {
      const fault = await runOne(mutating, seed, run);
      if (fault) faults.push(fault);
    }
  for (const bench of Object.values(mutating.benches)) bench.remove();
  const seeds = runs.map(({ seed }) => seed).join(', ');
  const total = runs.reduce((sum, { count }) => sum + count, 0);
  const figures = `${grouped(total)} damaged files (seeds ${seeds}): ${faults.length} faults; fast decoder and csv-parse alike, whole and in pieces; slowest ${mutating.slowestMsPerMiB.toFixed(0)} ms/MiB`;
  return { figures, faults };
}

const FIXED_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const RUNS_PER_SEED = 10_000;

export const mutations: Target = {
  id: 'T8',
  asks: '100 000 mutated files: none throws or hangs, lines add up, every reject has its place, intact lines are their rows',
  run() {
    const fresh = Math.floor(Date.now() / 1000);
    const runs = [...FIXED_SEEDS, fresh].map((seed) => ({ seed, count: RUNS_PER_SEED }));
    return mutateOften(runs, SLOWEST_MS_PER_MIB);
  },
};
