import { join } from 'node:path';
import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import type { Sealing } from '../../server/adapters/history/seal/open-sealing.ts';
import { openSealing } from '../../server/adapters/history/seal/open-sealing.ts';
import type { SegmentFiles } from '../../server/adapters/history/seal/segment-files.ts';
import type { DumpPair } from '../../server/application/dump-ports.ts';
import type { SealResult } from '../../server/application/sealing-ports.ts';
import type { Sample } from '../../server/domain/sample.ts';
import { withHost } from '../../server/domain/sample.ts';
import { formatDay } from '../../server/domain/stamp.ts';

/** A dump folder and its index, sealed in this thread. */
export interface SealedFolder {
  readonly dumps: string;
  readonly index: string;
  readonly sealing: Sealing;
  /** All that is there, listed anew. */
  pairs(): Promise<readonly DumpPair[]>;
  /** What the dumps hold, by host, each instant once. */
  samples(): Promise<ReadonlyMap<string, readonly Sample[]>>;
  sealDay(date: string): Promise<SealResult>;
  sealPart(pairs: readonly DumpPair[]): Promise<SealResult>;
  settle(): Promise<void>;
}

const NO_CONTROL = { check: () => undefined, onProgress: () => undefined };
/** Dumps of the predecessor have to rest before they are listed. */
const LATER_MS = 60_000;

export function openFolder(dumps: string) {
  return openDumpFolder({ root: dumps, timeZone: 'UTC', now: () => Date.now() + LATER_MS });
}

async function readAll(dumps: string): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const folder = openFolder(dumps);
  const hosts = new Map<string, Map<number, Sample>>();
  for (const pair of (await folder.list()).pairs) {
    const { sample } = await folder.read(pair);
    if (!sample) continue;
    const { system } = withHost(sample);
    const samples = hosts.get(system.host) ?? new Map<number, Sample>();
    hosts.set(system.host, samples);
    if (!samples.has(system.t)) samples.set(system.t, { ...sample, system });
  }
  const inTime = (samples: ReadonlyMap<number, Sample>) =>
    [...samples.values()].sort((a, b) => a.system.t - b.system.t);
  return new Map([...hosts].map(([host, samples]) => [host, inTime(samples)]));
}

export async function openSealedFolder(
  dumps: string,
  options: { readonly files?: SegmentFiles; readonly mostRows?: number } = {},
): Promise<SealedFolder> {
  const index = join(dumps, '.index');
  const sealing = await openSealing({ index, root: dumps, folder: openFolder(dumps), ...options });
  const pairs = async () => (await openFolder(dumps).list()).pairs;
  return {
    dumps,
    index,
    sealing,
    pairs,
    samples: () => readAll(dumps),
    async sealDay(date) {
      const ofDay = (await pairs()).filter(({ stampInstant }) => formatDay(stampInstant) === date);
      return sealing.seal({ date, pairs: ofDay, isWholeDay: true }, NO_CONTROL);
    },
    sealPart: (part) =>
      sealing.seal({ date: formatDay(part[0].stampInstant), pairs: part, isWholeDay: false }, NO_CONTROL),
    settle: () => sealing.settle(NO_CONTROL),
  };
}
