import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { RunningRecorder } from './application/command-ports.ts';
import { openAlertsOf, readConfiguration } from './configuration.ts';
import { MemoryInspectorError } from './domain/errors.ts';
import { withDotEnv } from './interfaces/cli/environment.ts';
import { runCommandLine } from './interfaces/cli/main.ts';
import { DEFAULT_DUMPS } from './interfaces/cli/serve-options.ts';
import type { ScheduleRequest } from './interfaces/cli/service-world.ts';
import type { World } from './interfaces/cli/world.ts';
import { readFolder } from './recording.ts';
import { openAnalysis, openRegionRecords, RECORDER, serve } from './serving.ts';
import { openSessionSources } from './sessions.ts';
import { buildIndex, eraseHistory, exportRows, verify } from './upkeep.ts';

/**
 * The composition root of `pmi`: the only file that knows adapters and interfaces. What a command does not need is
 * not loaded: the engine costs 190 ms, the DataFrames most of a second.
 */

declare const __VERSION__: string;

/** Where the build has put this file, the web app and the demo's generator. */
const DIST = import.meta.dirname;

let stopping: Promise<void> | undefined;

function stopSignal(): Promise<void> {
  stopping ??= new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return stopping;
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MemoryInspectorError('cannot_read', `Cannot read the token file ${file}`, {
      field: 'token-file',
      next: `The system says ${(error as NodeJS.ErrnoException).code}.`,
      cause: error,
    });
  }
}

async function openRecorder(argv: readonly string[]): Promise<RunningRecorder> {
  const { readRecorderRequest } = await import('../collector/options.ts');
  const recorder = await import('../collector/recorder.ts');
  const request = readRecorderRequest(argv, 'pmi up');
  if (request.kind !== 'record') throw new Error('the recorder was asked for help');
  return recorder.openRecorder(request.options);
}

/** The recorder on its own starts in a tenth of the time. Cron has no folder to be in: paths are absolute. */
async function schedule({ kind, interval, out }: ScheduleRequest): Promise<string> {
  const { formatSchedule } = await import('../collector/schedule.ts');
  const folder = out ?? (kind === 'cron' ? DEFAULT_DUMPS : null);
  return formatSchedule({
    kind,
    interval,
    node: process.execPath,
    script: RECORDER,
    out: folder === null ? null : resolve(folder),
  });
}

const world: World = {
  env: withDotEnv(process.env, existsSync('.env') ? readFileSync('.env', 'utf8') : null),
  isRoot: process.getuid?.() === 0,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  version: __VERSION__,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stopSignal,
  readSecret,
  serve,
  async askServer(port) {
    const { askServer } = await import('./interfaces/cli/ask-server.ts');
    return askServer(port);
  },
  async collectServerGarbage(port) {
    const { collectServerGarbage } = await import('./interfaces/cli/ask-server.ts');
    return collectServerGarbage(port);
  },
  async startServer({ port, dumps }) {
    const { startServer } = await import('./interfaces/cli/start-server.ts');
    const program = [process.execPath, join(DIST, 'pmi.js')] as const;
    return startServer({ port, dumps: resolve(dumps), program, env: process.env });
  },
  readFolder,
  buildIndex: (source, rebuild) => buildIndex(source, rebuild, stopSignal),
  verify: (source) => verify(source, stopSignal),
  eraseHistory,
  exportRows,
  async collect(argv) {
    const { runCollectCommand } = await import('../collector/command.ts');
    return runCollectCommand(argv, 'pmi collect');
  },
  openRecorder,
  openSessions(dumps, groups, watch) {
    // Whoever records waits for what becomes of the session: a failure is told there.
    const onFailure = () => undefined;
    return openSessionSources({ dumps, script: RECORDER, groups: () => groups, onFailure }, watch);
  },
  async generateDemo(dumps) {
    // Under its name only when it is whole: an interrupted one is made anew.
    const unfinished = `${dumps}.unfinished-${process.pid}`;
    await promisify(execFile)(process.execPath, [join(DIST, 'demo-host.js'), '--out', unfinished]);
    renameSync(unfinished, dumps);
  },
  async liveCommands() {
    const { readLiveCommands } = await import('./adapters/procfs/live-commands.ts');
    return readLiveCommands();
  },
  async openLiveSampler(pssBudgetMs) {
    const { openLiveSampler } = await import('./adapters/procfs/live-sampler.ts');
    return openLiveSampler({ pssBudgetMs });
  },
  openAnalysis,
  openRegionRecords,
  inputLines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
  async prune(request) {
    const { pruneFolder } = await import('../collector/prune.ts');
    return pruneFolder({ ...request, now: Date.now() });
  },
  schedule,
  async installUserUnit(text) {
    const { installUserUnit } = await import('../collector/install-unit.ts');
    return installUserUnit(text, process.env);
  },
  async installService({ interval, dumps, port }) {
    const { formatServerUnit, SERVER_UNIT_FILE } = await import('../collector/schedule.ts');
    const { installUserUnit, listUserUnits } = await import('../collector/install-unit.ts');
    const recorder = await schedule({ kind: 'systemd-user', interval, out: dumps });
    const folder = dumps === null ? null : resolve(dumps);
    const program = { node: process.execPath, script: join(DIST, 'pmi.js') };
    const server = formatServerUnit({ ...program, dumps: folder, port });
    installUserUnit(recorder, process.env);
    installUserUnit(server, process.env, SERVER_UNIT_FILE);
    return listUserUnits(process.env);
  },
  async serviceUnits() {
    const { listUserUnits } = await import('../collector/install-unit.ts');
    return listUserUnits(process.env);
  },
  async removeUnit(unit) {
    const { removeUserUnit } = await import('../collector/install-unit.ts');
    removeUserUnit(unit);
  },
  async systemctl(words) {
    const { askManager } = await import('./interfaces/cli/ask-manager.ts');
    return askManager(words);
  },
  watchGroups: async (file) => (await readConfiguration(file)).groups ?? [],
  readConfig: readConfiguration,
  openAlerts: openAlertsOf,
  async liveProcesses() {
    const { readLiveProcesses } = await import('./adapters/procfs/live-processes.ts');
    return readLiveProcesses();
  },
  reportStyles: () => readFileSync(join(DIST, 'web', 'report.css'), 'utf8'),
  async pngOf(svg) {
    const { renderPng } = await import('./adapters/raster/render-png.ts');
    return renderPng(svg, join(DIST, 'fonts'));
  },
  async recorderStatus(dumps) {
    const { readRecorderStatus } = await import('../collector/status.ts');
    return readRecorderStatus(dumps, Date.now());
  },
  async openDataFrames() {
    const { openDataFrames } = await import('./adapters/danfo/data-frames.ts');
    return openDataFrames();
  },
  folderExists: existsSync,
};

/** A reader that has seen enough (`pmi snapshot | head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(world, process.argv.slice(2));
