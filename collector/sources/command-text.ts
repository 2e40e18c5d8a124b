import type { CommandRecording } from '../../server/domain/command-mode.ts';
import { recordCommand } from '../../server/domain/command-mode.ts';
import { textOf } from './process-texts.ts';

/** Commands as they are recorded: secrets are masked here, before anything keeps the text. */

const NUL = 0;

/** /proc/PID/cmdline → its arguments in dump notation; empty ones at the end are dropped. */
export function parseArguments(bytes: Buffer, length: number): readonly string[] {
  let end = length;
  while (end > 0 && bytes[end - 1] === NUL) end--;
  const argv: string[] = [];
  for (let at = 0; at < end; ) {
    const nul = bytes.indexOf(NUL, at);
    const stop = nul < 0 || nul > end ? end : nul;
    argv.push(textOf(bytes, at, stop));
    at = stop + 1;
  }
  return argv;
}

/** @returns /proc/PID/cmdline → CMD; '' for a kernel thread or a zombie */
export function openCommandOf(recording: CommandRecording): (bytes: Buffer, length: number) => string {
  return (bytes, length) => recordCommand(parseArguments(bytes, length), recording);
}

/** A command as ps(1) tells it, arguments joined: where one ends can only be guessed. */
export function openLineOf(recording: CommandRecording): (line: string) => string {
  return (line) => recordCommand([line], recording);
}
