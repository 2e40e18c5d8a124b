import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeHidden, openLimitsLog } from '../../collector/limits-log.ts';
import type { ProcessReading } from '../../collector/record-layout.ts';
import { bundleProgram } from './collector-process.ts';
import { temporaryFolder } from './fake-proc.ts';

const NOBODY = '65534';
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** Whether a command can be run here; containers may lack it, or the right to use it. */
function works(...[command, ...args]: readonly [string, ...string[]]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

const canBeNobody = works('setpriv', ...AS_NOBODY.slice(1), 'true');
const canUnshare = works('unshare', '-pf', '--mount-proc', 'true');

let program: Awaited<ReturnType<typeof bundleProgram>>;

beforeAll(async () => {
  program = await bundleProgram('collector/main.ts');
  if (canBeNobody) chownSync(dirname(program.path), Number(NOBODY), Number(NOBODY));
});

afterAll(() => program.remove());

/** Takes one sample; `before` is what comes before `node` in the command line. */
function recordOnce(before: readonly string[], ...options: readonly string[]) {
  const out = temporaryFolder();
  if (before.includes('setpriv')) chownSync(out, Number(NOBODY), Number(NOBODY));
  const command = [process.execPath, program.path, '--once', '--out', out, ...options];
  const [file, ...args] = [...before, ...command];
  const { stderr, status } = spawnSync(file, args, { encoding: 'utf8' });
  const processFile = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.includes('process_mem'),
  );
  const rows =
    processFile === undefined ? [] : readFileSync(join(out, processFile), 'utf8').trim().split('\n');
  const notes = stderr.split('\n').filter((line) => line.startsWith('node dist/collector.js:'));
  return { status, notes, rows: rows.slice(1) };
}

describe.runIf(process.platform === 'linux')('what cannot be seen', () => {
  test('as another user: PSS of their processes is counted once and left empty', (context) => {
    context.skip(!canBeNobody, 'needs root and setpriv');
    const { status, notes, rows } = recordOnce(AS_NOBODY);
    expect(status).toBe(0);
    expect(notes.filter((line) => line.includes('PSS'))).toEqual([
      expect.stringMatching(
        /PSS of \d+ processes needs root or the same user \(CAP_SYS_PTRACE\): it is left empty$/,
      ),
    ]);
    const others = rows.filter((row) => row.split(',')[2] === 'root' && Number(row.split(',')[6]) > 0);
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((row) => row.split(',')[9] !== '')).toEqual([]);
  });

  test('where /proc hides it: only the own processes are recorded, and it says why', (context) => {
    context.skip(!canBeNobody || !canUnshare, 'needs root, setpriv and unshare');
    const script = 'sleep 60 & mount -o remount,hidepid=2 /proc && exec "$@"';
    const { status, notes, rows } = recordOnce([
      'unshare',
      '-pf',
      '--mount-proc',
      'sh',
      '-c',
      script,
      'sh',
      ...AS_NOBODY,
    ]);
    expect(status).toBe(0);
    expect(rows.map((row) => row.split(',')[13])).toEqual(['node']);
    expect(notes).toEqual([
      expect.stringMatching(
        /: \d+ threads of other processes are not visible \(\/proc is mounted with hidepid=\w+\)/,
      ),
    ]);
  });

  test('in a PID namespace: all of it is recorded, and it says that there is more', (context) => {
    context.skip(!canUnshare, 'needs root and unshare');
    const script = 'sleep 60 & exec "$@"';
    const { status, notes, rows } = recordOnce(['unshare', '-pf', '--mount-proc', 'sh', '-c', script, 'sh']);
    expect(status).toBe(0);
    expect(rows.map((row) => row.split(',')[13]).sort()).toEqual(['node', 'sleep']);
    expect(notes).toEqual([
      expect.stringMatching(/: \d+ threads of other processes are not visible: this is a PID namespace/),
    ]);
  });

  test('is not told with --quiet', (context) => {
    context.skip(!canUnshare, 'needs root and unshare');
    expect(recordOnce(['unshare', '-pf', '--mount-proc'], '--quiet').notes).toEqual([]);
  });
});

describe('the log of limits', () => {
  const reading = (more: Partial<ProcessReading>): ProcessReading => ({
    records: [],
    vanished: 0,
    unreadable: 0,
    limits: { pssDenied: 0, blocked: [] },
    ...more,
  });

  test('tells of each thing once, and of each process that does not answer', () => {
    const lines: string[] = [];
    const log = openLimitsLog('/nowhere', (line) => lines.push(line));
    for (let tick = 0; tick < 3; tick++) {
      log.tell(reading({ unreadable: 1 }));
      log.tell(reading({ limits: { pssDenied: 12, blocked: [7, 8] } }));
    }
    expect(lines).toEqual([
      '1 process could not be read and is left out',
      'PSS of 12 processes needs root or the same user (CAP_SYS_PTRACE): it is left empty',
      'process 7 () does not answer: it is recorded in state D, without its memory',
      'process 8 () does not answer: it is recorded in state D, without its memory',
    ]);
  });

  test('says nothing where all is seen, or where nobody tells how much there is', () => {
    const whole = { hidepid: null, isNamespace: false, threads: 100 };
    expect(describeHidden(whole, 99)).toBeNull();
    expect(describeHidden({ ...whole, hidepid: 'invisible', threads: null }, 0)).toBeNull();
  });
});
