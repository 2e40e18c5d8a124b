import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RecordSession } from '../../application/session-ports.ts';
import { recorderArguments } from '../../application/session-ports.ts';

/** How the recorder names its first dump. */
const PROGRESS = 'recording: ';

/**
 * Records sessions in a process of their own: what that costs is not the server's, and stands as a row of its own in the
 * recording. A server that is killed leaves it to record until its time is over.
 * @param script the recorder's program
 */
export function openRecorderProcess(script: string, folderOf: (name: string) => string): RecordSession {
  return async (session) => {
    const folder = folderOf(session.name);
    const child = spawn(process.execPath, [script, ...recorderArguments(session, folder)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said: string | null = null;
    createInterface(child.stderr).on('line', (line) => {
      if (!line.startsWith(PROGRESS)) said = saidText(line, folder, session.name);
    });
    const done = new Promise<number>((resolve) => {
      child.on('error', (error) => {
        said = error.message;
        resolve(1);
      });
      child.on('close', (code) => resolve(code ?? 1));
    });
    return { done, said: () => said, stop: () => void child.kill('SIGTERM') };
  };
}

/** What the recorder says of a session, without its own name and the place of the folder. */
export function saidText(line: string, folder: string, name: string): string {
  return line.replace(/^node dist\/\S+: /, '').replaceAll(folder, name);
}
