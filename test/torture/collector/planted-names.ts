import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startProgram } from '../../collector/collector-process.ts';
import { isUntouched, putOutside } from '../../collector/outside-folder.ts';
import type { Outcome, Programs, Target } from './target.ts';

/**
 * T5: names in the dump folder that lead elsewhere, against the collector as it is shipped. Its pid and its instant
 * are not known before it runs, so names are planted by a shell that then becomes the collector.
 */

const KINDS = ['link', 'dangling', 'fifo', 'folder', 'hardlink', 'swapped'] as const;
const NAMES = ['temporary', 'final', 'lock'] as const;
type Kind = (typeof KINDS)[number];
type Name = (typeof NAMES)[number];

const PLANT: Readonly<Record<Kind, string>> = {
  link: 'ln -s "$outside/victim" "$path"',
  dangling: 'ln -s "$outside/new" "$path"',
  fifo: 'mkfifo "$path"',
  folder: 'mkdir "$path" && touch "$path/note"',
  hardlink: 'ln "$outside/victim" "$path"',
  swapped: ':',
};

/** All names of the next 5 seconds, for the pid of this shell. */
function script(kind: Kind, name: Name): string {
  const paths = {
    temporary: '"$out/$day/.process_mem_$stamp"Z.csv.$$.tmp "$out/$day/.sys_mem_$stamp"Z.csv.$$.tmp',
    final: '"$out/$day/process_mem_$stamp"Z.csv "$out/$day/sys_mem_$stamp"Z.csv',
    lock: '"$out/.collector.lock" "$out/.collector.lock.$$.tmp"',
  }[name];
  return `out=$1 outside=$2; shift 2
for second in 0 1 2 3 4 5; do
  stamp=$(date -u -d "+$second seconds" +%Y%m%d_%H%M%S); day=\${stamp%_*}
  mkdir -p -m 750 "$out/$day"
  for path in ${paths}; do [ -e "$path" ] || [ -h "$path" ] || { ${PLANT[kind]}; }; done
done
exec "$@"`;
}

/**
 * The folder that a name is in, or the lock itself, is swapped for a link again and again while it records. Not before
 * that: whoever may swap the path given with --out before it is opened says where dumps go.
 */
async function swapWhileRecording(command: readonly string[], path: string, outside: string): Promise<void> {
  const run = startProgram([...command, '--interval', '10ms', '--duration', '1500ms']);
  if (run.child.stderr) await once(run.child.stderr, 'data');
  let isOver = false;
  void run.ended.then(() => {
    isOver = true;
  });
  for (let k = 0; !isOver; k++) {
    const moved = `${path}.moved-${k}`;
    const isSwapped = tryQuietly(() => renameSync(path, moved));
    if (isSwapped) tryQuietly(() => symlinkSync(outside, path));
    await new Promise((resolve) => setTimeout(resolve, 3));
    if (isSwapped) spawnSync('rm', ['-f', path]);
    if (isSwapped) tryQuietly(() => renameSync(moved, path));
    await new Promise((resolve) => setTimeout(resolve, 7));
  }
}

function tryQuietly(use: () => void): boolean {
  try {
    use();
    return true;
  } catch {
    return false;
  }
}

async function attack({ collector, folder }: Programs, kind: Kind, name: Name): Promise<string | null> {
  const parent = folder();
  const outside = putOutside(parent);
  const out = join(parent, 'out');
  mkdirSync(out);
  const command = [process.execPath, collector, '--out', out];
  if (kind === 'swapped') {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const swapped = { temporary: join(out, day), final: out, lock: join(out, '.collector.lock') }[name];
    mkdirSync(dirname(swapped), { recursive: true });
    await swapWhileRecording(command, swapped, outside);
    return isUntouched(outside) ? null : `${kind} × ${name}: something was written outside`;
  }
  const shell = ['sh', '-c', script(kind, name), 'sh', out, outside];
  const { code } = await startProgram([...shell, ...command, '--once', '--quiet']).ended;
  if (!isUntouched(outside)) return `${kind} × ${name}: something was written outside`;
  return code === 0 || code === 3 ? null : `${kind} × ${name}: exit code ${code}`;
}

export async function attackAll(programs: Programs): Promise<Outcome> {
  const faults: string[] = [];
  for (const kind of KINDS)
    for (const name of NAMES) {
      const fault = await attack(programs, kind, name);
      if (fault !== null) faults.push(fault);
    }
  const figures = `${KINDS.length * NAMES.length} attacks (${KINDS.join(', ')} × ${NAMES.join(', ')}): ${faults.length} writes outside`;
  return { figures, faults };
}

export const plantedPaths: Target = {
  id: 'T5',
  asks: 'planted names and swapped folders: nothing is written outside of the dump folder',
  needs: [],
  run: attackAll,
};
