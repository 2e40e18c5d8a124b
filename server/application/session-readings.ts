import type { Session } from '../domain/session.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { DumpFolder } from './dump-ports.ts';
import type { OpenSessionReading, SessionReading } from './session-reading.ts';
import { openSessionReading } from './session-reading.ts';

/** The readings of the sessions that were looked at last: of one that records, only what is new is read again. */
export interface SessionReadings {
  /** One session is read at a time. @throws as `OpenSessionReading` */
  read(session: Session, group: WatchGroup | null, signal: AbortSignal): Promise<SessionReading>;
}

/** A day at one sample a second is some tens of MiB. */
const MOST_KEPT = 4;

export function openSessionReadings(dumpsOf: (name: string) => DumpFolder): SessionReadings {
  /** The one that was asked for last is the last. */
  const kept = new Map<string, OpenSessionReading>();
  let turn: Promise<unknown> = Promise.resolve();

  function readingOf({ name, started }: Session, group: WatchGroup | null): OpenSessionReading {
    const id = JSON.stringify([name, started, group]);
    const reading = kept.get(id) ?? openSessionReading(dumpsOf(name), group);
    kept.delete(id);
    kept.set(id, reading);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT) kept.delete(oldest);
    return reading;
  }

  return {
    read(session, group, signal) {
      const read = turn.then(() => {
        signal.throwIfAborted();
        return readingOf(session, group).read(signal);
      });
      turn = read.catch(() => undefined);
      return read;
    },
  };
}
