import { join } from 'node:path';
import { checkDumps } from '../../collector/check-dumps.ts';
import type { CollectorEnd } from '../../collector/collector-process.ts';
import { inParallel } from '../../collector/collector-process.ts';
import type { TracedCall } from './system-calls.ts';
import { callsOn, hasHitOnly, trace } from './system-calls.ts';
import type { Outcome, Programs, Target } from './target.ts';

/** T3: one system call of a recording fails; everything else goes on. */

const ERRNOS = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'EACCES', 'EINTR'];
const CALLS = ['openat', 'mkdir', 'write', 'fsync', 'close', 'rename'];
const MOST_OF_EACH = 20;
const DUMPS = 16;
const MODE = ['every', '20', String(DUMPS)];
const LANES = 2;
/** Calls that are not ours may come in between and shift the count. */
const ATTEMPTS = 4;
const SMALLEST_SHARE = 0.7;
/** Further calls, in place of faults that hit something else at each attempt. */
const RESERVE = 20;

interface Fault {
  readonly errno: string;
  readonly call: TracedCall;
}

function judge(out: string, errno: string, { code, stderr }: CollectorEnd): readonly string[] {
  const { whole, torn, temporaries, uncommitted } = checkDumps(out);
  const lost = DUMPS - whole;
  const isTold = lost === 0 || stderr.includes(errno);
  const isCodeRight = code === (lost === 0 ? 0 : 3);
  return [
    ...torn,
    ...temporaries.map((name) => `left: ${name}`),
    ...uncommitted.map((name) => `left: ${name}`),
    ...(lost > 1 ? [`${lost} dumps lost: ${stderr}`] : []),
    ...(isCodeRight ? [] : [`exit code ${code} with ${lost} lost: ${stderr}`]),
    ...(isTold ? [] : [`not told: ${stderr}`]),
  ];
}

/** @returns what went wrong; `null` where the fault hit something else, such as an eventfd of libuv */
async function runWithFault(programs: Programs, { errno, call }: Fault): Promise<readonly string[] | null> {
  const inject = `${call.name}:error=${errno}:when=${call.index}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const folder = programs.folder();
    const run = await trace(programs, folder, MODE, inject);
    if (!hasHitOnly(folder, run)) continue;
    const faults = judge(join(folder, 'out'), errno, run.end);
    return faults.map((fault) => `${run.injected[0]}: ${fault}`);
  }
  return null;
}

/** The first of each name; later ones take the places of a name that is called less often, such as mkdir. */
function chooseCalls(calls: readonly TracedCall[], most: number): readonly TracedCall[] {
  const ours = calls.filter((call) => CALLS.includes(call.name));
  const first = CALLS.flatMap((name) => ours.filter((call) => call.name === name).slice(0, most));
  const others = ours.filter((call) => !first.includes(call));
  return [...first, ...others.slice(0, CALLS.length * most - first.length + RESERVE)];
}

/** @param most how many calls of each name */
export async function failEachCall(
  programs: Programs,
  most = MOST_OF_EACH,
  errnos: readonly string[] = ERRNOS,
): Promise<Outcome> {
  const folder = programs.folder();
  const { calls } = await trace(programs, folder, MODE);
  const ofDumps = callsOn(folder, calls);
  const chosen = chooseCalls(ofDumps, most);
  const planned = chosen.flatMap((call) => errnos.map((errno) => ({ errno, call })));
  const wanted = errnos.length * CALLS.length * most;
  const found: string[] = [];
  let hits = 0;
  let misses = 0;
  await inParallel(planned.length, LANES, async (k) => {
    if (hits >= wanted) return;
    const faults = await runWithFault(programs, planned[k]);
    if (faults === null) {
      misses++;
      return;
    }
    hits++;
    found.push(...faults);
  });
  const plan = `${errnos.length} errnos × ${CALLS.length} system calls × the first ${most} of each on the dump folder`;
  const figures = `${hits} runs (${plan}; ${misses} more hit something else): ${found.length} faults`;
  const isEnough = hits >= wanted * SMALLEST_SHARE;
  return { figures, faults: isEnough ? found : [...found, 'too few faults hit the dump folder'] };
}

export const injectedErrors: Target = {
  id: 'T3',
  asks: 'each system call fails once with each errno (strace): nothing partial, one line, right exit code, the next sample is written',
  needs: ['strace'],
  run: (programs) => failEachCall(programs),
};
