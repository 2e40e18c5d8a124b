import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { childCpuMs, countProcesses, cpuMsOf, residentMib } from '../collector/meter.ts';
import { startPopulation } from '../collector/population.ts';
import { describeHost, writeFigures } from '../figures.ts';
import { startServer } from '../history/server-process.ts';
import { startWatchers } from './watchers.ts';

/** What watching this host costs: the server as it is shipped, clients over real sockets, and ps beside them. */

const PROCESSES = 500;
const SECONDS = 24;
const WARM_UP_SECONDS = 15;
const MANY = 50;
const DEAF = 20;
/** Two pings that are not answered, and some. */
const DEAF_SECONDS = 40;
const PS = ['-eo', 'pid,ppid,user,rss,vsz,cmd'];

/** CPU time of a process and of ps, per second, in ms. */
async function measureSeconds(pid: number) {
  const before = { server: cpuMsOf(pid), ps: childCpuMs() };
  for (let second = 0; second < SECONDS; second++) {
    const next = wait(1000);
    spawnSync('ps', PS, { maxBuffer: 1 << 28 });
    await next;
  }
  return {
    server: (cpuMsOf(pid) - before.server) / SECONDS,
    ps: (childCpuMs() - before.ps) / SECONDS,
  };
}

async function measureWatchers(url: string, pid: number) {
  const nobody = await measureSeconds(pid);
  const one = await startWatchers(url, 1, true);
  await wait(WARM_UP_SECONDS * 1000);
  const few = await measureSeconds(pid);
  const more = await startWatchers(url, MANY, true);
  await wait(1000);
  const many = await measureSeconds(pid);
  if (one.open() + more.open() !== MANY + 1) throw new Error('a client that reads was dropped');
  more.end();
  return { nobody, few, many, end: one.end };
}

/** MiB that the server grows by, at most, while clients connect and read nothing. */
async function measureDeaf(url: string, pid: number) {
  await wait(2000);
  const before = residentMib(pid);
  const deaf = await startWatchers(url, DEAF, false);
  let most = before;
  for (let second = 0; second < DEAF_SECONDS; second++) {
    await wait(1000);
    most = Math.max(most, residentMib(pid));
  }
  const { clients } = (await (await fetch(`${url}/api/v1/status`)).json()) as { clients: { live: number } };
  deaf.end();
  return { mib: most - before, left: clients.live - 1 };
}

/** In a process of its own. */
function measureTicks(folder: string): readonly { readonly rss: number; readonly heap: number }[] {
  const program = join(folder, 'ticks.mjs');
  buildSync({
    entryPoints: ['test/bench/live/ticks.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { __VERSION__: '"bench"' },
    outfile: program,
  });
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' }));
}

type Measured = Awaited<ReturnType<typeof measureWatchers>> & {
  readonly processes: number;
  readonly deaf: Awaited<ReturnType<typeof measureDeaf>>;
  readonly ticks: ReturnType<typeof measureTicks>;
};

function formatFigures({ processes, nobody, few, many, deaf, ticks }: Measured): string {
  const ps = (nobody.ps + few.ps + many.ps) / 3;
  const sampler = few.server - nobody.server;
  const clients = many.server - few.server;
  const line = (what: string, ms: number) => `| ${what} | ${ms.toFixed(1)} | ${(ms / ps).toFixed(2)} |`;
  const mib = (values: readonly number[]) => values.map((bytes) => (bytes / 2 ** 20).toFixed(1));
  const [heaps, sizes] = [mib(ticks.map(({ heap }) => heap)), mib(ticks.map(({ rss }) => rss))];
  return [
    [
      `| ${processes} processes, each second | CPU ms | ÷ ps |`,
      '|---|---|---|',
      line(`\`ps ${PS.join(' ')}\``, ps),
      line('server, nobody watches', nobody.server),
      line('one watches: more than that (goal ≤ 0.3)', sampler),
      line(`${MANY} more watch: more than that (goal: ≤ the line above)`, clients),
    ].join('\n'),
    `${DEAF} clients that never read: ${Math.max(0, deaf.mib).toFixed(1)} MiB together at most (goal ≤ 16); ${deaf.left} of them left after ${DEAF_SECONDS} s.`,
    `1800 ticks after the ring is full: heap ${heaps[0]} → ${heaps.at(-1)} MiB (${Math.min(...heaps.map(Number))}–${Math.max(...heaps.map(Number))}), RSS ${sizes[0]} → ${sizes.at(-1)} MiB.`,
  ].join('\n\n');
}

const host = describeHost();
console.log(host);
const folder = mkdtempSync(join(tmpdir(), 'bench-live-'));
const population = await startPopulation(Math.max(0, PROCESSES - countProcesses() - 2));
const server = await startServer('/healthz', '--dumps', folder, '--config', join(folder, 'none.json'));
try {
  const processes = countProcesses();
  const watched = await measureWatchers(server.url, server.pid);
  const deaf = await measureDeaf(server.url, server.pid);
  watched.end();
  const text = formatFigures({ ...watched, processes, deaf, ticks: measureTicks(folder) });
  console.log(`\n${text}`);
  if (process.argv.includes('--write')) writeFigures('bench:live', `${host}\n\n${text}`);
} finally {
  await server.stop();
  population.end();
  rmSync(folder, { recursive: true });
}
process.exit(0);
