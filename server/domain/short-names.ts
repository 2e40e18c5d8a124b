import { executableOf } from './executable.ts';
import { displayText } from './text-notation.ts';

/** What a process is called in a sentence. */

interface Named {
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
}

const LONGEST_ARGUMENTS = 40;

/** `node 812` */
export function shortNameOf({ pid, cmd, comm }: Named): string {
  return `${displayText(executableOf(cmd, comm)) || 'process'} ${pid}`;
}

/** `node 812 "vite build"` */
export function longNameOf(process: Named): string {
  const { cmd } = process;
  const space = cmd?.indexOf(' ') ?? -1;
  const words = displayText(cmd === null || space < 0 ? '' : cmd.slice(space + 1)).trim();
  if (words === '') return shortNameOf(process);
  const letters = [...words];
  const shown =
    letters.length > LONGEST_ARGUMENTS ? `${letters.slice(0, LONGEST_ARGUMENTS).join('')}…` : words;
  return `${shortNameOf(process)} "${shown}"`;
}
