import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeHost, writeFigures, writeStanding } from '../figures.ts';
import {
  childCpuMs,
  countProcesses,
  cpuMsOf,
  listDumps,
  median,
  pairBytes,
  peakMib,
  wallMsOf,
} from './meter.ts';
import { startPopulation } from './population.ts';
import { readAll } from './read-loop.ts';

/**
 * What recording costs beside `ps` and a plain read loop, in one run: recorders with different options, ps and the
 * loop take turns within each second, so that what else the machine does falls on all of them.
 */

const SIZES = [200, 1000, 4000];
const SECONDS = 24;
/** Until the engine has compiled what is used often. */
const WARM_UP_SECONDS = 15;
const ONCE_RUNS = 10;
const PS = ['-eo', 'pid,ppid,user,rss,vsz,cmd'];
const COLLECTOR = fileURLToPath(new URL('collector.mjs', import.meta.url));

const VARIANTS: readonly (readonly [string, readonly string[]])[] = [
  ['recorder, default options', []],
  ['recorder, --pss-budget 0', ['--pss-budget', '0']],
  ['recorder, --pss-budget 0 --descriptors off', ['--pss-budget', '0', '--descriptors', 'off']],
];

interface Row {
  readonly what: string;
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number | null;
  readonly bytes: number | null;
}

/** A certificate bundle in the environment costs each start of Node 40 ms, which is not ours to count. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

function startRecorder(out: string, options: readonly string[]) {
  const args = [COLLECTOR, '--interval', '1s', '--quiet', '--out', out, ...options];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
  const { pid } = child;
  if (pid === undefined) throw new Error('no recorder');
  return { pid, out, end: () => child.kill() };
}

/** One run of a program. @returns its output's size and how long it took */
function runOnce(
  command: string,
  args: readonly string[],
): { readonly bytes: number; readonly wall: number } {
  const start = performance.now();
  const { stdout } = spawnSync(command, [...args], { env: environment, maxBuffer: 1 << 28 });
  return { bytes: stdout.length, wall: performance.now() - start };
}

/** Recorders, ps and the loop for so many seconds, each once a second. */
async function measureSteadyState(folder: string): Promise<readonly Row[]> {
  const recorders: ReturnType<typeof startRecorder>[] = [];
  for (const [index, [, options]] of VARIANTS.entries()) {
    recorders.push(startRecorder(join(folder, String(index)), options));
    await wait(250);
  }
  await wait(WARM_UP_SECONDS * 1000);
  const before = recorders.map(({ pid, out }) => ({ cpu: cpuMsOf(pid), dumps: listDumps(out).length }));
  const ps = { cpu: childCpuMs(), walls: [] as number[], bytes: 0 };
  const loop = { cpu: 0, walls: [] as number[] };
  for (let second = 0; second < SECONDS; second++) {
    const next = wait(1000);
    const { bytes, wall } = runOnce('ps', PS);
    ps.bytes = bytes;
    ps.walls.push(wall);
    await wait(100);
    const start = process.cpuUsage();
    loop.walls.push(readAll());
    const { user, system } = process.cpuUsage(start);
    loop.cpu += (user + system) / 1000;
    await next;
  }
  const rows = recorders.map(({ pid, out }, index): Row => {
    const dumps = listDumps(out).slice(before[index].dumps);
    return {
      what: VARIANTS[index][0],
      cpu: (cpuMsOf(pid) - before[index].cpu) / dumps.length,
      wall: median(dumps.map(wallMsOf)),
      peak: peakMib(pid),
      bytes: median(dumps.map(pairBytes)),
    };
  });
  const psCpu = (childCpuMs() - ps.cpu) / SECONDS;
  for (const { end } of recorders) end();
  return [
    { what: `ps ${PS.join(' ')}`, cpu: psCpu, wall: median(ps.walls), peak: null, bytes: ps.bytes },
    {
      what: 'read loop: stat and statm',
      cpu: loop.cpu / SECONDS,
      wall: median(loop.walls),
      peak: null,
      bytes: null,
    },
    ...rows,
  ];
}

function measureOnce(what: string, args: readonly string[]): Row {
  const walls: number[] = [];
  const before = childCpuMs();
  for (let run = 0; run < ONCE_RUNS; run++) walls.push(runOnce(process.execPath, args).wall);
  const cpu = (childCpuMs() - before) / ONCE_RUNS;
  return { what, cpu, wall: median(walls), peak: null, bytes: null };
}

function measureSingleRuns(folder: string): readonly Row[] {
  const args = [COLLECTOR, '--once', '--quiet', '--out', join(folder, 'once')];
  return [
    measureOnce('one sample, --once', args),
    measureOnce('one sample, --once --pss-budget 0', [...args, '--pss-budget', '0']),
    measureOnce('node -e 0', ['-e', '0']),
  ];
}

function formatRow({ what, cpu, wall, peak, bytes }: Row, ps: Row, loop: Row): string {
  const cells = [
    what,
    cpu.toFixed(1),
    (cpu / ps.cpu).toFixed(2),
    (cpu / loop.cpu).toFixed(2),
    wall.toFixed(1),
    peak === null ? '' : peak.toFixed(0),
    bytes === null ? '' : String(bytes),
  ];
  return `| ${cells.join(' | ')} |`;
}

interface Measured {
  readonly sleepers: number;
  readonly processes: number;
  readonly rows: readonly Row[];
}

async function measureSize(sleepers: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-collector-'));
  const population = await startPopulation(sleepers);
  try {
    await wait(2000);
    const processes = countProcesses();
    const steady = await measureSteadyState(folder);
    return { sleepers, processes, rows: [...steady, ...measureSingleRuns(folder)] };
  } finally {
    population.end();
    rmSync(folder, { recursive: true });
  }
}

function formatTable({ sleepers, processes, rows }: Measured): string {
  const [ps, loop] = rows;
  const head = [
    `| ${sleepers} sleepers, ${processes} processes | CPU ms | ÷ ps | ÷ loop | wall ms | peak RSS MiB | bytes |`,
    '|---|---|---|---|---|---|---|',
  ];
  return [...head, ...rows.map((row) => formatRow(row, ps, loop))].join('\n');
}

/** For the README: what ps costs is 1. */
function formatStanding(measured: readonly Measured[]): string {
  const rows = measured.map(({ processes, rows: [ps, , daemon, , , once] }) => {
    const ratio = ({ cpu }: Row) => (cpu / ps.cpu).toFixed(2);
    return `| ${processes} | ${ratio(daemon)} | ${ratio(once)} | ${daemon.peak?.toFixed(0)} MiB |`;
  });
  return ['| Processes | A sample | `--once` | Peak RSS |', '|---|---|---|---|', ...rows].join('\n');
}

const host = describeHost();
console.log(`${host}\n`);
const measured: Measured[] = [];
for (const size of SIZES) {
  const one = await measureSize(size);
  console.log(`${formatTable(one)}\n`);
  measured.push(one);
}
if (process.argv.includes('--write')) {
  writeFigures('bench:collector', [host, ...measured.map(formatTable)].join('\n\n'));
  writeStanding(formatStanding(measured));
}
