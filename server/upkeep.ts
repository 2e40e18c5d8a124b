import { createReadStream, fstatSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { VerifiedSegment } from './adapters/history/seal/verify-segments.ts';
import type { IngestWorld } from './application/take-in.ts';
import { DAY_MS } from './domain/durations.ts';
import { MemoryInspectorError } from './domain/errors.ts';
import type {
  DumpSource,
  ErasedHistory,
  EraseHistoryRequest,
  IndexReport,
  VerifyReport,
  World,
} from './interfaces/cli/world.ts';
import type { Recording } from './recording.ts';
import {
  describeReject,
  logFailure,
  openFilling,
  openProgressLine,
  openSealing,
  readFolder,
  showProgress,
} from './recording.ts';

/** The part of the composition root for commands that look after dumps and their index. */

/** Reads ahead until all is taken in, or `stop` resolves. */
export async function buildIndex(
  source: DumpSource,
  rebuild: boolean,
  stop: () => Promise<void>,
): Promise<IndexReport> {
  const { readManifests } = await import('./adapters/history/manifests.ts');
  const { openUnreadHistory } = await import('./application/unread-history.ts');
  const started = performance.now();
  let failure: unknown = null;
  let rejects = 0;
  const world: IngestWorld = {
    once: true,
    rebuild,
    onReject(reject) {
      rejects++;
      process.stderr.write(describeReject(reject));
    },
    onFailure(error) {
      failure = error;
    },
  };
  const sealing = await openSealing(source, undefined, true);
  const recording = await openFilling(source, world, sealing, openUnreadHistory());
  showProgress(recording.ingest);
  const stopped = await Promise.race([stop().then(() => true), recording.ingest.first.then(() => false)]);
  const { read, rows } = recording.ingest.status();
  await recording.close();
  if (failure) throw failure;
  const { manifests } = await readManifests(recording.index);
  const sumOf = (key: 'samples' | 'rows' | 'bytes') => manifests.reduce((sum, one) => sum + one[key], 0);
  return {
    index: recording.index,
    days: new Set(manifests.map(({ date }) => date)).size,
    hosts: new Set(manifests.map(({ host }) => host)).size,
    samples: sumOf('samples'),
    rows: sumOf('rows'),
    bytes: sumOf('bytes'),
    read: { pairs: read, rows },
    seconds: (performance.now() - started) / 1000,
    rejects,
    stopped,
  };
}

/** Samples that are in no readable segment and in no dump. */
function countLost(segments: readonly VerifiedSegment[]): number {
  const damaged = segments.filter(({ faults }) => faults.length > 0);
  return damaged.reduce((sum, { samplesWithoutDump }) => sum + samplesWithoutDump, 0);
}

/** Reads all dumps and segments, until `stop` resolves. */
export async function verify(source: DumpSource, stop: () => Promise<void>): Promise<VerifyReport | null> {
  const { chooseIndex } = await import('./adapters/sealing/choose-index.ts');
  const { openDumpFolder } = await import('./adapters/dumps/dump-folder.ts');
  const { verifySegments } = await import('./adapters/history/seal/verify-segments.ts');
  const { verifyDumps } = await import('./application/verify-dumps.ts');
  const index = chooseIndex(source.dumps, source.index, process.env);
  const stopping = new AbortController();
  void stop().then(() => stopping.abort());
  const line = openProgressLine();
  try {
    const dumps = await verifyDumps(
      openDumpFolder({ root: source.dumps, timeZone: source.zone, naming: source.naming }),
      {
        signal: stopping.signal,
        onProgress: (done, all) => line.show(`checking dump ${done} of ${all}`),
      },
    );
    line.show('checking the index');
    const { segments, rejects } = await verifySegments(index, source.dumps);
    const sumOf = (key: 'gone' | 'changed') => segments.reduce((sum, one) => sum + one.sources[key], 0);
    return {
      dumps,
      index: {
        folder: index,
        segments: segments.length,
        samples: segments.reduce((sum, { manifest }) => sum + manifest.samples, 0),
        faults: [
          ...rejects.map(({ file, reason }) => `${file}: ${reason}`),
          ...segments.flatMap(({ faults }) => faults),
        ],
        gone: sumOf('gone'),
        changed: sumOf('changed'),
      },
      lost: countLost(segments),
    };
  } catch (error) {
    if (stopping.signal.aborted) return null;
    throw error;
  } finally {
    line.end();
  }
}

/** @throws MemoryInspectorError `cannot_write` where another process keeps the index */
export async function eraseHistory(request: EraseHistoryRequest): Promise<ErasedHistory> {
  const { eraseSegments } = await import('./adapters/history/seal/erase-segments.ts');
  const { dumps, host, from, to, isDryRun } = request;
  const { index, sealer } = await openSealing(request);
  try {
    if (sealer.holder !== null && !isDryRun)
      throw new MemoryInspectorError('cannot_write', `${sealer.holder} keeps the index ${index}`, {
        next: 'Stop it first.',
      });
    const erased = await eraseSegments(index, {
      ...{ dumps, from, to, dryRun: isDryRun },
      ...(host === undefined ? {} : { host }),
    });
    return { ...erased, index, segments: erased.segments.length };
  } finally {
    await sealer.close();
  }
}

const STANDARD_OUTPUT = '/dev/stdout';

/** Where rows are written first; `null`: straight to the standard output, which is no socket. */
function placeOf(file: string | null): string | null {
  if (file !== null) return `${file}.unfinished-${process.pid}`;
  return fstatSync(process.stdout.fd).isSocket() ? join(tmpdir(), `pmi-export-${process.pid}`) : null;
}

/** Under its name only when it is whole. */
async function hand(written: string, file: string | null): Promise<void> {
  if (file !== null) renameSync(written, file);
  else await pipeline(createReadStream(written), process.stdout, { end: false });
}

/** The engine tells what the system refuses in a sentence of its own. */
function refuseToWrite(file: string | null, error: unknown): unknown {
  const reason = error instanceof Error ? (/^IO Error: .*?([^":]+)$/.exec(error.message)?.[1] ?? '') : '';
  if (reason === '') return error;
  // A reader that has seen enough (`pmi export | head`) is no failure.
  if (file === null && reason.includes('Broken pipe')) process.exit(0);
  return new MemoryInspectorError('cannot_write', `Cannot write ${file ?? 'to standard output'}:${reason}`, {
    field: 'out',
    cause: error,
  });
}

export const exportRows: World['exportRows'] = async (source, request) => {
  const { chooseHost, chooseRange } = await import('./application/choose-instant.ts');
  const { history, close } = await readFolder(source);
  const place = placeOf(request.file);
  try {
    const host = chooseHost(history, request.host);
    const range = chooseRange(history.spine(host), request, source.zone);
    const rows = await history.exportRows(host, { ...request, range, file: place ?? STANDARD_OUTPUT });
    if (place !== null) await hand(place, request.file);
    return { host, rows };
  } catch (error) {
    throw refuseToWrite(request.file, error);
  } finally {
    if (place !== null) rmSync(place, { force: true });
    await close();
  }
};

/** Days of an archive are as old as its newest sample says, not as the calendar does. */
async function eraseOldDays({ index, history }: Recording, dumps: string, keepMs: number): Promise<void> {
  const { readManifests } = await import('./adapters/history/manifests.ts');
  const { eraseSegments } = await import('./adapters/history/seal/erase-segments.ts');
  const { manifests } = await readManifests(index);
  let erased = 0;
  for (const { host, from, to } of manifests) {
    const newest = history.spine(host).t.at(-1) ?? to;
    if (to >= newest - keepMs) continue;
    const request = { dumps, host, from, to };
    const { samples, samplesWithoutDump } = await eraseSegments(index, { ...request, dryRun: true });
    // What has a dump would be sealed again.
    if (samplesWithoutDump < samples) continue;
    await eraseSegments(index, request);
    erased++;
  }
  if (erased === 0) return;
  await history.refresh();
  process.stderr.write(`pmi: ${erased} segments older than --keep-history were erased\n`);
}

/** Once all is read, and then once a day, days whose dumps are gone are forgotten when they are old enough. */
export function retireHistory(recording: Recording, dumps: string, keepMs: number | null): { stop(): void } {
  const look = async () => {
    if (keepMs === null || recording.sealer.holder !== null) return;
    await eraseOldDays(recording, dumps, keepMs);
  };
  let isStopped = false;
  void recording.ingest.idle().then(() => (isStopped ? undefined : look().catch(logFailure)));
  const timer = setInterval(() => void look().catch(logFailure), DAY_MS);
  timer.unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
