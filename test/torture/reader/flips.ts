import type { Damaged } from './judge.ts';
import { judge, knowLines } from './judge.ts';
import type { Pair, PairBench } from './pairs.ts';
import { openPairBench, plainPair, seedPair } from './pairs.ts';
import type { Outcome, Target } from './target.ts';
import { grouped } from './target.ts';

/** T7: one bit is another. */

const KIB = 1024;
const COMMIT_NAMES = 'PROC_ROWS,PROC_CRC32';
/** Cells before it. */
const COMMIT_CELL = 7;

interface Flips {
  readonly files: number;
  readonly told: number;
  readonly faults: readonly string[];
}

type Role = 'process' | 'system';

interface Flipping extends Omit<Damaged, 'process'> {
  readonly pair: Pair;
  readonly role: Role;
}

async function flipOne(bench: PairBench, flipping: Flipping, bit: number) {
  const { pair, role } = flipping;
  const bytes = pair[role];
  const at = bit >> 3;
  const isToBeTold = flipping.isToBeTold || isCommitBit(flipping, bit);
  bytes[at] ^= 1 << (bit & 7);
  bench.put(role, bytes);
  const read = await bench.read();
  const found = judge(read, { known: flipping.known, process: pair.process, isToBeTold });
  bytes[at] ^= 1 << (bit & 7);
  return {
    isTold: read.rejects.length > 0,
    faults: found.map((fault) => `${role} file, bit ${bit}: ${fault}`),
  };
}

const LETTER_CASE = 5;

/** Whether it strikes the commit record or its columns' names; a hexadecimal digit may be upper case. */
function isCommitBit({ pair: { format, system }, role }: Flipping, bit: number): boolean {
  if (role === 'process' || format === 'seed') return false;
  const at = bit >> 3;
  const header = system.indexOf(COMMIT_NAMES);
  const record = system.indexOf('\n');
  const cells = system.toString('latin1', record).split(',');
  const start = record + cells.slice(0, COMMIT_CELL).join(',').length + 1;
  const end = record + cells.slice(0, COMMIT_CELL + 2).join(',').length;
  const isInName = at >= header && at < header + COMMIT_NAMES.length;
  const isUpperCase = system[at] >= 0x60 && (bit & 7) === LETTER_CASE;
  return isInName || (at >= start && at < end && !isUpperCase);
}

/** A step that is odd and no power of two meets every bit of a byte, and every kind of cell. */
async function flip(flipping: Flipping, step: number): Promise<Flips> {
  const { pair, role } = flipping;
  const bench = openPairBench(pair.format);
  bench.put('process', pair.process);
  bench.put('system', pair.system);
  const faults: string[] = [];
  let files = 0;
  let told = 0;
  for (let bit = 0; bit < pair[role].length * 8; bit += step) {
    const one = await flipOne(bench, flipping, bit);
    faults.push(...one.faults);
    files++;
    told += Number(one.isTold);
  }
  bench.remove();
  return { files, told, faults };
}

/** @param most how many bits of the process file; a quarter of it of the other files */
export async function flipEverywhere(most: number): Promise<Outcome> {
  const pair = plainPair(64 * KIB);
  const seed = seedPair(4 * KIB);
  const stepOf = (bytes: Buffer, count: number) =>
    Math.max(1, Math.floor((bytes.length * 8) / count) - 1) | 1;
  const known = knowLines([pair, seed]);
  const process = await flip({ known, pair, role: 'process', isToBeTold: true }, stepOf(pair.process, most));
  const system = await flip(
    { known, pair, role: 'system', isToBeTold: false },
    stepOf(pair.system, most / 4),
  );
  const other = await flip(
    { known, pair: seed, role: 'process', isToBeTold: false },
    stepOf(seed.process, most / 4),
  );
  const figures = `process file: ${grouped(process.told)} of ${grouped(process.files)} flips told; system file, which no checksum covers, all of the commit record and in all ${grouped(system.told)} of ${grouped(system.files)}; predecessor's process file, likewise: ${grouped(other.told)} of ${grouped(other.files)}; nothing thrown, no neighbour lost`;
  return { figures, faults: [process, system, other].flatMap(({ faults }) => faults) };
}

export const flips: Target = {
  id: 'T7',
  asks: 'every bit of a 64 KiB pair flipped: told wherever the CRC-32 covers it, and no line costs its neighbours',
  run: () => flipEverywhere(Number.POSITIVE_INFINITY),
};
