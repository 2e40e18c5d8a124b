import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDumps } from '../../collector/check-dumps.ts';
import { startProgram } from '../../collector/collector-process.ts';
import type { Outcome, Programs, Target } from './target.ts';

/** T23: modes whatever the umask. And what a collector sees that may not see everything. */

function modesBelow(folder: string): ReadonlySet<string> {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  const entries = names.map((name) => lstatSync(join(folder, name)));
  const kind = (isFolder: boolean) => (isFolder ? 'folder' : 'file');
  return new Set(
    entries.map((status) => `${kind(status.isDirectory())} ${(status.mode & 0o7777).toString(8)}`),
  );
}

export async function tryUmasks({ collector, folder }: Programs): Promise<Outcome> {
  const faults: string[] = [];
  const masks = ['000', '022', '027', '077'];
  for (const mask of masks) {
    const out = join(folder(), 'a/out');
    const command = [process.execPath, collector, '--once', '--quiet', '--out', out];
    await startProgram(['sh', '-c', `umask ${mask}; exec "$0" "$@"`, ...command]).ended;
    const modes = [...modesBelow(out)].sort().join(', ');
    if (modes !== 'file 640, folder 750') faults.push(`umask ${mask}: ${modes}`);
  }
  return {
    figures: `umask ${masks.join(', ')}: ${masks.length - faults.length} of ${masks.length} right`,
    faults,
  };
}

export const umasks: Target = {
  id: 'T23',
  asks: 'files are 0640 in folders 0750 with umask 000, 022, 027 and 077',
  needs: [],
  run: tryUmasks,
};

interface Seen {
  readonly rows: number;
  readonly users: ReadonlySet<string>;
  readonly said: string;
  readonly fault: string | null;
}

/** @param command what runs the collector, up to its own words */
async function see(programs: Programs, command: readonly string[], owner: number): Promise<Seen> {
  const out = join(programs.folder(), 'out');
  mkdirSync(out);
  chmodSync(out, 0o750);
  chownSync(out, owner, owner);
  const words = [process.execPath, programs.collector, '--once', '--out', out];
  const { code, stderr } = await startProgram([...command, ...words]).ended;
  const { whole, torn } = checkDumps(out);
  if (code !== 0 || whole !== 1 || torn.length > 0)
    return { rows: 0, users: new Set(), said: stderr, fault: `exit code ${code}, ${whole} pairs: ${stderr}` };
  const name = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.includes('process_mem'),
  );
  const lines = readFileSync(join(out, name ?? ''), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return {
    rows: lines.length,
    users: new Set(lines.map((line) => line.split(',')[2])),
    said: stderr,
    fault: null,
  };
}

const NOBODY = 65534;
const AS_NOBODY = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;

export async function hide(programs: Programs): Promise<Outcome> {
  const isolated = ['unshare', '-mpf', '--mount-proc', 'sh', '-c'];
  const crowd = 'sleep 30 & sleep 30 &';
  const all = await see(programs, [...isolated, `${crowd} exec "$0" "$@"`], 0);
  const hidden = await see(
    programs,
    [...isolated, `${crowd} mount -o remount,hidepid=2 /proc; ${AS_NOBODY} -- "$0" "$@"`],
    NOBODY,
  );
  const unprivileged = await see(programs, ['sh', '-c', `exec ${AS_NOBODY} -- "$0" "$@"`], NOBODY);
  const faults = [
    ...[all, hidden, unprivileged].flatMap(({ fault }) => (fault === null ? [] : [fault])),
    ...(all.rows >= 3 && all.rows <= 6 ? [] : [`a PID namespace shows ${all.rows} processes`]),
    ...(hidden.rows === 1 ? [] : [`hidepid=2 shows ${hidden.rows} processes to nobody`]),
    ...(unprivileged.users.size > 1 ? [] : ['without privileges only own processes are seen']),
  ];
  const figures = `PID namespace: ${all.rows} rows; hidepid=2 as nobody: ${hidden.rows} row; nobody on this host: ${unprivileged.rows} rows of ${unprivileged.users.size} users`;
  return { figures, faults };
}

export const hiding: Target = {
  id: 'B5',
  asks: 'PID namespace, hidepid=2 and no privileges: a whole pair of what may be seen, exit code 0',
  needs: ['unshare', 'setpriv', 'root'],
  run: hide,
};
