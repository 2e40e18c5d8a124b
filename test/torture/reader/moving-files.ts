import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDumpFolder } from '../../../server/adapters/dumps/dump-folder.ts';
import type { DumpFolder, DumpPair, ReadDump } from '../../../server/application/dump-ports.ts';
import { plainPair } from './pairs.ts';
import type { Outcome, Target } from './target.ts';
import { grouped } from './target.ts';

/** C12: files that grow, are cut, replaced and removed while many read them. */

const READERS = 20;
const VERSIONS = { a: plainPair(1024 * 1024), b: plainPair(300 * 1024) };
const PAIR: DumpPair = {
  stampInstant: Date.UTC(2026, 2, 1),
  processFile: 'process_mem_20260301_000000Z.csv',
  systemFile: 'sys_mem_20260301_000000Z.csv',
  folder: '',
};

function putVersions(root: string): void {
  for (const [version, { process, system }] of Object.entries(VERSIONS)) {
    mkdirSync(join(root, version));
    writeFileSync(join(root, version, `${PAIR.processFile}`), process);
    writeFileSync(join(root, version, `${PAIR.systemFile}`), system);
  }
  mkdirSync(join(root, 'dumps'));
  for (const name of [`${PAIR.processFile}`, `${PAIR.systemFile}`])
    copyFileSync(join(root, 'a', name), join(root, 'dumps', name));
}

const WHOLE_ROWS = new Set(
  Object.values(VERSIONS).map(({ process }) => process.toString('latin1').split('\n').length - 2),
);

/** A reading that says nothing against the file has all rows of one of its versions, unless nothing told how many. */
function judgeReading({ sample, lines, rejects }: ReadDump): 'whole' | 'told' | 'wrong' {
  const rows = sample?.processes?.count ?? 0;
  if (rows !== lines.accepted) return 'wrong';
  if (rejects.length > 0) return 'told';
  return sample && !sample.incomplete && WHOLE_ROWS.has(rows) ? 'whole' : 'wrong';
}

interface Counts {
  whole: number;
  told: number;
  wrong: number;
  readonly thrown: string[];
}

async function readUntil(folder: DumpFolder, end: number, counts: Counts): Promise<void> {
  while (performance.now() < end) {
    try {
      counts[judgeReading(await folder.read(PAIR))]++;
    } catch (error) {
      counts.thrown.push(`threw ${error}`);
    }
  }
}

export async function readWhileMoving(ms: number): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'pmi-moving-'));
  putVersions(root);
  const mover = spawn(process.execPath, ['test/torture/reader/file-mover.mjs', root], { stdio: 'ignore' });
  const ended = new Promise((resolve) => mover.once('exit', resolve));
  const folder = openDumpFolder({ root: join(root, 'dumps'), timeZone: 'UTC' });
  const counts: Counts = { whole: 0, told: 0, wrong: 0, thrown: [] };
  const end = performance.now() + ms;
  await Promise.all(Array.from({ length: READERS }, () => readUntil(folder, end, counts)));
  const isMoverAlive = mover.exitCode === null;
  mover.kill('SIGKILL');
  await ended;
  rmSync(root, { recursive: true, force: true });
  const { whole, told, wrong, thrown } = counts;
  const figures = `${READERS} readers: ${grouped(whole)} readings of a whole version, ${grouped(told)} told as damaged, ${wrong} neither, ${thrown.length} thrown`;
  const faults = [
    ...thrown.slice(0, 5),
    ...(wrong > 0 ? [`${wrong} readings are of no version and nothing is told`] : []),
    ...(whole === 0 || told === 0 ? ['nothing moved'] : []),
    ...(isMoverAlive ? [] : ['what moves the files has ended']),
  ];
  return { figures, faults };
}

export const movingFiles: Target = {
  id: 'C12',
  asks: 'files that grow, are cut, replaced and removed under 20 readers: each reading is whole or told',
  run: () => readWhileMoving(30_000),
};
