import { redactArguments, redactLine } from './redact.ts';
import { SECRET_HINT } from './secret-rules.ts';

/** What is recorded of a command: all of it, all but secrets, the program alone, nothing. */
export const COMMAND_MODES = ['full', 'redacted', 'argv0', 'none'] as const;
export type CommandMode = (typeof COMMAND_MODES)[number];

export interface CommandRecording {
  readonly mode: CommandMode;
  /** Most characters of dump notation that are kept; `null`: all. */
  readonly longest: number | null;
}

/** Ends a command that was cut. No command has it by itself: a backslash is always doubled. */
export const CUT_MARK = '\\…';

/** One character of dump notation, which is not cut apart. */
const CHARACTER = /\\\\|\\x[0-9a-f]{2}|[\ud800-\udbff][\udc00-\udfff]|./sy;

/** Dump notation cut to at most `longest` characters, and marked where something was left out. */
export function cutCommand(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let end = 0;
  CHARACTER.lastIndex = 0;
  while (CHARACTER.test(text) && CHARACTER.lastIndex <= longest) end = CHARACTER.lastIndex;
  return `${text.slice(0, end)}${CUT_MARK}`;
}

function programOf(text: string): string {
  return text.trimStart().split(' ', 1)[0];
}

/** Arguments (dump notation, in the order of the kernel) → what is recorded, joined by one space. */
export function recordCommand(argv: readonly string[], { mode, longest }: CommandRecording): string {
  const text = joined(argv, mode);
  return longest === null ? text : cutCommand(text, longest);
}

/**
 * Longer commands are examined up to here, and cut: the rules take a microsecond a character where somebody has made
 * a command for them, and a command may have two million.
 */
const LONGEST_EXAMINED = 256 * 1024;

/** The arguments that fit, of a single one its beginning. */
function fittingArguments(argv: readonly string[]): readonly string[] {
  let length = 0;
  const beyond = argv.findIndex((text) => {
    length += text.length + 1;
    return length > LONGEST_EXAMINED;
  });
  return beyond > 0 ? argv.slice(0, beyond) : [argv[0].slice(0, LONGEST_EXAMINED)];
}

function redacted(argv: readonly string[]): string {
  return argv.length === 1 ? redactLine(argv[0]) : redactArguments(argv).join(' ');
}

function joined(argv: readonly string[], mode: CommandMode): string {
  const whole = argv.join(' ');
  if (mode === 'full') return whole;
  if (mode === 'none') return '';
  if (mode === 'argv0') return redactLine(programOf(whole).slice(0, LONGEST_EXAMINED));
  if (!SECRET_HINT.test(whole)) return whole;
  if (whole.length <= LONGEST_EXAMINED) return redacted(argv);
  return `${redacted(fittingArguments(argv))}${CUT_MARK}`;
}
