import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDumpFolder } from '../../../server/adapters/dumps/dump-folder.ts';
import { plainPair } from './pairs.ts';
import type { Outcome, Target } from './target.ts';

/** C11: what is named as a dump and is none. */

const PAIR = plainPair(1024);
const ROWS = PAIR.process.toString().split('\n').length - 2;
const MINUTE = 60_000;

type Place = (path: string, root: string) => void | Promise<void>;

async function placeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  // Closing would remove it; unreferenced, it ends with the process.
  server.unref();
}

/** What is put in the place of a process file, and what is told of it. */
const KINDS: Readonly<
  Record<string, { readonly place: Place; readonly told: RegExp; readonly needsRoot?: true }>
> = {
  FIFO: { place: (path) => void execFileSync('mkfifo', [path]), told: /is not a regular file/ },
  socket: { place: placeSocket, told: /is not a regular file/ },
  directory: { place: (path) => mkdirSync(path), told: /is a directory|is not a regular file/ },
  'link to a file': {
    place(path, root) {
      writeFileSync(join(root, 'elsewhere'), PAIR.process);
      symlinkSync(join(root, 'elsewhere'), path);
    },
    told: /is a symbolic link/,
  },
  'dangling link': { place: (path) => symlinkSync('/nowhere/at/all', path), told: /is a symbolic link/ },
  'link to a device': { place: (path) => symlinkSync('/dev/zero', path), told: /is a symbolic link/ },
  'link to itself': { place: (path) => symlinkSync(path, path), told: /is a symbolic link/ },
  device: {
    place: (path) => void execFileSync('mknod', [path, 'c', '1', '5'], { stdio: 'ignore' }),
    told: /is not a regular file/,
    needsRoot: true,
  },
};

function putNeighbour(root: string): void {
  writeFileSync(join(root, 'process_mem_20260301_000000Z.csv'), PAIR.process);
  writeFileSync(join(root, 'sys_mem_20260301_000000Z.csv'), PAIR.system);
}

interface Found {
  readonly rows: readonly (number | undefined)[];
  readonly rejects: readonly string[];
}

/** @param meanwhile between the listing and the reading */
async function readFolder(root: string, meanwhile: () => void | Promise<void>): Promise<Found> {
  const folder = openDumpFolder({ root, timeZone: 'UTC', now: () => Date.now() + MINUTE });
  const { pairs, rejects } = await folder.list();
  await meanwhile();
  const dumps = [];
  for (const pair of pairs) dumps.push(await folder.read(pair));
  return {
    rows: dumps.map(({ sample }) => sample?.processes?.count),
    rejects: [...rejects, ...dumps.flatMap((dump) => dump.rejects)].map(({ reason }) => reason),
  };
}

async function tryKind(kind: string, isLate: boolean): Promise<readonly string[]> {
  const { place, told } = KINDS[kind];
  const root = mkdtempSync(join(tmpdir(), 'pmi-special-'));
  const path = join(root, 'process_mem_20260301_000100Z.csv');
  try {
    putNeighbour(root);
    writeFileSync(join(root, 'sys_mem_20260301_000100Z.csv'), PAIR.system);
    if (isLate) writeFileSync(path, PAIR.process);
    else await place(path, root);
    const { rows, rejects } = await readFolder(root, async () => {
      if (!isLate) return;
      renameSync(path, `${path}.moved`);
      await place(path, root);
    });
    const isTold = rejects.some((reason) => told.test(reason));
    const when = isLate ? 'put there after the listing' : 'listed';
    return [
      ...(isTold ? [] : [`${kind}, ${when}: told as ${JSON.stringify(rejects)}`]),
      ...(rows[0] === ROWS && rows[1] === undefined ? [] : [`${kind}, ${when}: rows ${rows}`]),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A second name of a file is a file. */
async function tryHardLink(): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'pmi-special-'));
  try {
    putNeighbour(root);
    for (const name of ['process_mem', 'sys_mem'])
      linkSync(join(root, `${name}_20260301_000000Z.csv`), join(root, `${name}_20260301_000100Z.csv`));
    const { rows, rejects } = await readFolder(root, () => undefined);
    return rows.join() === `${ROWS},${ROWS}` && rejects.length === 0
      ? []
      : [`hard link: rows ${rows}, ${rejects}`];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export async function readSpecialFiles(): Promise<Outcome> {
  const isRoot = process.getuid?.() === 0;
  const kinds = Object.keys(KINDS).filter((kind) => isRoot || !KINDS[kind].needsRoot);
  const faults = await tryHardLink();
  const more: string[] = [];
  for (const kind of kinds) for (const isLate of [false, true]) more.push(...(await tryKind(kind, isLate)));
  const figures = `${kinds.join(', ')}: told when listed and when put there after it, none opened further; hard link: read as the file that it is`;
  return { figures, faults: [...faults, ...more] };
}

export const specialFiles: Target = {
  id: 'C11',
  asks: 'what is named as a dump and is no regular file is told, blocks nothing, and costs no neighbour',
  run: readSpecialFiles,
};
