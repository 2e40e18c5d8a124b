import type { SessionState } from '../domain/session.ts';
import { plannedEnd } from '../domain/session.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { FoundSession, Sessions } from './session-ports.ts';

export interface SessionView {
  readonly name: string;
  readonly label: string | null;
  readonly group: string | null;
  readonly state: SessionState;
  readonly interval_seconds: number;
  readonly duration_seconds: number;
  readonly started: string;
  /** When it ends by itself. */
  readonly ends: string;
  readonly ended: string | null;
  readonly samples: number;
  readonly bytes: number;
  readonly last_sample: string | null;
  readonly peak_used_bytes: number | null;
  readonly said: string | null;
}

export interface SessionsView {
  /** By the server's clock: what is left of a session is told by it. */
  readonly now: string;
  readonly sessions: SessionView[];
  readonly unreadable: { readonly name: string; readonly reason: string }[];
}

export function sessionView({ session, trace }: FoundSession): SessionView {
  const { started, ended, ...rest } = session;
  return {
    ...rest,
    started: formatInstant(started),
    ends: formatInstant(plannedEnd(session)),
    ended: ended === null ? null : formatInstant(ended),
    samples: trace.samples,
    bytes: trace.bytes,
    last_sample: trace.last === null ? null : formatInstant(trace.last),
  };
}

/** All sessions, the one that was begun last first. */
export async function viewSessions(sessions: Sessions, now: number): Promise<SessionsView> {
  const { found, unreadable } = await sessions.list();
  return { now: formatInstant(now), sessions: found.map(sessionView), unreadable: [...unreadable] };
}
