import type { SessionSummary } from '../domain/session-summary.ts';
import { openSummary } from '../domain/session-summary.ts';
import type { SampleSpine } from '../domain/timeline.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { DumpFolder, DumpPair } from './dump-ports.ts';
import { openSampleReader } from './measure-sample.ts';
import { nextTurn } from './turns.ts';

/** All of a session's dumps, one at a time: what is kept of each is a few numbers a process. */

/** Figures along the samples; `NaN` is unknown. */
export interface SessionLines {
  readonly used: readonly number[];
  /** RSS of each member of the group. */
  readonly members: readonly (readonly number[])[];
}

export interface SessionReading {
  readonly host: string | null;
  readonly spine: SampleSpine;
  readonly lines: SessionLines;
  readonly summary: SessionSummary;
  /** Files and lines that could not be used. */
  readonly rejects: number;
}

export interface OpenSessionReading {
  /** Reads what has come since it was last called, too. @throws the signal's reason; MemoryInspectorError `cannot_read` */
  read(signal: AbortSignal): Promise<SessionReading>;
}

/** Pairs between two turns of the event loop: others are answered meanwhile. */
const PAIRS_PER_TURN = 4;

function openLines(group: WatchGroup | null) {
  const spine = {
    t: [] as number[],
    uptimeSeconds: [] as number[],
    intervalSeconds: [] as number[],
    bootId: [] as (string | null)[],
  };
  return { spine, used: [] as number[], members: (group?.members ?? []).map((): number[] => []) };
}

export function openSessionReading(folder: DumpFolder, group: WatchGroup | null): OpenSessionReading {
  const measure = openSampleReader(group);
  const summary = openSummary(group);
  const { spine, used, members } = openLines(group);
  const listed: DumpPair[] = [];
  /** Of those that were listed, the first that was not read. */
  let next = 0;
  let host: string | null = null;
  let rejects = 0;

  async function take(pair: DumpPair): Promise<void> {
    const read = await folder.read(pair);
    rejects += read.rejects.length;
    if (!read.sample) return;
    const { system } = read.sample;
    const measured = measure(read.sample);
    summary.add(read.sample, measured);
    host = system.host;
    spine.t.push(system.t);
    spine.uptimeSeconds.push(system.uptimeSeconds ?? Number.NaN);
    spine.intervalSeconds.push(system.intervalSeconds ?? Number.NaN);
    spine.bootId.push(system.bootId);
    used.push(measured.used);
    for (const [at, { rss }] of measured.members.entries()) members[at].push(rss);
  }

  return {
    async read(signal) {
      const { pairs, rejects: refused } = await folder.list();
      rejects += refused.length;
      for (const pair of pairs) listed.push(pair);
      while (next < listed.length) {
        signal.throwIfAborted();
        await take(listed[next]);
        if (++next % PAIRS_PER_TURN === 0) await nextTurn();
      }
      return { host, spine, lines: { used, members }, summary: summary.read(), rejects };
    },
  };
}

/** The largest used memory, told by the systems' files alone; `null` is unknown. */
export async function readPeak(folder: DumpFolder): Promise<number | null> {
  const { pairs } = await folder.list();
  const measure = openSampleReader(null);
  let peak: number | null = null;
  for (const [done, pair] of pairs.entries()) {
    const { sample } = await folder.read({ ...pair, processFile: null });
    const used = sample ? measure(sample).used : Number.NaN;
    if (used > (peak ?? -1)) peak = used;
    if (done % PAIRS_PER_TURN === 0) await nextTurn();
  }
  return peak;
}
