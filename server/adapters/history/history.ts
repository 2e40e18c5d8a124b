import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reject } from '../../application/dump-ports.ts';
import type { LifeReads } from '../../application/life-ports.ts';
import type { History, InstantRange, LifeTimeline } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import * as answers from './answers.ts';
import { whileWanted } from './connections.ts';
import { encodeParquet } from './encode-parquet.ts';
import { exportRows } from './export-rows.ts';
import { findLives } from './find-lives.ts';
import type { HostHistory } from './host-history.ts';
import { openHostSamples } from './host-samples.ts';
import type { MemoryLimits } from './kept-hours.ts';
import { MEMORY_LIMITS } from './kept-hours.ts';
import { spansOfPid, withCommands } from './named-lives.ts';
import { openRangeReads } from './open-range-reads.ts';
import { readFamily, readRankedChildren } from './read-family.ts';
import { readMoments } from './read-moments.ts';
import { readSubtrees } from './read-subtrees.ts';
import type { Store } from './store.ts';
import { append, ask, flush, openStore, refresh, spanOf } from './store.ts';
import { openTailSource } from './tail.ts';

export interface HistoryOptions {
  /** Folder of the segments; without one there is only the tail. */
  readonly index?: string | null;
  /** Segments and manifests that cannot be read: they are left out. */
  readonly onReject?: (reject: Reject) => void;
  readonly memory?: MemoryLimits;
}

const NO_SPINE = openHostSamples().spine;

function newest(host: HostHistory): number {
  return host.samples.spine.t.at(-1) ?? Number.NEGATIVE_INFINITY;
}

/** Newest sample first; a host whose segments have gone is none. */
function hostNames(store: Store): readonly string[] {
  const recorded = [...store.hosts.values()].filter(({ samples }) => samples.spine.t.length > 0);
  return recorded.sort((a, b) => newest(b) - newest(a)).map((host) => host.name);
}

type About = <T>(name: string, answer: (sources: HostSources) => Promise<T>) => Promise<T>;

/** `null` where the host has no such life. */
function idOfKey({ names }: Store, { sealed, lives }: HostHistory, key: string): number | null {
  const id = names.find(key);
  return id >= 0 && (sealed.lives.lastOf(id) || lives.has(id)) ? id : null;
}

function lifeReads(store: Store, about: About): LifeReads {
  return {
    readSubtrees: (name, keys, instants) =>
      about(name, async (sources) => {
        const ids = keys.flatMap((key) => idOfKey(store, sources.host, key) ?? []);
        const series = await readSubtrees(sources, ids, instants);
        return new Map([...series].map(([id, bytes]) => [store.names.keyOf(id), bytes]));
      }),
    findLives: (name, question) => about(name, (sources) => findLives(sources, store.names.pidOf, question)),
  };
}

/** What is told by hours, and behind it hours of other days are read. */
function hourReads(
  { hosts, readAhead }: Store,
  about: About,
): Pick<History, 'readTimeline' | 'rankChildren'> {
  const thenAhead = <Told extends Pick<LifeTimeline, 'detail'>>(
    told: Told,
    name: string,
    range: InstantRange,
  ) => {
    const host = hosts.get(name);
    if (host && told.detail === 'hours') readAhead(host, range);
    return told;
  };
  return {
    readTimeline: async (name, life, range, detail) =>
      thenAhead(
        await about(name, (sources) => answers.readTimeline(sources, life, range, detail)),
        name,
        range,
      ),
    rankChildren: async (name, life, range, detail) =>
      thenAhead(
        await about(name, (sources) => readRankedChildren(sources, life, range, detail)),
        name,
        range,
      ),
  };
}

/** Opens what is sealed. What is appended is held in DuckDB's memory: the live tail. */
export async function openHistory({
  index = null,
  onReject = () => undefined,
  memory = MEMORY_LIMITS,
}: HistoryOptions = {}): Promise<History> {
  return historyOf(await openStore({ index, onReject, memory }));
}

export function historyOf(store: Store): History {
  const about: About = (name, answer) =>
    ask(store, name, (host: HostHistory, connection: DuckDBConnection) =>
      answer({
        host,
        connection,
        tail: openTailSource(host.id, store.pool, host.lives),
        beside: (other) => store.connections.useFree(other) ?? other(connection),
      }),
    );

  return {
    ...lifeReads(store, about),
    ...hourReads(store, about),
    append: (sample) => append(store, sample),
    flush: () => flush(store),
    async refresh() {
      await refresh(store);
    },
    hosts: () => hostNames(store),
    spine: (name) => store.hosts.get(name)?.samples.spine ?? NO_SPINE,
    readSystem: (name, ids, range) => about(name, (sources) => answers.readSystem(sources, ids, range)),
    readSnapshot: (name, t) => about(name, (sources) => answers.readSnapshot(sources, t)),
    isSeen: (name, moment) => about(name, (sources) => answers.isSeen(sources, moment)),
    readMoments: (name, moments) => about(name, (sources) => readMoments(sources, moments)),
    readStatistics: (name, lives, range) =>
      about(name, (sources) => answers.readLifeStatistics(sources, lives, range)),
    spansOfPid: (name, pid) => about(name, async ({ host }) => spansOfPid(host, pid)),
    withCommands: (name, spans) => about(name, (sources) => withCommands(sources, spans)),
    lifeOfKey: (name, key) =>
      about(name, async (sources) => {
        const id = idOfKey(store, sources.host, key);
        return id === null ? null : (await withCommands(sources, [spanOf(sources.host, id)]))[0];
      }),
    readFamily: (name, life, range, detail) =>
      about(name, (sources) => readFamily(sources, life, range, detail)),
    ...openRangeReads(about),
    whileWanted,
    exportRows: (name, request) => about(name, (sources) => exportRows(sources, store.pool, request)),
    encodeParquet: (columns) => store.connections.use((connection) => encodeParquet(connection, columns)),
    close: store.close,
  };
}
