import { withHost } from '../domain/sample.ts';
import type { DumpFolder, DumpPair, History, Reject } from './ports.ts';

/** Takes dumps into the history: first all that are there, then each new one, in order of time. */

export interface IngestStatus {
  readonly state: 'scanning' | 'ingesting' | 'idle';
  /** Pairs known and not yet queryable; `null` until the folder was listed once. */
  readonly pending: number | null;
  readonly samples: number;
  readonly rejected_files: number;
  readonly rejected_rows: number;
}

export interface Ingest {
  status(): IngestStatus;
  /** Resolves when everything that was there at the call has been taken in. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface IngestWorld {
  readonly onReject: (reject: Reject) => void;
  /** A folder that cannot be read any more, or a bug: told, and tried again at the next change. */
  readonly onFailure: (error: unknown) => void;
}

/** Pairs between two turns of the event loop: requests are answered while a folder is read. */
const PAIRS_PER_TURN = 4;

type MutableStatus = { -readonly [Field in keyof IngestStatus]: IngestStatus[Field] };

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Work {
  readonly folder: DumpFolder;
  readonly history: History;
  readonly world: IngestWorld;
  readonly status: MutableStatus;
  closed: boolean;
}

function reject({ status, world }: Work, one: Reject): void {
  if (one.line === null) status.rejected_files++;
  else status.rejected_rows++;
  world.onReject(one);
}

async function takeIn(work: Work, pair: DumpPair): Promise<void> {
  const { sample, rejects } = await work.folder.read(pair);
  for (const one of rejects) reject(work, one);
  if (!sample) return;
  const outcome = await work.history.append(withHost(sample));
  if (outcome === 'added') work.status.samples++;
  else
    reject(work, {
      file: pair.processFile ?? pair.systemFile ?? '',
      line: null,
      column: null,
      reason: 'a sample of this instant is already there',
    });
}

/** One look at the folder: lists what is new and takes all of it in. */
async function takeInNew(work: Work): Promise<void> {
  const { status, folder, history } = work;
  const { pairs, rejects } = await folder.list();
  for (const one of rejects) reject(work, one);
  status.pending = pairs.length;
  if (pairs.length > 0) status.state = 'ingesting';
  for (const [done, pair] of pairs.entries()) {
    if (work.closed) return;
    await takeIn(work, pair);
    status.pending = pairs.length - done - 1;
    if (done % PAIRS_PER_TURN === PAIRS_PER_TURN - 1) await nextTurn();
  }
  await history.flush();
  status.state = 'idle';
}

/** Begins at once. What a file holds never stops it: that is a reject. */
export function openIngest(folder: DumpFolder, history: History, world: IngestWorld): Ingest {
  const status: MutableStatus = {
    state: 'scanning',
    pending: null,
    samples: 0,
    rejected_files: 0,
    rejected_rows: 0,
  };
  const work: Work = { folder, history, world, status, closed: false };
  let running: Promise<void> = Promise.resolve();
  let queued = false;

  function look(): Promise<void> {
    if (queued) return running;
    queued = true;
    running = running
      .then(() => {
        queued = false;
        return work.closed ? undefined : takeInNew(work);
      })
      .catch(world.onFailure);
    return running;
  }

  const first = look();
  const watcher = folder.watch(() => void look());
  return {
    status: () => ({ ...status }),
    idle: () => first.then(look),
    async close() {
      work.closed = true;
      watcher.close();
      await running;
    },
  };
}
