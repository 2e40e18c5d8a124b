import { basename, resolve } from 'node:path';
import type { Reject } from './application/dump-ports.ts';
import type { Ingest } from './application/ingest.ts';
import type { IngestStatus } from './application/ingest-progress.ts';
import type { History, Intake } from './application/ports.ts';
import type { Sealer } from './application/sealing-ports.ts';
import type { ServerFacts, Surroundings } from './application/surroundings.ts';
import type { IngestWorld } from './application/take-in.ts';
import type { WatchGroupStore } from './application/watch-group-store.ts';
import { formatPosition, MemoryInspectorError } from './domain/errors.ts';
import type { OwnMemory } from './domain/own-memory.ts';
import { displayText } from './domain/text-notation.ts';
import type { DumpSource, ReadFolder, ServeOptions } from './interfaces/cli/world.ts';

/** The part of the composition root that opens a folder of dumps: history, sealing and what fills them. */

/** Beside this file's chunk, in dist/. */
const WORKER = new URL('./seal-worker.js', import.meta.url);

/** Before a table, more than this helps nobody; `pmi serve` tells each. */
const MOST_REJECTS_TOLD = 20;

export interface Recording<Kept extends Intake = History> {
  readonly history: Kept;
  readonly ingest: Ingest;
  readonly sealer: Sealer;
  readonly index: string;
  close(): Promise<void>;
}

export function describeReject(reject: Reject): string {
  return `pmi: ${displayText(`${formatPosition(reject)}: ${reject.reason}`)}\n`;
}

export function logFailure(error: unknown): void {
  process.stderr.write(
    `pmi: ${error instanceof MemoryInspectorError ? error.message : ((error as Error)?.stack ?? error)}\n`,
  );
}

/** How others are told who keeps an index. */
function programName(url: string | null): string {
  const program = ['pmi', process.argv[2]].filter(Boolean).join(' ');
  return url === null ? program : `${program} at ${url}`;
}

type Sealing = Pick<Recording, 'index' | 'sealer'>;

/** @param urlOf where this process serves; `null`: nowhere yet @param isEager it is here to seal, and for nothing else */
export async function openSealing(
  { dumps, zone, index }: DumpSource,
  urlOf: () => string | null = () => null,
  isEager = false,
): Promise<Sealing> {
  const { chooseIndex } = await import('./adapters/sealing/choose-index.ts');
  const { openSealer } = await import('./adapters/sealing/open-sealer.ts');
  const folder = chooseIndex(dumps, index, process.env);
  return {
    index: folder,
    sealer: await openSealer({
      ...{ dumps, timeZone: zone, index: folder, worker: WORKER, isEager },
      name: () => programName(urlOf()),
    }),
  };
}

/** Has a folder of dumps sealed, and what is not sealed taken into a history. */
export async function openFilling<Kept extends Intake>(
  source: DumpSource,
  world: IngestWorld,
  { index, sealer }: Sealing,
  history: Kept,
): Promise<Recording<Kept>> {
  const { openDumpFolder } = await import('./adapters/dumps/dump-folder.ts');
  const { openIngest } = await import('./application/ingest.ts');
  const folder = openDumpFolder({ root: source.dumps, timeZone: source.zone, naming: source.naming });
  const ingest = openIngest({ folder, history, sealer }, world);
  return {
    history,
    ingest,
    sealer,
    index,
    async close() {
      await ingest.close();
      await sealer.close();
      await history.close();
    },
  };
}

/** A history that fills itself from a folder of dumps. @param urlOf as of `openSealing` */
export async function openRecording(
  source: DumpSource,
  world: IngestWorld,
  urlOf?: () => string | null,
): Promise<Recording> {
  const { openHistory } = await import('./adapters/history/history.ts');
  const sealing = await openSealing(source, urlOf);
  return openFilling(source, world, sealing, await openHistory({ index: sealing.index }));
}

function readOwnMemory(): OwnMemory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss_bytes: rss, heap_used_bytes: heapUsed, external_bytes: external };
}

/** Pages go back to the kernel in threads of the engine. */
const GIVE_BACK_MS = 200;

function readServerFacts(): ServerFacts {
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    now: Date.now(),
    startedAt: Math.round(performance.timeOrigin),
    rssBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    node: process.version,
  };
}

/** What is told of this host beside the history. What is dear to find out is remembered for a while. */
export async function openSurroundings(dumps: string, index: string): Promise<Surroundings> {
  const { readManifests } = await import('./adapters/history/manifests.ts');
  const { readSealedRows } = await import('./adapters/history/sealed-dumps.ts');
  const { remember } = await import('./application/remember.ts');
  const { openSystemReader } = await import('./adapters/procfs/system-reading.ts');
  const { openCollection } = await import('./adapters/history/heap.ts');
  const { readRecorderStatus } = await import('../collector/status.ts');
  let readSystem: ReturnType<typeof openSystemReader> | undefined;
  return {
    folder: basename(resolve(dumps)),
    recorder: remember(() => readRecorderStatus(dumps, Date.now()).catch(() => null)),
    index: remember(async () => {
      const { manifests } = await readManifests(index);
      return { segments: manifests.length, bytes: manifests.reduce((sum, { bytes }) => sum + bytes, 0) };
    }),
    server: readServerFacts,
    system: remember(() => {
      readSystem ??= openSystemReader();
      return readSystem();
    }),
    sealedRows: async (date) => readSealedRows(index, date),
    own: {
      memory: readOwnMemory,
      async collect() {
        openCollection()();
        await new Promise((resolve) => setTimeout(resolve, GIVE_BACK_MS));
      },
    },
  };
}

/** What is now of this host; it is read while somebody watches. */
export async function openLive(
  { liveIntervalMs, idleExitMs }: Pick<ServeOptions, 'liveIntervalMs' | 'idleExitMs'>,
  { groups }: WatchGroupStore,
) {
  const { openLiveSampler } = await import('./adapters/procfs/live-sampler.ts');
  const { openLiveFeed } = await import('./application/live-feed.ts');
  const { openActivity } = await import('./application/activity.ts');
  const live = openLiveFeed({
    openSampler: openLiveSampler,
    groups,
    onFailure: openFailureLog(),
    id: Date.now().toString(36),
    intervalMs: liveIntervalMs,
  });
  return { live, activity: openActivity(live.clients, idleExitMs) };
}

/** At a terminal, one line that keeps up with long work; a pipe or log gets none. */
export function openProgressLine(): { show(text: string): void; end(): void } {
  const { stderr } = process;
  let shownAt = 0;
  return {
    show(text) {
      const now = performance.now();
      if (!stderr.isTTY || now - shownAt < 200) return;
      shownAt = now;
      stderr.write(`\r\x1b[Kpmi: ${text}`);
    },
    end() {
      if (shownAt > 0) stderr.write('\r\x1b[K');
    },
  };
}

function describeProgress({
  pending,
  read,
  rows,
  rejected_files,
  rejected_rows,
  seconds_left,
}: IngestStatus): string {
  const rejected = rejected_files + rejected_rows;
  return [
    `reading ${read} of ${read + (pending ?? 0)} dumps`,
    `${rows} rows`,
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...(seconds_left === null ? [] : [`${seconds_left} s left`]),
  ].join(', ');
}

/** How far the first reading has come. */
export function showProgress(ingest: Ingest): void {
  const line = openProgressLine();
  const timer = setInterval(() => {
    const status = ingest.status();
    if (status.pending) line.show(describeProgress(status));
  }, 250);
  void ingest.first.then(() => {
    clearInterval(timer);
    line.end();
  });
}

export async function readFolder(source: DumpSource): Promise<ReadFolder> {
  const rejects: Reject[] = [];
  let failure: unknown = null;
  const { history, ingest, close } = await openRecording(source, {
    onReject: (reject) => rejects.push(reject),
    onFailure(error) {
      failure = error;
    },
  });
  showProgress(ingest);
  await ingest.first;
  if (failure) {
    await close();
    throw failure;
  }
  for (const reject of rejects.slice(0, MOST_REJECTS_TOLD)) process.stderr.write(describeReject(reject));
  const more = rejects.length - MOST_REJECTS_TOLD;
  if (more > 0) process.stderr.write(`pmi: and ${more} more rejects; pmi serve tells each\n`);
  return { history, rejects, close };
}

/** What fails is tried again and again, and told once. */
export function openFailureLog(): (error: unknown) => void {
  let told = '';
  return (error) => {
    const message = String(error);
    if (message !== told) logFailure(error);
    told = message;
  };
}
