import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkDumps } from '../../collector/check-dumps.ts';
import { inParallel, startProgram } from '../../collector/collector-process.ts';
import type { TracedCall } from './system-calls.ts';
import { callsOn, trace } from './system-calls.ts';
import type { Outcome, Programs, Target } from './target.ts';

/** T2: kill -9 before each system call of a dump, and the order of those calls. */

const ONE = ['kill', '0'];
const LANES = 2;

/** Open without following or replacing, write, sync, close, rename, sync the folder: twice, the system file last. */
const FILE_STEPS = (kind: string) =>
  [
    `openat\\([^\\n]*/\\.${kind}_mem_[^\\n]*O_WRONLY\\|O_CREAT\\|O_EXCL\\|O_NOFOLLOW[^\\n]*, 0640\\)[^\\n]*`,
    `(?:write\\([^\\n]*/\\.${kind}_mem_[^\\n]*\\n)+fsync\\([^\\n]*/\\.${kind}_mem_[^\\n]*`,
    `close\\([^\\n]*/\\.${kind}_mem_[^\\n]*`,
    `rename\\([^\\n]*/\\.${kind}_mem_[^\\n]*/${kind}_mem_[^\\n]*`,
    'fsync\\(\\d+<[^\\n>]*/\\d{8}>[^\\n]*',
  ].join('\\n');
const ORDER = new RegExp(`${FILE_STEPS('process')}\\n${FILE_STEPS('sys')}\\n`);

export function isInOrder(calls: readonly TracedCall[]): boolean {
  return ORDER.test(`${calls.map(({ text }) => text).join('\n')}\n`);
}

async function recover({ doomed, host }: Programs, out: string): Promise<readonly string[]> {
  const { code, stderr } = await startProgram([process.execPath, doomed, host, out, ...ONE]).ended;
  const { torn, temporaries, foreign, whole } = checkDumps(out);
  const hidden = readdirSync(out).filter((name) => name.startsWith('.'));
  return [
    ...(code === 0 && whole > 0 ? [] : [`the next start failed: ${stderr}`]),
    ...[...torn, ...temporaries, ...foreign, ...hidden].map((name) => `left: ${name}`),
  ];
}

async function killBefore(programs: Programs, { name, index, text }: TracedCall): Promise<readonly string[]> {
  const folder = programs.folder();
  const out = join(folder, 'out');
  const { end } = await trace(programs, folder, ONE, `${name}:signal=KILL:when=${index}`);
  // strace ends by the signal that has ended what it traces.
  const isKilled = end.signal === 'SIGKILL' || end.code === 137;
  const torn = existsSync(out) ? checkDumps(out).torn : [];
  const faults = [...(isKilled ? [] : ['was not killed']), ...torn, ...(await recover(programs, out))];
  return faults.map((fault) => `killed before ${text}: ${fault}`);
}

/** @param only which calls; all where it is not given */
export async function killBeforeEachCall(
  programs: Programs,
  only: (call: TracedCall) => boolean = () => true,
): Promise<Outcome> {
  const folder = programs.folder();
  const { calls } = await trace(programs, folder, ONE);
  const ofDump = callsOn(folder, calls);
  const isOrdered = isInOrder(ofDump);
  const chosen = ofDump.filter(only);
  const faults: string[] = isOrdered ? [] : ['the system calls of a dump are not in the right order'];
  await inParallel(chosen.length, LANES, async (k) => {
    faults.push(...(await killBefore(programs, chosen[k])));
  });
  const figures = `killed before ${chosen.length} of ${ofDump.length} system calls: ${faults.length} faults; order ${isOrdered ? 'right' : 'WRONG'}`;
  return { figures, faults };
}

export const exactKills: Target = {
  id: 'T2',
  asks: 'kill -9 before each system call of a dump (strace): no torn pair; calls in the order that survives a power cut',
  needs: ['strace'],
  run: (programs) => killBeforeEachCall(programs),
};
