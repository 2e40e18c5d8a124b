import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { formatReject } from '../../server/adapters/dumps/describe-folder.ts';
import { judge, knowLines } from './judge.ts';
import { openPairBench } from './pairs.ts';
import type { Outcome, Target } from './target.ts';

/**
 * test/fixtures/damaged: files that were damaged once, each with what is expected of it in manifest.json. A case is
 * NAME.csv or NAME.csv.gz, damaged from intact.csv; NAME.system.csv where the system file is another than intact's.
 * Cases are added, never removed.
 */

export interface Case {
  /** Which row of the fault table or which vector it is from. */
  readonly from: string;
  readonly format?: DumpFormat;
  readonly accepted: number;
  readonly rejected: number;
  readonly blank: number;
  readonly incomplete: boolean;
  /** `process:3:12: reason`, in the order in which they are told. */
  readonly rejects: readonly string[];
}

const ROOT = 'test/fixtures/damaged';
const FEWEST_CASES = 90;

function bytesOf(name: string): Buffer | null {
  const path = join(ROOT, name);
  return existsSync(path) ? readFileSync(path) : null;
}

export function readManifest(): Readonly<Record<string, Case>> {
  return JSON.parse(readFileSync(join(ROOT, 'manifest.json'), 'utf8'));
}

/** What the case gives, in the manifest's words. */
export async function readCase(name: string, format: DumpFormat = 'v2') {
  const intact = { v2: 'intact', seed: 'intact-seed' }[format];
  const packed = bytesOf(`${name}.csv.gz`);
  const process = packed ?? bytesOf(`${name}.csv`) ?? Buffer.alloc(0);
  const committed = bytesOf(`${intact}.csv`) ?? Buffer.alloc(0);
  const known = knowLines([{ format, process: committed, system: Buffer.alloc(0) }]);
  const bench = openPairBench(format, {}, packed ? '.gz' : '');
  bench.put('process', process);
  bench.put('system', bytesOf(`${name}.system.csv`) ?? bytesOf(`${intact}.system.csv`) ?? Buffer.alloc(0));
  const read = await bench.read();
  bench.remove();
  const isToBeTold = format === 'v2' && !packed && crc32(process) !== crc32(committed);
  const faults = packed ? [] : judge(read, { process, known, isToBeTold });
  const found = {
    ...read.lines,
    incomplete: read.sample?.incomplete ?? true,
    rejects: read.rejects.map((reject) => formatReject({ ...reject, file: reject.file.split('_')[0] })),
  };
  return { found, faults };
}

/** Names of files that no case is about, and of cases without a file. */
export function strays(manifest: Readonly<Record<string, Case>>): readonly string[] {
  const files = readdirSync(ROOT).filter((name) => name !== 'manifest.json');
  const names = new Set(files.map((name) => name.replace(/(?:\.system)?\.csv(?:\.gz)?$/, '')));
  const intact = ['intact', 'intact-seed'];
  const unknown = [...names].filter((name) => !(name in manifest) && !intact.includes(name));
  return [...unknown, ...Object.keys(manifest).filter((name) => !names.has(name))];
}

export async function readCorpus(): Promise<Outcome> {
  const manifest = readManifest();
  const names = Object.keys(manifest);
  const faults = strays(manifest).map((name) => `${name}: the manifest and the folder differ`);
  if (names.length < FEWEST_CASES) faults.push(`${names.length} cases, there were ${FEWEST_CASES}`);
  for (const [name, { from: _from, format, ...expected }] of Object.entries(manifest)) {
    const { found, faults: broken } = await readCase(name, format);
    faults.push(...broken.map((fault) => `${name}: ${fault}`));
    const isAsExpected = JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected));
    if (!isAsExpected)
      faults.push(`${name}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
  return { figures: `${names.length} kept cases, each as its manifest says`, faults };
}

function sorted(record: object): readonly [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

export const corpus: Target = {
  id: 'C1',
  asks: 'every damaged file that was ever kept gives what its manifest says',
  run: readCorpus,
};
