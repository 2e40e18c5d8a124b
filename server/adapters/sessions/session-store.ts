import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DumpFolder } from '../../application/dump-ports.ts';
import type { SessionStore } from '../../application/session-ports.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { Session, SessionPulse, SessionTrace } from '../../domain/session.ts';
import { decodeSession, encodeSession, isSessionName, SESSION_FILE } from '../../domain/session.ts';

/** Sessions as folders beside the dump folder. */
export interface SessionStoreOptions {
  /** Absolute or relative; it may not be there yet. */
  readonly root: string;
  /** How the recorder makes a folder, writes the session's file and is stopped. Paths are of a session's folder. */
  readonly folder: {
    make(path: string): void;
    write(path: string, text: string): void;
    stop(path: string): Promise<void>;
    trace(path: string): Promise<SessionTrace>;
    pulse(path: string): Promise<SessionPulse>;
  };
  readonly dumps: (path: string) => DumpFolder;
}

const LARGEST_FILE = 64 * 1024;
/** Not through a link, nor waiting for a pipe. */
const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function readPlainFile(path: string): Promise<string> {
  const file = await open(path, PLAIN);
  try {
    const { size } = await file.stat();
    if (size > LARGEST_FILE) throw new RangeError(`${size} bytes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function readSession(root: string, name: string): Promise<Session> {
  const file = join(name, SESSION_FILE);
  let text: string;
  try {
    text = await readPlainFile(join(root, file));
  } catch (error) {
    throw new MemoryInspectorError('bad_file', `${file} cannot be read: ${errorCodeOf(error)}`, {
      next: `pmi session rm ${name} removes the folder.`,
      cause: error,
    });
  }
  const session = decodeSession(text, file);
  if (session.name === name) return session;
  throw new MemoryInspectorError('bad_file', `${file}: it is of the session ${session.name}`);
}

/** Each health check asks for all: a file that has not been changed is not read again. */
function rememberFiles(root: string): (name: string) => Promise<Session> {
  const known = new Map<string, { readonly version: string; readonly session: Session }>();
  return async (name) => {
    const stats = await lstat(join(root, name, SESSION_FILE), { bigint: true }).catch(() => null);
    const version = stats && `${stats.ino} ${stats.ctimeNs} ${stats.size}`;
    const before = known.get(name);
    if (version !== null && before?.version === version) return before.session;
    known.delete(name);
    const session = await readSession(root, name);
    if (version !== null) known.set(name, { version, session });
    return session;
  };
}

/** `[]`: it is not there. */
async function listFolder(root: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(root, { withFileTypes: true });
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw new MemoryInspectorError('cannot_read', `The sessions cannot be read: ${errorCodeOf(error)}`, {
      cause: error,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** What is over is not looked at again: a day of samples is 170 000 files. */
function rememberEnded(look: (name: string) => Promise<SessionTrace>): SessionStore['trace'] {
  const known = new Map<string, { readonly ended: number; readonly trace: SessionTrace }>();
  return async ({ name, ended }) => {
    const before = known.get(name);
    if (before && before.ended === ended) return before.trace;
    const trace = await look(name);
    if (ended !== null) known.set(name, { ended, trace });
    return trace;
  };
}

export function openSessionStore({ root, folder, dumps }: SessionStoreOptions): SessionStore {
  const at = (name: string) => join(root, name);
  const readKept = rememberFiles(root);
  return {
    async names() {
      const entries = await listFolder(root);
      return entries.filter((one) => one.isDirectory() && isSessionName(one.name)).map(({ name }) => name);
    },
    read: async (name) => ((await isFolder(at(name))) ? readKept(name) : null),
    trace: rememberEnded((name) => folder.trace(at(name))),
    pulse: (name) => folder.pulse(at(name)),
    async create(session) {
      folder.make(at(session.name));
      try {
        folder.write(at(session.name), encodeSession(session));
      } catch (error) {
        await rm(at(session.name), { recursive: true, force: true });
        throw error;
      }
    },
    async save(session) {
      folder.write(at(session.name), encodeSession(session));
    },
    async remove(name) {
      try {
        await rm(at(name), { recursive: true, force: true });
      } catch (error) {
        throw new MemoryInspectorError('cannot_write', `${name} cannot be removed: ${errorCodeOf(error)}`, {
          cause: error,
        });
      }
    },
    askToStop: (name) => folder.stop(at(name)),
    dumps: (name) => dumps(at(name)),
  };
}
