import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../server/domain/session.ts';
import { encodeSession } from '../../server/domain/session.ts';
import type { SampleLiteral } from './dump-builder.ts';
import { HISTORY_START, writeHistory } from './dump-builder.ts';

/** A session that is done: a sample a second. */
export const DONE: Omit<Session, 'name'> = {
  label: null,
  group: null,
  interval_seconds: 1,
  duration_seconds: 60,
  started: HISTORY_START,
  ended: HISTORY_START + 59_000,
  state: 'done',
  peak_used_bytes: null,
  said: null,
};

/** Writes a session as it is on disk. @param root the folder of all sessions */
export function writeSession(
  root: string,
  session: Pick<Session, 'name'> & Partial<Session>,
  samples: readonly SampleLiteral[],
): void {
  const folder = join(root, session.name);
  mkdirSync(folder, { recursive: true });
  writeHistory(
    folder,
    samples.map((sample) => ({ interval: 1, label: session.name, ...sample })),
  );
  writeFileSync(join(folder, 'session.json'), encodeSession({ ...DONE, ...session }));
}
