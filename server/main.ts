import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Ingest, IngestWorld } from './application/ingest.ts';
import type { Reject, RunningRecorder } from './application/ports.ts';
import { formatPosition, MemoryInspectorError } from './domain/errors.ts';
import { runCommandLine } from './interfaces/cli/main.ts';
import { DEFAULT_DUMPS } from './interfaces/cli/serve-options.ts';
import type {
  ReadFolder,
  RunningServer,
  ScheduleRequest,
  ServeOptions,
  World,
} from './interfaces/cli/world.ts';

/**
 * The composition root of `pmi`: the only file that knows adapters and interfaces. What a command does not need is
 * not loaded: the engine costs 190 ms, the DataFrames most of a second.
 */

declare const __VERSION__: string;

/** Where the build has put this file, the web app and the demo's generator. */
const DIST = import.meta.dirname;

/** More than this on a terminal helps nobody; the count is told at the end. */
const MOST_REJECTS_TOLD = 200;

function describeReject(reject: Reject): string {
  return `pmi: ${formatPosition(reject)}: ${reject.reason}\n`;
}

function logFailure(error: unknown): void {
  process.stderr.write(
    `pmi: ${error instanceof MemoryInspectorError ? error.message : ((error as Error)?.stack ?? error)}\n`,
  );
}

/** A history that fills itself from a folder of dumps. */
async function openRecording(dumps: string, zone: string, world: IngestWorld) {
  const { openDumpFolder } = await import('./adapters/dumps/dump-folder.ts');
  const { openHistory } = await import('./adapters/history/history.ts');
  const { openIngest } = await import('./application/ingest.ts');
  const folder = openDumpFolder({ root: dumps, timeZone: zone });
  const history = await openHistory();
  return { history, ingest: openIngest(folder, history, world) };
}

async function readFolder(dumps: string, zone: string): Promise<ReadFolder> {
  const rejects: Reject[] = [];
  let failure: unknown = null;
  const { history, ingest } = await openRecording(dumps, zone, {
    onReject: (reject) => rejects.push(reject),
    onFailure(error) {
      failure = error;
    },
  });
  await ingest.idle();
  await ingest.close();
  if (failure) throw failure;
  for (const reject of rejects.slice(0, MOST_REJECTS_TOLD)) process.stderr.write(describeReject(reject));
  return { history, rejects, close: () => history.close() };
}

function listenFailure(error: unknown, { host, port }: ServeOptions): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EADDRINUSE')
    return new MemoryInspectorError('port_in_use', `Port ${port} of ${host} is in use`, {
      field: 'port',
      next: `Choose another with --port N (0 takes a free one), or see who has it: ss -ltnp 'sport = :${port}'.`,
    });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new MemoryInspectorError('port_in_use', `Cannot listen on ${host} port ${port}: ${code}`, {
      field: 'host',
      next: 'Give an address of this host with --host and a port above 1023 with --port.',
    });
  return error;
}

/** The bind address may be named in a Host header, unless it means "every address". */
function namesOf({ host, allowHosts }: ServeOptions): string[] {
  const wildcard = host === '0.0.0.0' || host === '::';
  return [...(wildcard ? [] : [host]), ...allowHosts];
}

function openRejectLog(): (reject: Reject) => void {
  let told = 0;
  return (reject) => {
    told++;
    if (told <= MOST_REJECTS_TOLD) process.stderr.write(describeReject(reject));
    if (told === MOST_REJECTS_TOLD) process.stderr.write('pmi: more rejects are counted in /healthz\n');
  };
}

async function openApp(
  options: ServeOptions,
  recording: { history: RunningServer['history']; ingest: Ingest },
) {
  const { buildApp } = await import('./interfaces/http/app.ts');
  return buildApp(
    { ...recording, zone: options.zone, version: __VERSION__, webRoot: join(DIST, 'web'), logFailure },
    {
      hosts: namesOf(options),
      token: options.token,
      onRefusedHost: (name) =>
        process.stderr.write(`pmi: refused Host ${JSON.stringify(name)}; --allow-host NAME lets a name in\n`),
    },
  );
}

async function serve(options: ServeOptions): Promise<RunningServer> {
  if (!existsSync(options.dumps))
    throw new MemoryInspectorError('cannot_read', `There is no folder ${options.dumps}`, {
      field: 'dumps',
      next: 'Start recording with `pmi up` or `pmi collect`, or name another folder with --dumps.',
    });
  const recording = await openRecording(options.dumps, options.zone, {
    onReject: openRejectLog(),
    onFailure: logFailure,
  });
  const { history, ingest } = recording;
  const app = await openApp(options, recording);
  const close = async () => {
    await app.close();
    await ingest.close();
    await history.close();
  };
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await close();
    throw listenFailure(error, options);
  }
  const [address] = app.addresses();
  const port = typeof address === 'object' ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}/api/v1/`, history, ingest, close };
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
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
    script: join(DIST, 'collector.js'),
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
  async collect(argv) {
    const { runCollectCommand } = await import('../collector/command.ts');
    return runCollectCommand(argv, 'pmi collect');
  },
  openRecorder,
  async generateDemo(dumps) {
    await promisify(execFile)(process.execPath, [join(DIST, 'demo-host.js'), '--out', dumps]);
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
