import type { History, RowTable } from '../../application/ports.ts';
import type { Sample } from '../../domain/sample.ts';
import type { HostHistory } from './host-history.ts';
import { openHostHistory, placeSample } from './host-history.ts';
import { openHostSamples } from './host-samples.ts';
import * as queries from './queries.ts';
import type { Tail } from './tail.ts';
import { openTail, processCells, systemCells } from './tail.ts';
import type { TextPool } from './text-pool.ts';
import { openTextPool } from './text-pool.ts';
import { rebuildWeakLives } from './weak-rebuild.ts';

/** The whole state of an open history: rows in the tail; instants, lives and texts beside them. */
interface Store {
  readonly tail: Tail;
  readonly pool: TextPool;
  readonly hosts: Map<string, HostHistory>;
  lives: number;
  /** Rows were appended that queries cannot see yet. */
  dirty: boolean;
  settling: Promise<void>;
}

const NO_SAMPLES = openHostSamples().spine;

function hostToWrite(store: Store, name: string): HostHistory {
  const host = store.hosts.get(name) ?? openHostHistory(store.hosts.size, name, () => store.lives++);
  store.hosts.set(name, host);
  return host;
}

async function settle(store: Store): Promise<void> {
  if (!store.dirty) return;
  store.dirty = false;
  store.tail.processes.flush();
  store.tail.system.flush();
  for (const host of store.hosts.values())
    if (host.weak.isStale()) await rebuildWeakLives(store.tail.writer, host, store.pool);
}

/** One at a time: a query that comes while lives are told apart anew waits for it. */
function flush(store: Store): Promise<void> {
  store.settling = store.settling.then(() => settle(store));
  return store.settling;
}

async function append(store: Store, sample: Sample): Promise<'added' | 'duplicate'> {
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
  store.tail.system.append(1, systemCells(host.id, system, processes));
  store.dirty = true;
  return 'added';
}

/** @throws RangeError for a host that has no samples: callers choose among `hosts()` */
async function hostToRead(store: Store, name: string): Promise<HostHistory> {
  await flush(store);
  const host = store.hosts.get(name);
  if (!host) throw new RangeError(`no samples of host ${name}`);
  return host;
}

async function readSnapshot(store: Store, name: string, t: number): Promise<RowTable | null> {
  const host = await hostToRead(store, name);
  const { spine } = host.samples;
  const index = spine.t.indexOf(t);
  if (index < 0 || spine.hasProcesses[index] === 0) return null;
  return queries.readSnapshot(store.tail.reader, { host: host.id, t }, store.pool, host.lives);
}

function newest(host: HostHistory): number {
  return host.samples.spine.t.at(-1) ?? Number.NEGATIVE_INFINITY;
}

/** Opens an empty history. What is appended is held in DuckDB's memory: the live tail. */
export async function openHistory(): Promise<History> {
  const tail = await openTail();
  const store: Store = {
    tail,
    pool: openTextPool(),
    hosts: new Map(),
    lives: 0,
    dirty: false,
    settling: Promise.resolve(),
  };
  const read = (name: string) => hostToRead(store, name);
  return {
    append: (sample) => append(store, sample),
    flush: () => flush(store),
    hosts: () => [...store.hosts.values()].sort((a, b) => newest(b) - newest(a)).map((host) => host.name),
    spine: (name) => store.hosts.get(name)?.samples.spine ?? NO_SAMPLES,
    readSystem: async (name, range) => queries.readSystem(tail.reader, (await read(name)).id, range),
    readSnapshot: (name, t) => readSnapshot(store, name, t),
    async readMoments(name, moments) {
      const host = await read(name);
      return queries.readMoments(tail.reader, host.id, moments, store.pool, host.lives);
    },
    readStatistics: async (name, lives, range) =>
      queries.readStatistics(tail.reader, (await read(name)).id, lives, range),
    livesOfPid: async (name, pid) => (await read(name)).lives.ofPid(pid),
    lifeOfKey: async (name, key) => (await read(name)).lives.ofKey(key),
    readTimeline: async (name, life, range) =>
      queries.readTimeline(tail.reader, (await read(name)).id, life, range),
    async readChildren(name, life, range) {
      const host = await read(name);
      const children = await queries.readChildren(tail.reader, host.id, life, range);
      return [...children].map(([id, timeline]) => ({ life: host.lives.ofId(id), timeline }));
    },
    async close() {
      await store.settling;
      tail.close();
    },
  };
}
