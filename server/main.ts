import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Ingest } from './application/ingest.ts';
import type { RunningRecorder } from './application/ports.ts';
import { openWatchGroups, readConfiguration } from './configuration.ts';
import { MemoryInspectorError } from './domain/errors.ts';
import { runCommandLine } from './interfaces/cli/main.ts';
import { DEFAULT_DUMPS } from './interfaces/cli/serve-options.ts';
import type { RunningServer, ScheduleRequest, ServeOptions, World } from './interfaces/cli/world.ts';
import type { Services } from './interfaces/http/services.ts';
import {
  describeReject,
  logFailure,
  openIngestLog,
  openRecording,
  openSurroundings,
  readFolder,
  showProgress,
} from './recording.ts';
import { openSessionSources } from './sessions.ts';
import { buildIndex, eraseHistory, exportRows, retireHistory, verify } from './upkeep.ts';

/**
 * The composition root of `pmi`: the only file that knows adapters and interfaces. What a command does not need is
 * not loaded: the engine costs 190 ms, the DataFrames most of a second.
 */

declare const __VERSION__: string;

/** Where the build has put this file, the web app and the demo's generator. */
const DIST = import.meta.dirname;

/** The recorder on its own. */
const RECORDER = join(DIST, 'collector.js');

async function openApp(
  options: ServeOptions,
  { sessions, watchGroups }: Pick<Services, 'sessions' | 'watchGroups'>,
  recording: { history: RunningServer['history']; ingest: Ingest; index: string },
) {
  const { buildApp } = await import('./interfaces/http/app.ts');
  const { namesOf } = await import('./interfaces/http/listen.ts');
  const surroundings = await openSurroundings(options.dumps, recording.index);
  return buildApp(
    {
      ...recording,
      sessions,
      surroundings,
      watchGroups,
      zone: options.zone,
      version: __VERSION__,
      webRoot: join(DIST, 'web'),
      logFailure,
    },
    {
      hosts: namesOf(options.host, options.allowHosts),
      token: options.token,
      onRefusedHost: (name) =>
        process.stderr.write(`pmi: refused Host ${JSON.stringify(name)}; --allow-host NAME lets a name in\n`),
    },
  );
}

async function serve(options: ServeOptions): Promise<RunningServer> {
  const recording = await openRecording(options, {
    onReject: (reject) => process.stderr.write(describeReject(reject)),
    onFailure: openIngestLog(),
  });
  const { history, ingest, sealer } = recording;
  if (sealer.holder !== null)
    process.stderr.write(`pmi: ${sealer.holder} keeps the index of these dumps; this server only reads it\n`);
  showProgress(ingest);
  const retirement = retireHistory(recording, options.dumps, options.keepHistoryMs);
  const watchGroups = await openWatchGroups(options.config);
  const sessions = await openSessionSources(
    { dumps: options.dumps, script: RECORDER, groups: watchGroups.groups, onFailure: logFailure },
    null,
  );
  const app = await openApp(options, { sessions, watchGroups }, recording);
  const close = async () => {
    retirement.stop();
    await app.close();
    await sessions.sessions.close();
    await recording.close();
  };
  try {
    const { listen } = await import('./interfaces/http/listen.ts');
    return { url: await listen(app, options), history, ingest, close };
  } catch (error) {
    await close();
    throw error;
  }
}

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
  env: process.env,
  isRoot: process.getuid?.() === 0,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  version: __VERSION__,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stopSignal,
  readSecret,
  serve,
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
  watchGroups: async (file) => (await readConfiguration(file)).groups ?? [],
  readConfig: readConfiguration,
  async liveProcesses() {
    const { readLiveProcesses } = await import('./adapters/procfs/live-processes.ts');
    return readLiveProcesses();
  },
  reportStyles: () => readFileSync(join(DIST, 'web', 'report.css'), 'utf8'),
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
