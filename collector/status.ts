import { closeSync, lstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DAY_MS } from '../server/domain/durations.ts';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { RecorderStatus, StatusFacts } from '../server/domain/recorder-status.ts';
import { daysUntilFull, findGaps, isAlive } from '../server/domain/recorder-status.ts';
import { formatInstant } from '../server/domain/stamp.ts';
import { readDiskSpace } from './disk-space.ts';
import { FOLDER, nodeFileSystem } from './dump-file-system.ts';
import { LOCK_NAME } from './dump-lock.ts';
import type { DumpFacts } from './last-dump.ts';
import { readDumpFacts } from './last-dump.ts';
import { findHeld } from './lock-entry.ts';
import type { OpenFolder } from './open-folder.ts';
import type { DumpFolder, StoredPair } from './stored-dumps.ts';
import { instantOfName, listDays, listNames, readPairs, sizeOf } from './stored-dumps.ts';
import { guardedAsync } from './write-failure.ts';

/** `pmi status`: is this folder being recorded into? It looks, and changes nothing. */

const NOTHING: DumpFacts = { interval: null, overrun: null, cpu: null, rssBytes: null, lifetime: null };

/** Held open, as a socket's path has to be short; not checked, as nothing is written. */
export function openToLook(path: string): OpenFolder {
  const fd = openSync(path, FOLDER);
  return { path, fd, at: (name) => join(`/proc/self/fd/${fd}`, name), close: () => closeSync(fd) };
}

/** Who listens on the lock; a lock that is not there, or may not be looked at, tells nothing. */
export async function findHolder({
  folder,
  fileSystem,
}: Pick<DumpFolder, 'folder' | 'fileSystem'>): ReturnType<typeof findHeld> {
  let lock: OpenFolder | null = null;
  try {
    lock = openToLook(folder.at(LOCK_NAME));
    return await findHeld(fileSystem, lock);
  } catch {
    return null;
  } finally {
    lock?.close();
  }
}

interface Stored {
  readonly dumps: number;
  readonly bytes: number;
  /** The last day's instants, in order, and the bytes of the dumps that they are of. */
  readonly instants: readonly number[];
  readonly lastDayBytes: number;
  readonly newest: StoredPair | null;
}

/** A day at one sample a second is 172 800 files: a look at so many takes some milliseconds. */
const FILES_PER_TURN = 1000;

/** A server asks too: it goes on serving meanwhile. */
async function lookAtDay(dumps: DumpFolder, day: string, since: number) {
  const names = listNames(dumps, day);
  const [instants, recent] = [new Set<number>(), new Set<number>()];
  let [bytes, lastDayBytes] = [0, 0];
  const sizeIn = (files: readonly { readonly name: string }[]) =>
    sizeOf(
      dumps,
      day,
      files.map(({ name }) => name),
    );
  for (let at = 0; at < names.length; at += FILES_PER_TURN) {
    const files = names.slice(at, at + FILES_PER_TURN).map((name) => ({ name, t: instantOfName(name) }));
    const late = files.filter(({ t }) => t >= since);
    for (const { t } of files) instants.add(t);
    for (const { t } of late) recent.add(t);
    const size = sizeIn(files);
    bytes += size;
    lastDayBytes += late.length === files.length ? size : sizeIn(late);
    await nextTurn();
  }
  return { dumps: instants.size, bytes, instants: [...recent], lastDayBytes };
}

function newestOf(dumps: DumpFolder, days: readonly string[]): StoredPair | null {
  const newest = days.flatMap((day) => readPairs(dumps, day).slice(-1));
  return newest.sort((a, b) => b.t - a.t)[0] ?? null;
}

async function lookAt(dumps: DumpFolder, now: number): Promise<Stored> {
  const days = listDays(dumps);
  const found: (Awaited<ReturnType<typeof lookAtDay>> & { readonly day: string })[] = [];
  for (const day of days) found.push({ day, ...(await lookAtDay(dumps, day, now - DAY_MS)) });
  const sum = (pick: (day: (typeof found)[number]) => number) =>
    found.reduce((all, day) => all + pick(day), 0);
  const filled = found.filter((day) => day.dumps > 0).map(({ day }) => day);
  return {
    dumps: sum((day) => day.dumps),
    bytes: sum((day) => day.bytes),
    lastDayBytes: sum((day) => day.lastDayBytes),
    instants: found.flatMap(({ instants }) => instants).sort((a, b) => a - b),
    newest: newestOf(dumps, [...filled.slice(0, 1), ...filled.slice(1).slice(-1)]),
  };
}

/** Seconds that the last day's dumps stand for: each for the interval before it. */
function spanOf({ instants }: Stored): number {
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined || instants.length < 2) return 0;
  return ((last - first) / 1000) * (instants.length / (instants.length - 1));
}

function costOf({ cpu, rssBytes, lifetime, overrun }: DumpFacts): RecorderStatus['cost'] {
  const share = cpu !== null && lifetime !== null && lifetime > 0 ? cpu / lifetime : null;
  return { cpu_seconds: cpu, rss_bytes: rssBytes, cpu_share: share, overrun_seconds: overrun };
}

function diskOf(dumps: DumpFolder, stored: Stored): Pick<RecorderStatus, 'disk' | 'days_until_full'> {
  const { free, total } = readDiskSpace(dumps.folder.path);
  const span = spanOf(stored);
  const perDay = span > 0 ? (stored.lastDayBytes / span) * (DAY_MS / 1000) : null;
  return {
    disk: {
      dumps: stored.dumps,
      bytes: stored.bytes,
      bytes_per_day: perDay,
      free_bytes: free,
      total_bytes: total,
    },
    days_until_full: daysUntilFull(free, stored.lastDayBytes, span),
  };
}

async function describe(dumps: DumpFolder, now: number): Promise<RecorderStatus> {
  const stored = await lookAt(dumps, now);
  const { newest } = stored;
  const facts = newest ? readDumpFacts(dumps, newest) : NOTHING;
  const held = await findHolder(dumps);
  const holder = held && { pid: held.holder.pid, since: held.since };
  const seen: StatusFacts = { now, holder, instants: stored.instants, intervalSeconds: facts.interval };
  return {
    alive: isAlive(seen),
    holder: holder && { pid: holder.pid, since: formatInstant(Math.floor(holder.since)) },
    last_sample: newest && formatInstant(newest.t),
    age_seconds: newest && (now - newest.t) / 1000,
    interval_seconds: facts.interval,
    cost: costOf(facts),
    gaps: findGaps(seen).map(({ from, to }) => ({
      from: formatInstant(from),
      to: formatInstant(to),
      seconds: (to - from) / 1000,
    })),
    ...diskOf(dumps, stored),
  };
}

/** @param now epoch ms @throws MemoryInspectorError `cannot_read` */
export async function readRecorderStatus(path: string, now: number): Promise<RecorderStatus> {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw new MemoryInspectorError('cannot_read', `there is no folder ${path}`, {
      field: 'dumps',
      next: 'Start recording with `pmi collect`, or name another folder with --dumps',
    });
  return guardedAsync(path, async () => {
    const folder = openToLook(path);
    try {
      const formats = ['v2', 'seed'] as const;
      return await describe({ fileSystem: nodeFileSystem, folder, formats, isReadOnly: true }, now);
    } finally {
      folder.close();
    }
  });
}
