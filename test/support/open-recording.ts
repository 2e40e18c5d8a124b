import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import { openHistory } from '../../server/adapters/history/history.ts';
import type { DumpPair, History, Reject } from '../../server/application/ports.ts';

export interface Recording {
  readonly history: History;
  readonly rejects: readonly Reject[];
}

/** Fresh seed files count as unfinished for two seconds: the folder's clock runs ahead of the test's. */
const AHEAD_MS = 60_000;

/** Reads a folder of dumps through the real adapters, by default in order of time. Close its history. */
export async function openRecording(
  folder: string,
  inOrder: (pairs: readonly DumpPair[]) => readonly DumpPair[] = (pairs) => pairs,
): Promise<Recording> {
  const opened = Date.now();
  let now = opened;
  const dumps = openDumpFolder({ root: folder, timeZone: 'UTC', now: () => now });
  now = opened + AHEAD_MS;
  const listing = await dumps.list();
  const history = await openHistory();
  const rejects = [...listing.rejects];
  for (const pair of inOrder(listing.pairs)) {
    const { sample, rejects: lines } = await dumps.read(pair);
    rejects.push(...lines);
    if (sample) await history.append(sample);
  }
  await history.flush();
  return { history, rejects };
}
