import { execFile } from 'node:child_process';
import type { ManagerAnswer } from './service-world.ts';

const PATIENCE_MS = 30_000;

/** `systemctl --user …`. `null`: there is none on this host. Never throws. */
export function askManager(words: readonly string[]): Promise<ManagerAnswer | null> {
  return new Promise((resolve) => {
    const options = { encoding: 'utf8', timeout: PATIENCE_MS } as const;
    execFile('systemctl', ['--user', ...words], options, (error, out, err) => {
      if (error?.code === 'ENOENT') return resolve(null);
      const text = `${out} ${err}`.trim().replace(/\s+/g, ' ');
      resolve({ isDone: error === null, text });
    });
  });
}
