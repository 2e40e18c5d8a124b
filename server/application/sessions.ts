import { MemoryInspectorError } from '../domain/errors.ts';
import type { Session, SessionPlan, SessionTrace } from '../domain/session.ts';
import { isWhole, settleSession } from '../domain/session.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { Adoption } from './adopt-sessions.ts';
import { openAdoption, readRecording } from './adopt-sessions.ts';
import { assertPlan, assertSessionName } from './session-plan.ts';
import type {
  FoundSession,
  RecordSession,
  SessionRecording,
  SessionStore,
  Sessions,
  StartedSession,
} from './session-ports.ts';
import { readPeak } from './session-reading.ts';
import { wait } from './turns.ts';

/** Sessions begin, end and go. */

export interface SessionsPorts {
  readonly store: SessionStore;
  readonly record: RecordSession;
  readonly groups: () => readonly WatchGroup[];
  /** What has become of a session could not be written. */
  readonly onFailure: (error: unknown) => void;
  /** Epoch ms; for tests. */
  readonly now?: () => number;
}

/** Each of them reads the whole host. */
const MOST_AT_ONCE = 4;
/** For the first sample: after that it goes on in the background, and says why. */
const BEGINS_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 100;
const STOPS_WITHIN_MS = 10_000;
/** For whoever recorded to say how it ended. */
const TELLS_WITHIN_MS = 2000;

interface Running {
  readonly recording: SessionRecording;
  readonly ended: Promise<Session>;
}

interface House extends SessionsPorts {
  readonly now: () => number;
  readonly running: Map<string, Running>;
  /** Names of those that are about to run. */
  readonly starting: Set<string>;
  /** Names of those that others record and that are being stopped here. */
  readonly stopping: Set<string>;
  readonly adoption: Adoption;
}

function noSuchSession(name: string): MemoryInspectorError {
  return new MemoryInspectorError('no_such_session', `There is no session ${name}`, {
    field: 'name',
    next: 'pmi session list names those that there are.',
  });
}

async function find({ store, now, running, stopping }: House, name: string): Promise<FoundSession> {
  assertSessionName(name);
  const written = await store.read(name);
  if (!written) throw noSuchSession(name);
  const trace = await store.trace(written);
  // Of what was started or is stopped here nobody else knows the end: it may be about to be written.
  const isOurs = running.has(name) || stopping.has(name);
  const session = isOurs ? written : settleSession(written, trace, now());
  return {
    session: { ...session, said: running.get(name)?.recording.said() ?? session.said },
    trace,
  };
}

async function list(house: House): ReturnType<Sessions['list']> {
  const found: FoundSession[] = [];
  const unreadable: { name: string; reason: string }[] = [];
  for (const name of await house.store.names()) {
    try {
      found.push(await find(house, name));
    } catch (error) {
      if (!(error instanceof MemoryInspectorError)) throw error;
      // Removed just now.
      if (error.code === 'no_such_session') continue;
      unreadable.push({ name, reason: error.message });
    }
  }
  return { found: found.sort((a, b) => b.session.started - a.session.started), unreadable };
}

/** Writes what has become of a session that nobody records into any more. */
async function finish({ store, now }: House, session: Session, outcome: Partial<Session>): Promise<Session> {
  const ended = now();
  const peak_used_bytes = await readPeak(store.dumps(session.name));
  const over: Session = {
    ...session,
    state: isWhole(session, ended) ? 'done' : 'stopped',
    ended,
    peak_used_bytes,
    ...outcome,
  };
  await store.save(over);
  return over;
}

async function endOf(house: House, session: Session, recording: SessionRecording): Promise<Session> {
  const exit = await recording.done;
  const said = recording.said();
  const isBroken = exit !== 0 && !isWhole(session, house.now());
  try {
    return await finish(house, session, { said, ...(isBroken ? { state: 'interrupted' } : {}) });
  } finally {
    house.running.delete(session.name);
  }
}

/** A recorder that left before its first sample has recorded nothing. */
async function refuseEmpty({ store }: House, { name, said }: Session): Promise<never> {
  await store.remove(name);
  throw new MemoryInspectorError(
    'cannot_write',
    `The session ${name} could not be recorded: ${said ?? 'no sample was taken'}`,
  );
}

/** Makes its folder and begins to record into it. */
async function begin(house: House, plan: SessionPlan): Promise<Running & { readonly session: Session }> {
  const { store, record, onFailure, now, running } = house;
  const session: Session = {
    ...plan,
    started: now(),
    ended: null,
    state: 'recording',
    peak_used_bytes: null,
    said: null,
  };
  await store.create(session);
  const recording = await record(session);
  const ended = endOf(house, session, recording);
  ended.catch(onFailure);
  running.set(plan.name, { recording, ended });
  return { session, recording, ended };
}

function assertPlace({ running, starting, adoption }: House): void {
  if (running.size + starting.size + adoption.count() < MOST_AT_ONCE) return;
  throw new MemoryInspectorError('busy', `${MOST_AT_ONCE} sessions are being recorded`, {
    next: 'Stop one, or wait until one is over.',
  });
}

async function start(house: House, plan: SessionPlan): Promise<StartedSession> {
  const { store, groups, starting } = house;
  const { name } = plan;
  assertPlan(plan, groups());
  assertPlace(house);
  starting.add(name);
  const { session, recording, ended } = await begin(house, plan).finally(() => starting.delete(name));
  const hasSample = async () => (await store.trace(session)).samples > 0;
  const early = await Promise.race([ended, until(hasSample, BEGINS_WITHIN_MS)]);
  if (typeof early === 'object' && !(await hasSample())) await refuseEmpty(house, early);
  return { session, ended, stop: recording.stop };
}

/** Looks until something is so, or the time is over. @returns whether it is */
async function until(isSo: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (let left = ms; left > 0; left -= LOOK_EVERY_MS) {
    if (await isSo()) return true;
    await wait(LOOK_EVERY_MS);
  }
  return false;
}

/** Another process records: it is asked, and says itself how it ended, if it still can. */
async function stopElsewhere(house: House, name: string): Promise<Session> {
  const { store } = house;
  await store.askToStop(name);
  const isOver = await until(async () => !(await store.trace({ name, ended: null })).isHeld, STOPS_WITHIN_MS);
  if (!isOver)
    throw new MemoryInspectorError('busy', `The recorder of ${name} was asked to stop and has not yet`, {
      next: 'Look again in a while.',
    });
  await until(async () => (await store.read(name))?.state !== 'recording', TELLS_WITHIN_MS);
  const written = await store.read(name);
  if (written?.state === 'recording') return finish(house, written, { state: 'stopped' });
  return (await find(house, name)).session;
}

async function stop(house: House, name: string): Promise<Session> {
  const { session } = await find(house, name);
  if (session.state !== 'recording')
    throw new MemoryInspectorError(
      'session_state',
      `The session ${name} does not record: it is ${session.state}`,
    );
  const ours = house.running.get(name);
  if (ours) {
    ours.recording.stop();
    return ours.ended;
  }
  house.stopping.add(name);
  return stopElsewhere(house, name).finally(() => house.stopping.delete(name));
}

async function remove(house: House, name: string, isDryRun: boolean): Promise<SessionTrace> {
  if (!(await house.store.names()).includes(name)) throw noSuchSession(name);
  const trace = await house.store.trace({ name, ended: null });
  if (trace.isHeld || house.running.has(name) || house.stopping.has(name))
    throw new MemoryInspectorError('session_state', `The session ${name} is being recorded`, {
      next: 'Stop it first.',
    });
  if (!isDryRun) await house.store.remove(name);
  return trace;
}

export function openSessions(ports: SessionsPorts): Sessions {
  const running = new Map<string, Running>();
  const starting = new Set<string>();
  const stopping = new Set<string>();
  const now = ports.now ?? Date.now;
  const isOurs = (name: string) => running.has(name) || starting.has(name) || stopping.has(name);
  const adoption = openAdoption({ ...ports, now, isOurs });
  const house: House = { ...ports, now, running, starting, stopping, adoption };
  return {
    list: () => list(house),
    recording: () => readRecording(ports.store, stopping),
    adopt: adoption.adopt,
    find: (name) => find(house, name),
    start: (plan) => start(house, plan),
    stop: (name) => stop(house, name),
    remove: (name, isDryRun) => remove(house, name, isDryRun),
    async close() {
      adoption.close();
      const open = [...house.running.values()];
      for (const { recording } of open) recording.stop();
      await Promise.allSettled(open.map(({ ended }) => ended));
    },
  };
}
