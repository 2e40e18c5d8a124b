import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { countProcesses, cpuMsOf, residentMib } from '../collector/meter.ts';
import { startPopulation } from '../collector/population.ts';
import { describeHost, writeFigures } from '../figures.ts';

/** What `pmi top` costs beside `top -b`, all at once, a frame a second. */

const SLEEPERS = 500;
const SECONDS = 40;
const WARM_UP_SECONDS = 15;
const PMI = join(process.cwd(), 'dist/pmi.js');

interface Running {
  readonly what: string;
  readonly pid: () => number;
  readonly end: () => void;
}

function startPlain(what: string, program: string, args: readonly string[]): Running {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return { what, pid: () => child.pid ?? 0, end: () => child.kill() };
}

/** In a pseudo-terminal of 80 × 24, which script(1) makes; what it draws goes nowhere. */
function startOnScreen(folder: string): Running {
  const pidFile = join(folder, 'pid');
  const inner = `stty cols 80 rows 24; echo $$ >${pidFile}; exec ${process.execPath} ${PMI} top`;
  const env = { ...process.env, TERM: 'xterm' };
  const child = spawn('script', ['-qfec', inner, '/dev/null'], { env, stdio: ['pipe', 'ignore', 'inherit'] });
  return {
    what: '`pmi top` on a screen of 80 × 24',
    pid: () => Number(readFileSync(pidFile, 'utf8')),
    end: () => child.kill(),
  };
}

async function measure(all: readonly Running[]): Promise<string[]> {
  await wait(WARM_UP_SECONDS * 1000);
  const before = all.map(({ pid }) => cpuMsOf(pid()));
  await wait(SECONDS * 1000);
  return all.map(({ what, pid }, at) => {
    const ms = (cpuMsOf(pid()) - before[at]) / SECONDS;
    return `| ${what} | ${ms.toFixed(1)} ms | ${residentMib(pid()).toFixed(0)} MiB |`;
  });
}

const folder = mkdtempSync(join(tmpdir(), 'bench-top-'));
const population = await startPopulation(SLEEPERS);
const frames = String(10 * SECONDS);
const running = [
  startOnScreen(folder),
  startPlain('`pmi top --count N`, every process in whole lines', process.execPath, [
    PMI,
    'top',
    '--count',
    frames,
  ]),
  startPlain('`top -b -d 1 -w 512`, every process', 'top', ['-b', '-d', '1', '-w', '512', '-n', frames]),
];
try {
  const host = `${describeHost()} ${countProcesses()} processes, a frame a second for ${SECONDS} s, all at once.`;
  const rows = await measure(running);
  const text = [host, '', '| who | CPU a frame | RSS |', '|---|---|---|', ...rows].join('\n');
  console.log(text);
  if (process.argv.includes('--write')) writeFigures('bench:top', text);
} finally {
  for (const one of running) one.end();
  population.end();
  rmSync(folder, { recursive: true });
}
