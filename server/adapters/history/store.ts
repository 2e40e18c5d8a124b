import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Reject } from '../../application/dump-ports.ts';
import type { LifeSpan } from '../../application/ports.ts';
import type { Sample } from '../../domain/sample.ts';
import type { Connections } from './connections.ts';
import { openConnections } from './connections.ts';
import type { Gate } from './gate.ts';
import { openGate } from './gate.ts';
import { openGiveBack } from './heap.ts';
import type { HostHistory } from './host-history.ts';
import { openHostHistory, placeSample, setSegments } from './host-history.ts';
import type { MemoryKeeper, MemoryLimits } from './kept-hours.ts';
import { openMemoryKeeper } from './kept-hours.ts';
import type { LifeNames } from './life-names.ts';
import { openLifeNames } from './life-names.ts';
import type { ReadAhead } from './read-ahead.ts';
import { openReadAhead } from './read-ahead.ts';
import type { SegmentIndex } from './segment-index.ts';
import { openSegmentIndex } from './segment-index.ts';
import type { Tail } from './tail.ts';
import { deleteRows, openTail, processCells } from './tail.ts';
import type { TextPool } from './text-pool.ts';
import { openTextPool } from './text-pool.ts';
import { rebuildWeakLives } from './weak-rebuild.ts';

/** The whole state of an open history, and how it changes while questions are answered. */
export interface Store {
  readonly connections: Connections;
  readonly tail: Tail;
  readonly pool: TextPool;
  readonly names: LifeNames;
  readonly hosts: Map<string, HostHistory>;
  readonly index: SegmentIndex | null;
  readonly gate: Gate;
  readonly memory: MemoryKeeper;
  readonly readAhead: ReadAhead;
  /** Rows were appended that queries cannot see yet, or lives have to be looked at again. */
  dirty: boolean;
  /** How often segments were taken over. */
  takenOver: number;
  settling: Promise<void>;
  refreshing: Promise<boolean>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly index: string | null;
  readonly onReject: (reject: Reject) => void;
  readonly memory: MemoryLimits;
}

/**
 * Two heavy questions keep the cores busy; a few small ones may go beside them. A plot alone reads in up to seven places
 * at once: what it reads beside finds a connection, too.
 */
const LIMITS = { questions: 4, connections: 8, waiting: 64 };

export async function openStore({ index, onReject, memory }: StoreOptions): Promise<Store> {
  // A question has one thread, and several have several: two that share one question mostly wait for each other.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connections = await openConnections(instance, LIMITS);
  const tail = await openTail(instance);
  // Footers of files, which never change: half the time of a small question.
  await tail.writer.run('SET GLOBAL parquet_metadata_cache = true');
  // The kernel keeps their pages already.
  await tail.writer.run('SET GLOBAL enable_external_file_cache = false');
  // What queries leave goes back to the kernel: without, 100 MiB stay after some hundred of them.
  await tail.writer.run('SET GLOBAL allocator_background_threads = true');
  const names = openLifeNames();
  const hosts = new Map<string, HostHistory>();
  const segments = () => [...hosts.values()].flatMap(({ sealed }) => sealed.segments);
  const giveMemoryBack = await openGiveBack(tail.writer);
  // Where no connection is free somebody asks, and it is too early.
  const giveBack = () => void connections.useSpare(giveMemoryBack)?.catch(() => undefined);
  const by = { gate: openGate(), connections, memory: openMemoryKeeper(segments, memory, giveBack) };
  const store: Store = {
    ...{ ...by, tail, names, pool: openTextPool(), hosts, readAhead: openReadAhead(by) },
    index: index === null ? null : openSegmentIndex(index, names, onReject),
    dirty: false,
    takenOver: 0,
    settling: Promise.resolve(),
    refreshing: Promise.resolve(false),
    async close() {
      store.memory.close();
      await store.settling;
      await store.refreshing.catch(() => undefined);
      await store.gate.change(async () => {
        connections.close();
        tail.close();
        instance.closeSync();
      });
    },
  };
  await refresh(store);
  return store;
}

function hostToWrite(store: Store, name: string): HostHistory {
  const host = store.hosts.get(name) ?? openHostHistory(store.hosts.size, name, store.names);
  store.hosts.set(name, host);
  return host;
}

async function settle(store: Store): Promise<void> {
  if (!store.dirty) return;
  store.dirty = false;
  store.tail.processes.flush();
  const stale = [...store.hosts.values()].filter((host) => host.weak.isStale());
  if (stale.length === 0) return;
  await store.gate.change(async () => {
    for (const host of stale) await rebuildWeakLives(store.tail.writer, host, store.pool);
  });
}

/** One at a time: a query that comes while lives are told apart anew waits for it. */
export function flush(store: Store): Promise<void> {
  store.settling = store.settling.then(() => settle(store));
  return store.settling;
}

export async function append(store: Store, sample: Sample): Promise<'added' | 'duplicate'> {
  await store.settling;
  const { system, processes } = sample;
  const host = hostToWrite(store, system.host);
  const index = host.samples.insert(sample);
  if (index < 0) return 'duplicate';
  const placed = placeSample(host, index, sample);
  if (processes && placed) {
    const cells = processCells({ host: host.id, t: system.t }, processes, placed, store.pool);
    store.tail.processes.append(processes.count, cells);
  }
  store.dirty = true;
  return 'added';
}

async function takeOver(store: Store, index: SegmentIndex): Promise<boolean> {
  const { connections } = store;
  const segments = await connections.use((one) => connections.use((other) => index.read([one, other])));
  if (!segments) return false;
  for (const name of segments.keys()) hostToWrite(store, name);
  await store.gate.change(async () => {
    store.tail.processes.flush();
    for (const host of store.hosts.values()) {
      const instants = setSegments(host, segments.get(host.name) ?? [], store.names);
      await deleteRows(store.tail, host.id, instants);
    }
    store.dirty = true;
    store.takenOver++;
  });
  return true;
}

/** @returns whether the index had changed */
export function refresh(store: Store): Promise<boolean> {
  const { index } = store;
  if (!index) return Promise.resolve(false);
  store.refreshing = store.refreshing.catch(() => false).then(() => takeOver(store, index));
  return store.refreshing;
}

/** DuckDB names the kind of its errors in their messages. */
function isEngineFailure(error: unknown): boolean {
  return error instanceof Error && /^[A-Z][A-Za-z ]* Error: /.test(error.message);
}

/**
 * A file has gone, because its segment was replaced, or is damaged.
 * @param asked `takenOver` of the state that was asked: what replaced the segment may be there by now
 * @returns whether to ask again makes sense
 */
async function recover(store: Store, asked: number): Promise<boolean> {
  const { index } = store;
  if (!index) return false;
  if ((await refresh(store)) || store.takenOver !== asked) return true;
  const anyBad = await store.connections.use((connection) => index.suspect(connection));
  return anyBad && (await refresh(store));
}

const MOST_TRIES = 4;

/**
 * Answers a question about one host on a state that holds still.
 * @throws RangeError for a host that has no samples: callers choose among `hosts()`
 */
export async function ask<T>(
  store: Store,
  name: string,
  answer: (host: HostHistory, connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  for (let left = MOST_TRIES; ; left--) {
    await flush(store);
    let asked = store.takenOver;
    try {
      return await store.gate.read(() => {
        asked = store.takenOver;
        const host = store.hosts.get(name);
        if (!host) throw new RangeError(`no samples of host ${name}`);
        return store.memory.during(() => store.connections.use((connection) => answer(host, connection)));
      });
    } catch (error) {
      if (left <= 1 || !isEngineFailure(error) || !(await recover(store, asked))) throw error;
    }
  }
}

/** What is known of a life in segments and tail. @throws RangeError for a life that is in neither */
export function spanOf({ sealed, lives }: HostHistory, id: number): LifeSpan {
  const before = sealed.lives.spanOf(id);
  const after = lives.ofId(id);
  if (!before || !after) {
    const span = before ?? after;
    if (!span) throw new RangeError(`no life ${id}`);
    return span;
  }
  const first = before.firstSeen <= after.firstSeen ? before : after;
  return {
    ...before,
    firstSeen: first.firstSeen,
    started: first.started,
    lastSeen: Math.max(before.lastSeen, after.lastSeen),
  };
}
