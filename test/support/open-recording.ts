import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import { openHistory } from '../../server/adapters/history/history.ts';
import type { DumpPair, Reject } from '../../server/application/dump-ports.ts';
import type { History } from '../../server/application/ports.ts';
import type { Sample } from '../../server/domain/sample.ts';
import { withHost } from '../../server/domain/sample.ts';
import { placeSamples } from './place-samples.ts';
import { writeSegment } from './write-segments.ts';

export interface Recording {
  readonly history: History;
  readonly rejects: readonly Reject[];
}

type Order = (pairs: readonly DumpPair[]) => readonly DumpPair[];

/** Fresh seed files count as unfinished for two seconds: the folder's clock runs ahead of the test's. */
const AHEAD_MS = 60_000;

/** The samples of a folder of dumps, read by the real adapter, by default in order of time. */
async function readSamples(folder: string, inOrder: Order = (pairs) => pairs) {
  const opened = Date.now();
  let now = opened;
  const dumps = openDumpFolder({ root: folder, timeZone: 'UTC', now: () => now });
  now = opened + AHEAD_MS;
  const listing = await dumps.list();
  const rejects = [...listing.rejects];
  const samples: Sample[] = [];
  for (const pair of inOrder(listing.pairs)) {
    const { sample, rejects: lines } = await dumps.read(pair);
    rejects.push(...lines);
    if (sample) samples.push(sample);
  }
  return { samples, rejects };
}

/** Reads a folder of dumps through the real adapters, by default in order of time. Close its history. */
export async function openRecording(folder: string, inOrder?: Order): Promise<Recording> {
  const { samples, rejects } = await readSamples(folder, inOrder);
  const history = await openHistory();
  for (const sample of samples) await history.append(sample);
  await history.flush();
  return { history, rejects };
}

/** Where samples go, along time: to segments, each ending where the number changes, or (0) to the tail. */
export type Split = (index: number, count: number) => number;

/** Writes segments of some of the samples of one host. @returns the samples of the tail */
export async function sealSamples(
  index: string,
  samples: readonly Sample[],
  split: Split,
): Promise<readonly Sample[]> {
  const placed = placeSamples(samples.map(withHost));
  const dayOf = (at: number) => Math.floor(samples[at].system.t / 86_400_000);
  const place = (at: number) => split(at, samples.length);
  let first = 0;
  for (let at = 0; at < samples.length; at++) {
    const isLast = at + 1 === samples.length || place(at + 1) !== place(at) || dayOf(at + 1) !== dayOf(at);
    if (!isLast) continue;
    if (place(at) > 0) await writeSegment(index, placed.slice(first, at + 1));
    first = at + 1;
  }
  return samples.filter((_, at) => place(at) === 0);
}

/** The same recording, some of it sealed. */
export async function openSplitRecording(
  folder: string,
  index: string,
  split: Split,
  inOrder: (samples: readonly Sample[]) => readonly Sample[] = (samples) => samples,
): Promise<Recording> {
  const { samples, rejects } = await readSamples(folder);
  const tail = await sealSamples(index, samples, split);
  const history = await openHistory({ index, onReject: (reject) => rejects.push(reject) });
  for (const sample of inOrder(tail)) await history.append(withHost(sample));
  await history.flush();
  return { history, rejects };
}
