import type { Session } from '../domain/session.ts';
import { settleSession } from '../domain/session.ts';
import type { RecordedNow, SessionStore } from './session-ports.ts';
import { readPeak } from './session-reading.ts';

/**
 * Sessions that this process did not start and that may have nobody left to say how they end: their server was killed.
 * Their recorder goes on; whether it is there, the folder's lock tells.
 */
export interface Adoption {
  /** How many are followed. */
  count(): number;
  /** Follows each that says it records. */
  adopt(): Promise<void>;
  /** Leaves them as they are. */
  close(): void;
}

export interface AdoptionPorts {
  readonly store: SessionStore;
  readonly now: () => number;
  /** Whether this process says how it ends. */
  readonly isOurs: (name: string) => boolean;
  readonly onFailure: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1000;
/** For a terminal that recorded, or stopped it, to say how it ended: longer than one that stops it waits itself. */
const TELLS_WITHIN_MS = 5000;

/** A server that ends does not wait for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** As they are written: `recording` is not yet proved by a lock. A folder that is not as a session's is none. */
export async function readOpenSessions(store: SessionStore): Promise<readonly Session[]> {
  const open: Session[] = [];
  for (const name of await store.names()) {
    const session = await store.read(name).catch(() => null);
    if (session?.state === 'recording') open.push(session);
  }
  return open;
}

/** @param stopping names of those whose end is not told before it is written */
export async function readRecording(
  store: SessionStore,
  stopping: ReadonlySet<string>,
): Promise<readonly RecordedNow[]> {
  const found: RecordedNow[] = [];
  for (const session of await readOpenSessions(store)) {
    const { isHeld, written } = await store.pulse(session.name);
    if (isHeld || stopping.has(session.name)) found.push({ session, written });
  }
  return found;
}

/** Writes what has become of a session, unless somebody has. @returns whether there is nothing to wait for */
async function settle({ store, now, isOurs }: AdoptionPorts, name: string): Promise<boolean> {
  const isOpen = (session: Session | null) => session?.state === 'recording';
  const written = await store.read(name);
  if (!written || !isOpen(written) || isOurs(name)) return true;
  const session = settleSession(written, await store.trace(written), now());
  if (isOpen(session)) return false;
  const peak_used_bytes = await readPeak(store.dumps(name));
  if (isOpen(await store.read(name))) await store.save({ ...session, peak_used_bytes });
  return true;
}

export function openAdoption(ports: AdoptionPorts): Adoption {
  const { store, isOurs, onFailure } = ports;
  const followed = new Set<string>();
  let isClosed = false;

  async function follow(name: string): Promise<void> {
    while (!isClosed && (await store.pulse(name)).isHeld) await pause(LOOK_EVERY_MS);
    await pause(TELLS_WITHIN_MS);
    if (!isClosed && !(await settle(ports, name))) await follow(name);
  }

  return {
    count: () => followed.size,
    async adopt() {
      for (const { name } of await readOpenSessions(store)) {
        if (isOurs(name)) continue;
        followed.add(name);
        void follow(name)
          .catch(onFailure)
          .finally(() => followed.delete(name));
      }
    },
    close() {
      isClosed = true;
    },
  };
}
