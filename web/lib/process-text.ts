import { executableOf } from '../../server/domain/executable.ts';
import { displayText } from '../../server/domain/text-notation.ts';

/** How a process is called. Texts arrive in dump notation and leave as what may be shown. */

interface Named {
  readonly cmd: string | null;
  readonly comm?: string | null;
}

export interface ProcessName {
  readonly text: string;
  /** The kernel gave no command line: this is the thread's name, as ps prints it. */
  readonly isBracketed: boolean;
}

export function processName({ cmd, comm }: Named): ProcessName {
  const command = displayText(cmd);
  if (command.trim()) return { text: command, isBracketed: false };
  return { text: `[${displayText(comm ?? null)}]`, isBracketed: true };
}

/** File name of the program: enough for a breadcrumb or a legend. */
export function shortName(named: Named): string {
  const { text, isBracketed } = processName(named);
  if (isBracketed) return text;
  return displayText(executableOf(named.cmd, named.comm ?? null)) || text;
}

/** Without the folder of its program: what is left to read where there is little room. */
export function briefName(named: Named): string {
  const { text } = processName(named);
  return text.replace(/^\/(?:[^\s/]+\/)+(?=[^\s/])/, '');
}

export function shorten(text: string, most: number): string {
  return [...text].length > most ? `${[...text].slice(0, most - 1).join('')}…` : text;
}
