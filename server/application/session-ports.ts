import type { Session, SessionPlan, SessionPulse, SessionTrace } from '../domain/session.ts';
import type { DumpFolder } from './dump-ports.ts';

/** Where sessions are kept: a folder each, with what was asked for and an ordinary recording in it. */
export interface SessionStore {
  /** Folders with a name that a session may have, in no order; `[]` where there is none yet. */
  names(): Promise<readonly string[]>;
  /** As it is written. `null`: there is no such folder. @throws MemoryInspectorError `bad_file`, `cannot_read` */
  read(name: string): Promise<Session | null>;
  /** What the folder holds and whether somebody records into it. */
  trace(session: Pick<Session, 'name' | 'ended'>): Promise<SessionTrace>;
  /** @throws MemoryInspectorError `cannot_read` */
  pulse(name: string): Promise<SessionPulse>;
  /** Makes its folder. @throws MemoryInspectorError `session_exists`, `cannot_write`, `folder_refused` */
  create(session: Session): Promise<void>;
  /** Writes what has become of it, whole or not at all. @throws MemoryInspectorError `cannot_write` */
  save(session: Session): Promise<void>;
  /** With everything in its folder. @throws MemoryInspectorError `cannot_write` */
  remove(name: string): Promise<void>;
  /** Asks the process that records into it, if one does, to stop. @throws MemoryInspectorError `session_state` */
  askToStop(name: string): Promise<void>;
  /** Its dumps; what `read` gives holds until it is called again. */
  dumps(name: string): DumpFolder;
}

export interface SessionRecording {
  /** The recorder's exit code, 0 also where it was asked to stop. Never rejects. */
  readonly done: Promise<number>;
  /** What the recorder said last, one line: what went wrong, or is only good to know. */
  said(): string | null;
  /** Finishes the sample in hand, if any. */
  stop(): void;
}

/** Records into the folder of a session, which is there. */
export type RecordSession = (session: Session) => Promise<SessionRecording>;

/** Of the interval, for reading PSS: ten times what a recorder takes that goes on for good. */
const PSS_SHARE = 0.01;
const LONGEST_PSS_MS = 50;

/** What the recorder is told of a session. How much is kept of dumps is no concern of a session's. */
export function recorderArguments(session: Session, folder: string): string[] {
  const { name, interval_seconds, duration_seconds } = session;
  return [
    ...['--out', folder, '--label', name],
    ...['--interval', `${interval_seconds}s`, '--duration', `${duration_seconds}s`],
    ...['--pss-budget', `${Math.round(Math.min(LONGEST_PSS_MS, interval_seconds * 1000 * PSS_SHARE))}ms`],
    ...['--keep', 'forever', '--max-bytes', 'unlimited'],
  ];
}

/** A session as it is now. */
export interface FoundSession {
  readonly session: Session;
  readonly trace: SessionTrace;
}

/** A session that is being recorded. */
export interface RecordedNow {
  readonly session: Session;
  /** When a dump was written last, epoch ms; `null`: not yet. */
  readonly written: number | null;
}

export interface StartedSession {
  readonly session: Session;
  /** What has become of it, when it is over. */
  readonly ended: Promise<Session>;
  stop(): void;
}

export interface Sessions {
  /** The one that was begun last first; `unreadable`: folders that are not as a session's. */
  list(): Promise<{
    readonly found: readonly FoundSession[];
    readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
  }>;
  /** What is being recorded now, by whomever, as briefly as pages ask all the time. @throws MemoryInspectorError `cannot_read` */
  recording(): Promise<readonly RecordedNow[]>;
  /** @throws MemoryInspectorError `no_such_session`, `bad_file` */
  find(name: string): Promise<FoundSession>;
  /**
   * Resolves when the first sample is on disk, or could not be written for a while.
   * @throws MemoryInspectorError `bad_parameter`, `no_such_group`, `session_exists`, `busy`, `cannot_write`, `folder_refused`
   */
  start(plan: SessionPlan): Promise<StartedSession>;
  /** @throws MemoryInspectorError `no_such_session`, `session_state` where it does not record */
  stop(name: string): Promise<Session>;
  /**
   * With its dumps. @returns what goes, or with `isDryRun` would go
   * @throws MemoryInspectorError `no_such_session`, `session_state` while it records
   */
  remove(name: string, isDryRun: boolean): Promise<SessionTrace>;
  /** Looks after what an earlier server has left: of each that ends, what has become of it is written. */
  adopt(): Promise<void>;
  /** Stops what was started here; what was adopted goes on. */
  close(): Promise<void>;
}
