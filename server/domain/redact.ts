import { MASK, maskHeader, maskKeyed, maskWholeKeyed } from './redact-keyed.ts';
import { isElsewhere, isOrdinaryValue, secretWordOf } from './secret-names.ts';
import type { SecretProgram } from './secret-programs.ts';
import { SECRET_PROGRAMS } from './secret-programs.ts';
import { SECRET_SHAPES } from './secret-rules.ts';

/**
 * Secrets in command lines, masked. It works on the arguments, because once they are joined nobody can tell where
 * a value ends. What counts as a secret is data: secret-rules.ts. Texts may be plain or in dump notation.
 */

/** What the argument before says of the next one. */
type Pending = 'value' | 'header' | 'ordinary' | 'bearer' | 'basic' | { readonly after: string | undefined };

/** Where in a command line we are. */
interface Reading {
  programs: readonly SecretProgram[];
  pending: Pending | null;
}

const BLANK = /\s|\\x(?:0[9ad])/;
/** Blanks, or a word with its quoted spans; `\\` of the notation is a pair, so that `\\x0a` is no newline. */
const PIECE = /(\s+|\\x0[9ad])|((?:\\\\|"[^"]*"|'[^']*'|(?!\\x0[9ad])\S)+)/g;
const QUOTED = /^(["'])(.*)\1$/s;
const OPTION = /^--?$|^--?[A-Za-z][A-Za-z_-]*(?:=|$)/;
const SCRIPT_OPTION = /^-[A-Za-z]*c$/;
const BARE_OPTION = /^--?([A-Za-z_][\w.-]*)$/;
const SCHEME_ALONE = /^(?:Bearer|Basic|Digest|Token|Negotiate|ApiKey|NTLM|OAuth)$/i;
const SHORTEST_BEARER = 6;
const BASE64 = /^(?=.*[a-z])(?=.*[A-Z0-9])[A-Za-z0-9+/]{8,}={0,2}$/;

const ANY_PROGRAM = new RegExp(SECRET_PROGRAMS.map(({ program }) => program.source).join('|'));

function maskShapes(text: string): string {
  let masked = text;
  for (const { shape } of SECRET_SHAPES) masked = masked.replace(shape, replaceShape);
  return masked;
}

function replaceShape(...match: readonly unknown[]): string {
  const groups = match.at(-1);
  const keep = typeof groups === 'object' && groups !== null && 'keep' in groups ? groups.keep : '';
  return `${keep}${MASK}`;
}

function maskAfter(text: string, sign: string | undefined): string {
  if (sign === undefined) return MASK;
  const at = text.indexOf(sign);
  return at < 0 || at + 1 === text.length ? text : `${text.slice(0, at + 1)}${MASK}`;
}

function maskHeaderWord(text: string, reading: Reading): string {
  if (!SCHEME_ALONE.test(text)) return maskHeader(text);
  reading.pending = 'value';
  return text;
}

function isInnocentNext(text: string, pending: Pending): boolean {
  if (text === '' || OPTION.test(text)) return true;
  if (pending === 'bearer') return text.length < SHORTEST_BEARER;
  if (pending === 'basic') return !BASE64.test(text);
  if (pending === 'ordinary') return isOrdinaryValue(text);
  return pending === 'value' && isElsewhere(text);
}

/** The argument after `--password`, `Authorization:`, `-u`; `null` where it is not the value. */
function maskPending(text: string, pending: Pending, reading: Reading): string | null {
  if (isInnocentNext(text, pending)) return null;
  if (pending === 'header') return maskHeaderWord(text, reading);
  return typeof pending === 'string' ? MASK : maskAfter(text, pending.after);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Any word may be the program: `sudo -u bob mysql -p…`. */
function notePrograms(text: string, reading: Reading): void {
  const name = baseName(text);
  const found = !ANY_PROGRAM.test(name) ? [] : SECRET_PROGRAMS.filter(({ program }) => program.test(name));
  if (found.length > 0) reading.programs = found;
  else if (reading.programs.some(({ once }) => once)) reading.programs = [];
}

/** What the program that runs takes as a secret; `null` where this is nothing of that kind. */
function maskOfProgram(text: string, reading: Reading): string | null {
  for (const { apart, attached, after, once } of reading.programs) {
    const glued = attached?.exec(text);
    const isApart = apart?.test(text) === true;
    if ((glued || isApart) && once) reading.programs = [];
    if (isApart) {
      reading.pending = { after };
      return text;
    }
    if (glued)
      return `${glued[1]}${maskAfter(glued[0].slice(glued[1].length), after)}${text.slice(glued[0].length)}`;
  }
  return null;
}

function notePending(text: string, reading: Reading): void {
  if (/^Bearer$/i.test(text)) reading.pending = 'bearer';
  if (/^Basic$/i.test(text)) reading.pending = 'basic';
  const option = BARE_OPTION.exec(text);
  const word = option && secretWordOf(option[1]);
  if (word) reading.pending = word.ordinary ? 'ordinary' : 'value';
}

function redactWord(text: string, reading: Reading): string {
  const ofProgram = maskOfProgram(text, reading);
  if (ofProgram !== null) return ofProgram;
  if (!text.startsWith('-')) notePrograms(text, reading);
  notePending(text, reading);
  const keyed = maskKeyed(text);
  if (keyed.endsWithKey) reading.pending = 'header';
  return keyed.text;
}

function redactPiece(text: string, reading: Reading): string {
  const { pending } = reading;
  reading.pending = null;
  const masked = pending && maskPending(text, pending, reading);
  if (masked !== null) return masked;
  return redactWord(text, reading);
}

function redactQuoted(text: string, reading: Reading): string {
  const quoted = QUOTED.exec(text);
  if (!quoted) return redactPiece(text, reading);
  const [, quote, inner] = quoted;
  return `${quote}${redactArgument(inner, reading, false)}${quote}`;
}

function redactPieces(text: string): string {
  const reading: Reading = { programs: [], pending: null };
  return text.replace(PIECE, (piece, blank) => (blank ? piece : redactQuoted(piece, reading)));
}

function redactArgument(text: string, reading: Reading, isScript: boolean): string {
  if (!BLANK.test(text)) return redactPiece(text, reading);
  const { pending } = reading;
  reading.pending = null;
  const masked = pending && maskPending(text, pending, reading);
  if (masked !== null) return masked;
  return (isScript ? null : maskWholeKeyed(text)) ?? redactPieces(text);
}

/** What is masked may make its neighbour a secret: so it goes on until nothing changes. It only ever masks more. */
const MOST_PASSES = 5;

function untilSettled<Text>(
  text: Text,
  pass: (text: Text) => Text,
  isSame: (a: Text, b: Text) => boolean,
): Text {
  let before = text;
  for (let passes = 0; passes < MOST_PASSES; passes++) {
    const after = pass(before);
    if (isSame(before, after)) break;
    before = after;
  }
  return before;
}

/** A command in one piece: a title that a process wrote, a line of ps(1), a shell's script. */
export function redactLine(text: string): string {
  return untilSettled(
    text,
    (line) => redactPieces(maskShapes(line)),
    (a, b) => a === b,
  );
}

function redactOnce(argv: readonly string[]): readonly string[] {
  const reading: Reading = { programs: [], pending: null };
  return argv.map((text, at) =>
    redactArgument(maskShapes(text), reading, SCRIPT_OPTION.test(argv[at - 1] ?? '')),
  );
}

/**
 * The arguments of a process with its secrets masked. An argument without a secret comes back as it is; only one
 * argument, with blanks in it, is a title that the process wrote.
 */
export function redactArguments(argv: readonly string[]): readonly string[] {
  if (argv.length === 1) return [redactLine(argv[0])];
  return untilSettled(argv, redactOnce, (a, b) => a.every((text, at) => text === b[at]));
}
