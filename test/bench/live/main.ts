import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { childCpuMs, countProcesses } from '../collector/meter.ts';
import { startPopulation } from '../collector/population.ts';
import { describeHost, writeFigures } from '../figures.ts';
import type { Served } from '../history/server-process.ts';
import { startServer } from '../history/server-process.ts';
import { startWatchers } from './watchers.ts';

/** What watching this host costs: the server as it is shipped, clients over real sockets, and ps beside them. */

const PROCESSES = 500;
const SECONDS = 24;
/** Start-up work, the first readings and their compilation are over when they take no less than this time before. */
const REST_SECONDS = 5;
const LONGEST_REST_SECONDS = 120;
const CLOCK_TICK_MS = 10;
const MANY = 50;
const DEAF = 20;
/** Two pings that are not answered, and some. */
const DEAF_SECONDS = 40;
const PS = ['-eo', 'pid,ppid,user,rss,vsz,cmd'];

/** Waits until the CPU time of a server no longer falls. @throws where it never does */
async function untilAtRest({ cpuMs }: Served): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let waited = 0; waited < LONGEST_REST_SECONDS; waited += REST_SECONDS) {
    const start = cpuMs();
    await wait(REST_SECONDS * 1000);
    const took = cpuMs() - start;
    if (took >= before - CLOCK_TICK_MS) return;
    before = took;
  }
  throw new Error(`the server did not come to rest in ${LONGEST_REST_SECONDS} s`);
}

/** PSS of many processes is read a few a tick: until it is known of most of the first group, while one client watches. */
async function untilPssKnown({ url }: Served): Promise<void> {
  for (let waited = 0; waited < 2 * LONGEST_REST_SECONDS; waited++) {
    const { history } = (await (await fetch(`${url}/api/v1/live?n=1`)).json()) as {
      history: { groups: { total: { processes: number; pss_known: number } }[] }[];
    };
    const [first] = history.at(-1)?.groups ?? [];
    if (!first || first.total.pss_known > 0.9 * first.total.processes) return;
    await wait(1000);
  }
}

/** In ms of CPU time: ps once a second, and the server meanwhile, by tick of the feed where there are any. */
async function measureSeconds({ cpuMs }: Served, seqOf: () => number) {
  const before = { server: cpuMs(), ps: childCpuMs(), seq: seqOf() };
  for (let second = 0; second < SECONDS; second++) {
    const next = wait(1000);
    spawnSync('ps', PS, { maxBuffer: 1 << 28 });
    await next;
  }
  const ticks = seqOf() - before.seq;
  return {
    server: (cpuMs() - before.server) / (ticks || SECONDS),
    ps: (childCpuMs() - before.ps) / SECONDS,
    ticks,
  };
}

/** With nobody, then with one client, whom the caller ends. */
async function measureOne(server: Served) {
  await untilAtRest(server);
  const nobody = await measureSeconds(server, () => 0);
  const one = await startWatchers(server.url, 1, true);
  await untilPssKnown(server);
  await untilAtRest(server);
  return { nobody, few: await measureSeconds(server, one.seq), one };
}

async function measureWatchers(server: Served) {
  const { nobody, few, one } = await measureOne(server);
  const more = await startWatchers(server.url, MANY, true);
  await wait(1000);
  const many = await measureSeconds(server, one.seq);
  if (one.open() + more.open() !== MANY + 1) throw new Error('a client that reads was dropped');
  more.end();
  return { nobody, few, many, end: one.end };
}

/** MiB that the server grows by, at most, while clients connect and read nothing. */
async function measureDeaf({ url, residentMib }: Served) {
  await wait(2000);
  const before = residentMib();
  const deaf = await startWatchers(url, DEAF, false);
  let most = before;
  for (let second = 0; second < DEAF_SECONDS; second++) {
    await wait(1000);
    most = Math.max(most, residentMib());
  }
  const { clients } = (await (await fetch(`${url}/api/v1/status`)).json()) as { clients: { live: number } };
  deaf.end();
  return { mib: most - before, left: clients.live - 1 };
}

/** One has all sleepers, one a few processes, one none. */
const GROUPS = [
  { name: 'sleepers', members: [{ name: 'all', rule: { exe: 'sleep' } }] },
  {
    name: 'bench',
    members: [
      { name: 'server', rule: { pattern: 'pmi.js serve' } },
      { name: 'shells', rule: { exe: 'sh' } },
    ],
  },
  { name: 'nobody', members: [{ name: 'none', rule: { pattern: 'no such program*anywhere' } }] },
];

/** The same with watch groups: which processes they have is decided in each tick, and PSS is read of these. */
async function measureGroups(folder: string) {
  const config = join(folder, 'groups.json');
  writeFileSync(config, JSON.stringify({ watch_groups: GROUPS }));
  const server = await startServer('/healthz', '--dumps', folder, '--config', config);
  try {
    const { nobody, few, one } = await measureOne(server);
    one.end();
    return { nobody, few };
  } finally {
    await server.stop();
  }
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
  readonly grouped: Awaited<ReturnType<typeof measureGroups>>;
  readonly deaf: Awaited<ReturnType<typeof measureDeaf>>;
  readonly ticks: ReturnType<typeof measureTicks>;
};

function formatFigures({ processes, nobody, few, many, grouped, deaf, ticks }: Measured): string {
  const ps = (nobody.ps + few.ps + many.ps) / 3;
  // One that has just started may do work of its own: at rest they are alike.
  const watching = grouped.few.server - Math.min(grouped.nobody.server, nobody.server);
  const sampler = few.server - nobody.server;
  const clients = many.server - few.server;
  const line = (what: string, ms: number) => `| ${what} | ${ms.toFixed(1)} | ${(ms / ps).toFixed(2)} |`;
  const each300 = (of: (reading: (typeof ticks)[number]) => number) =>
    ticks
      .filter((_, at) => at % 3 === 0)
      .map((reading) => (of(reading) / 2 ** 20).toFixed(1))
      .join(', ');
  return [
    [
      `| ${processes} processes, a tick of the feed and a run of ps | CPU ms | ÷ ps |`,
      '|---|---|---|',
      line(`\`ps ${PS.join(' ')}\``, ps),
      line('server, nobody watches', nobody.server),
      line('one watches: more than that (goal ≤ 0.3)', sampler),
      line(`one watches, ${GROUPS.length} watch groups, one with all sleepers: more than nobody`, watching),
      line(`${MANY} more watch: more than that (goal: ≤ the line above)`, clients),
    ].join('\n'),
    `${DEAF} clients that never read: ${Math.max(0, deaf.mib).toFixed(1)} MiB together at most (goal ≤ 16); ${deaf.left} of them left after ${DEAF_SECONDS} s.`,
    `Ticks in ${SECONDS} s: ${few.ticks} with one client, ${many.ticks} with ${MANY + 1}; fewer than that are stretched, on a busy host.`,
    `1800 ticks after the ring is full, MiB at each 300: heap ${each300(({ heap }) => heap)}; RSS ${each300(({ rss }) => rss)}.`,
  ].join('\n\n');
}

const host = describeHost();
console.log(host);
const folder = mkdtempSync(join(tmpdir(), 'bench-live-'));
const population = await startPopulation(Math.max(0, PROCESSES - countProcesses() - 2));
const server = await startServer('/healthz', '--dumps', folder, '--config', join(folder, 'none.json'));
try {
  const processes = countProcesses();
  const watched = await measureWatchers(server);
  const deaf = await measureDeaf(server);
  watched.end();
  await server.stop();
  const grouped = await measureGroups(folder);
  const text = formatFigures({ ...watched, processes, grouped, deaf, ticks: measureTicks(folder) });
  console.log(`\n${text}`);
  if (process.argv.includes('--write')) writeFigures('bench:live', `${host}\n\n${text}`);
} finally {
  population.end();
  rmSync(folder, { recursive: true });
}
process.exit(0);
