import type { DumpBook } from './dump-ledger.ts';
import { openDumpLedger } from './dump-ledger.ts';
import type { IngestStatus } from './ingest-progress.ts';
import { openProgress } from './ingest-progress.ts';
import type { IngestPorts, IngestWorld, Work } from './take-in.ts';
import { isFollower, refresh, sealTail, takeIn } from './take-in.ts';
import { inTurn } from './turns.ts';

/** Looks at the folder of dumps, now and whenever it changes, and has what is new taken in. */

export interface Ingest {
  status(): IngestStatus;
  /** Every dump that was listed, and how it is. */
  readonly dumps: DumpBook;
  /** Resolves when everything that was there at the beginning has been taken in. */
  readonly first: Promise<void>;
  /** Resolves when everything that was there at the call has been taken in. */
  idle(): Promise<void>;
  /** Abandons what is being read or sealed; what is unfinished leaves nothing behind. */
  close(): Promise<void>;
}

/** One look at the folder: lists what is new and takes all of it in. */
async function look(work: Work): Promise<void> {
  const { folder, progress, ledger, sealer, world } = work;
  const wasLost = work.isLost;
  work.isLost = true;
  const { pairs, rejects } = await folder.list();
  work.isLost = false;
  for (const one of rejects) {
    ledger.refuse(one);
    world.onReject(one);
  }
  ledger.list(pairs);
  // Without the lock it goes on as before.
  await sealer?.contend().catch(world.onFailure);
  if (isFollower(work) || wasLost) await refresh(work);
  if (pairs.length > 0) await takeIn(work, pairs);
  if (!work.closing.signal.aborted) await sealTail(work);
  progress.done();
}

function statusOf({ progress, ledger, sealer }: Work): IngestStatus {
  return { ...progress.status(), ...ledger.totals(), sealed_by: sealer?.holder ?? null };
}

/** What a file holds never stops it: that is a reject. */
export function openIngest(ports: IngestPorts, world: IngestWorld): Ingest {
  const work: Work = {
    ...ports,
    world,
    now: world.now ?? Date.now,
    progress: openProgress(),
    closing: new AbortController(),
    ledger: openDumpLedger(),
    datesInTail: new Set(),
    openHour: 0,
    isLost: false,
    refreshing: Promise.resolve(),
  };
  const { signal } = work.closing;
  const again = inTurn(() => (signal.aborted ? Promise.resolve() : look(work)), world.onFailure);
  const closed = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  const first = Promise.race([world.begin, closed]).then(again);
  const watcher = world.once ? null : ports.folder.watch(() => void again());
  return {
    status: () => statusOf(work),
    dumps: work.ledger,
    first,
    idle: () => first.then(again),
    async close() {
      work.closing.abort();
      watcher?.close();
      await again();
    },
  };
}
