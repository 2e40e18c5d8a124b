import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDumps } from '../../collector/check-dumps.ts';
import { startProgram } from '../../collector/collector-process.ts';
import type { Outcome, Programs, Target } from './target.ts';

/**
 * T10: processes that come and go faster than they can be read, in a PID namespace with so few pids that each is
 * given out many times a minute. Some of them carry the truth in their argv: `life-PID-START-PPID`. A row that says
 * otherwise has mixed two processes.
 */

const SECONDS = 60;
const SMALLEST_RATE = 1000;
/** Of the samples that are due: a host may be busy. */
const SMALLEST_SHARE = 0.6;
/** The kernel's smallest pid_max. Where it is not per namespace (before Linux 6.14) it is left alone. */
const PIDS = 600;

const SCRIPT = `#!/bin/bash
# A namespace with few pids, churn in it, and a collector that looks at it.
collector=$1 out=$2 seconds=$3 pids=$4 node=$5
if [ "$pids" -gt 0 ]; then echo "$pids" > /proc/sys/kernel/pid_max; fi
forks() { while read -r name count; do [ "$name" = processes ] && echo "$count"; done < /proc/stat; }
for k in 1 2; do sh -c 'while :; do (:); done' & done
mkfifo "$out.never"
exec 9<> "$out.never"
while :; do
  bash -c 'read -r line < /proc/$$/stat; set -- $line; exec -a "life-$$-\${22}-$PPID" sleep 0.7' 9<&- &
  read -r -t 0.03 -u 9
done 2> /dev/null &
before=$(forks)
"$node" "$collector" --interval 1s --duration "\${seconds}s" --out "$out" --quiet --cmd-mode full
code=$?
after=$(forks)
echo "code=$code forks=$((after - before))"
kill $(jobs -p)
`;

interface Row {
  readonly pid: string;
  readonly ppid: string;
  readonly startTicks: string;
  readonly command: string;
}

function cellsOf(line: string): readonly string[] {
  return line.split(',');
}

function rowsOf(path: string): readonly Row[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = cellsOf(header);
  return lines.map((line) => {
    const cells = cellsOf(line);
    const cell = (name: string) => cells[names.indexOf(name)];
    return { pid: cell('PID'), ppid: cell('PPID'), startTicks: cell('START_TICKS'), command: cell('CMD') };
  });
}

const LIFE = /^life-(\d+)-(\d+)-(\d+) /;

/** @returns `null` for a row of which nothing is known */
function isMixed({ pid, ppid, startTicks, command }: Row): boolean | null {
  const truth = LIFE.exec(command);
  if (!truth) return null;
  return pid !== truth[1] || startTicks !== truth[2] || (ppid !== truth[3] && ppid !== '1');
}

function filesOf(out: string, kind: string): readonly string[] {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.includes(`${kind}_mem_`)).map((name) => join(out, name));
}

function vanishedIn(path: string): number {
  const [names, cells] = readFileSync(path, 'utf8').split('\n').map(cellsOf);
  return Number(cells[names.indexOf('VANISHED')]);
}

function judge(out: string, seconds: number, smallestRate: number, said: string): Outcome {
  const { whole, torn, temporaries } = checkDumps(out);
  const known = filesOf(out, 'process').flatMap((path) =>
    rowsOf(path).filter((row) => LIFE.test(row.command)),
  );
  const mixed = known.filter((row) => isMixed(row) === true);
  const lives = new Set(known.map(({ command }) => command)).size;
  const pids = new Set(known.map(({ pid }) => pid)).size;
  const vanished = filesOf(out, 'sys').reduce((total, path) => total + vanishedIn(path), 0);
  const forks = Number(/forks=(\d+)/.exec(said)?.[1]);
  const rate = forks / seconds;
  const faults = [
    ...torn,
    ...temporaries,
    ...mixed.slice(0, 3).map((row) => `mixed: ${JSON.stringify(row)}`),
    ...(/code=0/.test(said) ? [] : [`the collector: ${said}`]),
    ...(rate >= smallestRate ? [] : [`only ${rate.toFixed(0)} forks/s`]),
    ...(whole >= seconds * SMALLEST_SHARE ? [] : [`only ${whole} dumps in ${seconds} s`]),
    ...(known.length > 0 ? [] : [`only ${known.length} rows whose truth is known`]),
  ];
  const figures = `${rate.toFixed(0)} forks/s for ${seconds} s at 1 Hz: ${whole} whole pairs, ${known.length} rows of ${lives} lives under ${pids} pids compared with the truth, ${mixed.length} mixed; ${vanished} that ended while they were read, counted in VANISHED`;
  return { figures, faults };
}

/** @param smallestRate forks/s below which the run says nothing */
export async function churn(
  { collector, folder }: Programs,
  seconds: number,
  smallestRate: number,
): Promise<Outcome> {
  const parent = folder();
  const script = join(parent, 'churn.sh');
  writeFileSync(script, SCRIPT, { mode: 0o755 });
  const out = join(parent, 'out');
  const before = readFileSync('/proc/sys/kernel/pid_max', 'utf8');
  const inside = ['unshare', '-pf', '--mount-proc', '--kill-child=KILL'];
  const probe = await startProgram([...inside, 'sh', '-c', `echo ${PIDS} > /proc/sys/kernel/pid_max`]).ended;
  const isOwn = probe.code === 0 && readFileSync('/proc/sys/kernel/pid_max', 'utf8') === before;
  if (!isOwn) writeFileSync('/proc/sys/kernel/pid_max', before);
  const pids = String(isOwn ? PIDS : 0);
  const run = startProgram([
    ...inside,
    'bash',
    script,
    collector,
    out,
    String(seconds),
    pids,
    process.execPath,
  ]);
  const { stdout, stderr } = await run.ended;
  return judge(out, seconds, smallestRate, stdout + stderr);
}

export const forkChurn: Target = {
  id: 'T10',
  asks: '60 s of at least 1000 forks/s at 1 Hz: no error, no row that mixes two processes, what vanished is counted',
  needs: ['unshare', 'bash', 'root'],
  run: (programs) => churn(programs, SECONDS, SMALLEST_RATE),
};
