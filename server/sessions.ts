import { dirname, join, resolve } from 'node:path';
import type { RecordSession } from './application/session-ports.ts';
import { recorderArguments } from './application/session-ports.ts';
import type { SessionSources } from './application/view-session.ts';
import type { SessionTrace } from './domain/session.ts';
import type { WatchGroup } from './domain/watch-group.ts';
import type { SessionWatch } from './interfaces/cli/world.ts';

/** The part of the composition root that opens sessions. */

/** Beside the dump folder, whose retention does not reach there. */
function rootOf(dumps: string): string {
  return join(dirname(resolve(dumps)), 'sessions');
}

async function traceOf(folder: string): Promise<SessionTrace> {
  const { readRecorderStatus } = await import('../collector/status.ts');
  const { holder, last_sample, disk } = await readRecorderStatus(folder, Date.now());
  return {
    samples: disk.dumps,
    bytes: disk.bytes,
    last: last_sample === null ? null : Date.parse(last_sample),
    isHeld: holder !== null,
  };
}

export interface SessionOptions {
  readonly dumps: string;
  /** The recorder's program. */
  readonly script: string;
  readonly groups: () => readonly WatchGroup[];
  readonly onFailure: (error: unknown) => void;
}

async function recordHere(folderOf: (name: string) => string, watch: SessionWatch): Promise<RecordSession> {
  const { saidText } = await import('./adapters/sessions/spawn-recorder.ts');
  const { readRecorderRequest } = await import('../collector/options.ts');
  const { openRecorder } = await import('../collector/recorder.ts');
  return async (session) => {
    const folder = folderOf(session.name);
    const request = readRecorderRequest(recorderArguments(session, folder), 'pmi session');
    if (request.kind !== 'record') throw new Error('the recorder was asked for help');
    let said: string | null = null;
    const hear = (line: string) => {
      said = saidText(line, folder, session.name);
      watch.onWord(line);
    };
    const recorder = openRecorder(request.options, {
      log: hear,
      note: hear,
      onDump: ({ t }) => watch.onSample(t),
    });
    return { ...recorder, said: () => said };
  };
}

async function recordBeside(folderOf: (name: string) => string, script: string): Promise<RecordSession> {
  const { openRecorderProcess } = await import('./adapters/sessions/spawn-recorder.ts');
  return openRecorderProcess(script, folderOf);
}

/** Sessions beside a dump folder, recorded by this process where it watches, else each by one of its own. */
export async function openSessionSources(
  { dumps, script, groups, onFailure }: SessionOptions,
  watch: SessionWatch | null,
): Promise<SessionSources> {
  const { openSessionStore } = await import('./adapters/sessions/session-store.ts');
  const { openDumpFolder } = await import('./adapters/dumps/dump-folder.ts');
  const { openSessions } = await import('./application/sessions.ts');
  const { openSessionReadings } = await import('./application/session-readings.ts');
  const { feelPulse, makeSessionFolder, writeSessionFile, stopRecorder } = await import(
    '../collector/session-folder.ts'
  );
  const root = rootOf(dumps);
  const store = openSessionStore({
    root,
    folder: {
      ...{ make: makeSessionFolder, write: writeSessionFile, stop: stopRecorder },
      ...{ trace: traceOf, pulse: feelPulse },
    },
    dumps: (path) => openDumpFolder({ root: path, timeZone: 'UTC', reuseTables: true }),
  });
  const folderOf = (name: string) => join(root, name);
  const record = await (watch ? recordHere(folderOf, watch) : recordBeside(folderOf, script));
  const sessions = openSessions({ store, record, groups, onFailure });
  return { sessions, readings: openSessionReadings(store.dumps), groups };
}
