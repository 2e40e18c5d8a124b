import { gzipSync } from 'node:zlib';
import type { ReadDump } from '../../../server/application/dump-ports.ts';
import { beginsWith, judge, knowLines } from './judge.ts';
import type { Pair } from './pairs.ts';
import { openPairBench, plainPair, seedPair } from './pairs.ts';
import type { Outcome, Target } from './target.ts';
import { grouped } from './target.ts';

/** T6: a file that ends anywhere. */

const KIB = 1024;

interface Cuts {
  readonly files: number;
  readonly rows: number;
  readonly faults: readonly string[];
}

/** From the end to the beginning: each cut is one more of the same file. */
async function cutProcessFile(pair: Pair, step: number): Promise<Cuts> {
  const { format, process, system } = pair;
  const bench = openPairBench(format);
  const known = knowLines([pair]);
  const faults: string[] = [];
  let files = 0;
  let rows = 0;
  bench.put('system', system);
  const headerEnd = process.indexOf('\n') + 1;
  for (let size = process.length - 1; size >= 0; size -= step) {
    const cut = process.subarray(0, size);
    bench.put('process', cut);
    const read = await bench.read();
    const found = judge(read, { process: cut, known, isToBeTold: format === 'v2' });
    faults.push(...found.map((fault) => `cut at ${size}: ${fault}`));
    const whole = size < headerEnd ? 0 : cut.toString('latin1').split('\n').length - 2;
    // The predecessor may have ended its last line or not; what stands there is taken for what it is.
    const least = read.lines.accepted - (format === 'seed' ? 1 : 0);
    if (least > whole || read.lines.accepted < whole)
      faults.push(`cut at ${size}: ${read.lines.accepted} rows of ${whole}`);
    files++;
    rows += read.lines.accepted;
  }
  bench.remove();
  return { files, rows, faults };
}

function isPrefix({ sample }: ReadDump, whole: ReadDump): boolean {
  const table = sample?.processes;
  const all = whole.sample?.processes;
  return !table || !all || beginsWith(all, table);
}

/** Of a packed file the rows that could be unpacked are served, and that it is cut is told. */
async function cutPackedFile({ process, system }: Pair, step: number): Promise<Cuts> {
  const bench = openPairBench('v2', {}, '.gz');
  const packed = gzipSync(process);
  bench.put('system', system);
  bench.put('process', packed);
  const whole = await bench.read();
  const faults: string[] = [];
  let files = 0;
  let rows = 0;
  for (let size = packed.length - 1; size >= 0; size -= step) {
    bench.put('process', packed.subarray(0, size));
    const read = await bench.read();
    if (!isPrefix(read, whole)) faults.push(`packed, cut at ${size}: rows that are not in the file`);
    if (!read.sample?.incomplete || read.rejects.length === 0)
      faults.push(`packed, cut at ${size}: not told`);
    files++;
    rows += read.lines.accepted;
  }
  bench.remove();
  return { files, rows, faults };
}

/** A cut system file is told, and costs no row. */
async function cutSystemFile(pair: Pair, step: number): Promise<Cuts> {
  const { format, process, system } = pair;
  const bench = openPairBench(format);
  const known = knowLines([pair]);
  const faults: string[] = [];
  let files = 0;
  let rows = 0;
  bench.put('process', process);
  for (let size = system.length - 1; size >= 0; size -= step) {
    bench.put('system', system.subarray(0, size));
    const read = await bench.read();
    const found = judge(read, { process, known, isToBeTold: true });
    faults.push(...found.map((fault) => `system file cut at ${size}: ${fault}`));
    if (read.lines.rejected + read.lines.blank > 0) faults.push(`system file cut at ${size}: it cost rows`);
    files++;
    rows += read.lines.accepted;
  }
  bench.remove();
  return { files, rows, faults };
}

export async function cutEverywhere(step: number): Promise<Outcome> {
  const pair = plainPair(64 * KIB);
  const plain = await cutProcessFile(pair, step);
  const system = await cutSystemFile(pair, step);
  const seed = await cutProcessFile(seedPair(8 * KIB), step);
  const packed = await cutPackedFile(pair, step);
  const all = [plain, system, seed, packed];
  const each = step === 1 ? 'every byte' : `every ${step}th byte`;
  const figures = `${each}: process file ${grouped(plain.files)} cuts, system file ${grouped(system.files)}, predecessor's ${grouped(seed.files)}, packed ${grouped(packed.files)}; ${grouped(all.reduce((sum, { rows }) => sum + rows, 0))} rows before the cuts served`;
  return { figures, faults: all.flatMap(({ faults }) => faults) };
}

export const cuts: Target = {
  id: 'T6',
  asks: 'a 64 KiB pair cut at every byte: the rows before the cut are served, no others, and the cut is told',
  run: () => cutEverywhere(1),
};
