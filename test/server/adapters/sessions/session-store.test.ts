import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  feelPulse,
  makeSessionFolder,
  stopRecorder,
  writeSessionFile,
} from '../../../../collector/session-folder.ts';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import { openSessionStore } from '../../../../server/adapters/sessions/session-store.ts';
import { encodeSession, SESSION_FILE } from '../../../../server/domain/session.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { DONE, writeSession } from '../../../support/write-session.ts';

function openStore(root: string) {
  return openSessionStore({
    root,
    folder: {
      ...{ make: makeSessionFolder, write: writeSessionFile, stop: stopRecorder, pulse: feelPulse },
      trace: async () => ({ samples: 0, bytes: 0, last: null, isHeld: false }),
    },
    dumps: (path) => openDumpFolder({ root: path, timeZone: 'UTC' }),
  });
}

/** Bytes that this process has read, proc_pid_io(5). */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

test('the file of a session is read again when it has changed, whoever changed it, and not otherwise', async () => {
  const root = tempFolder();
  writeSession(root, { name: 'one' }, []);
  const store = openStore(root);
  const first = await store.read('one');
  expect(await store.read('one')).toBe(first);
  const changed = { ...DONE, name: 'one', said: 'the disk is full' };
  writeFileSync(join(root, 'new'), encodeSession(changed));
  renameSync(join(root, 'new'), join(root, 'one', SESSION_FILE));
  expect(await store.read('one')).toEqual(changed);
  await store.save({ ...changed, said: null });
  expect(await store.read('one')).toMatchObject({ said: null });
  writeFileSync(join(root, 'one', SESSION_FILE), '{');
  await expect(store.read('one')).rejects.toMatchObject({ code: 'bad_file' });
  rmSync(join(root, 'one'), { recursive: true });
  expect(await store.read('one')).toBe(null);
});

test('looking at fifty sessions again reads nothing of them', async () => {
  const root = tempFolder();
  for (let k = 0; k < 50; k++) writeSession(root, { name: `s${k}`, said: 'x'.repeat(10_000) }, []);
  const store = openStore(root);
  const readAll = () => Promise.all(readdirSync(root).map(store.read));
  await readAll();
  const before = bytesRead();
  expect(await readAll()).toHaveLength(50);
  expect(bytesRead() - before).toBeLessThan(50 * 10_000);
});
