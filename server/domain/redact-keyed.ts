import { isElsewhere, isOrdinaryValue, secretWordOf } from './secret-names.ts';
import type { SecretWord } from './secret-rules.ts';

/** Values that stand behind their names in one text: `key=value`, `"key":"value"`, `Header: value`. */

export const MASK = '********';

const KEYED = /(?<![\w.-])(?<name>-{0,2}[A-Za-z_][\w.-]*)\\{0,4}["']?\s*(?<sign>[=:])\s*/g;
const WHOLE_KEYED = /^((?:--?)?[A-Za-z_][\w.-]*(?<sign>\s*=\s*|:\s+))(?=.)/;
const SCHEME = /^((?:Bearer|Basic|Digest|Token|Negotiate|ApiKey|NTLM|OAuth)\s+)(?=\S)/i;

/** `Bearer S3CR3T` → `Bearer ********`: the scheme is no secret. */
export function maskHeader(value: string): string {
  return `${SCHEME.exec(value)?.[1] ?? ''}${MASK}`;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const CLOSING: Readonly<Record<string, RegExp>> = {
  '?': /[&#"'\s]/g,
  '&': /[&#"'\s]/g,
  ';': /;\s*(?:[\w .-]+=|$)|["'\s]/g,
  ',': /,\s*[\w.-]+[=:]|["'\s]/g,
  '"': /"/g,
  "'": /'/g,
};

/** From `start` to what closes a value that `before` stands in front of; without that to the end. */
function spanOf(text: string, start: number, before: string): Span {
  const quote = /^\\*(["'])/.exec(text.slice(start, start + 8));
  const from = start + (quote?.[0].length ?? 0);
  const closing = CLOSING[quote?.[1] ?? before];
  if (!closing) return { start: from, end: text.length };
  closing.lastIndex = from;
  const found = closing.exec(text);
  return { start: from, end: found ? found.index : text.length };
}

/** `image/auth:1.2`, `-v secret:/run/secret`, `module.auth:function`: a colon also stands between other things. */
function isPlainColon({ ordinary }: SecretWord, name: string, value: string, before: string): boolean {
  if (name.startsWith('-')) return false;
  return before === '/' || value.startsWith('/') || (ordinary && name.includes('.'));
}

function isInnocentValue(
  word: SecretWord,
  name: string,
  sign: string,
  value: string,
  before: string,
): boolean {
  if (word.ordinary && isOrdinaryValue(value)) return true;
  if (isElsewhere(value)) return true;
  if (sign === ':') return isPlainColon(word, name, value, before);
  return name === 'PWD' && value.startsWith('/');
}

interface KeyedValue extends Span {
  readonly sign: string;
}

/** The next `key=` from `keyed.lastIndex` on whose key names a secret, and its value. */
function nextKeyed(text: string, keyed: RegExp): KeyedValue | null {
  for (let match = keyed.exec(text); match; match = keyed.exec(text)) {
    const { name = '', sign = '' } = match.groups ?? {};
    const word = secretWordOf(name);
    if (!word) continue;
    const before = text[match.index - 1] ?? '';
    const span = spanOf(text, keyed.lastIndex, before);
    const value = text.slice(span.start, span.end);
    if (!isInnocentValue(word, name, sign, value, before)) return { ...span, sign };
  }
  return null;
}

/**
 * `key=value`, `?key=value`, `"key":"value"` inside one argument.
 * `endsWithKey`: it ends with `key:`, so that the next argument is the value.
 */
export function maskKeyed(text: string): { readonly text: string; readonly endsWithKey: boolean } {
  const keyed = new RegExp(KEYED);
  let out = '';
  let at = 0;
  let endsWithKey = false;
  for (let found = nextKeyed(text, keyed); found; found = nextKeyed(text, keyed)) {
    const { start, end, sign } = found;
    if (start === end) {
      endsWithKey = sign === ':';
      continue;
    }
    out += `${text.slice(at, start)}${maskHeader(text.slice(start, end))}`;
    at = end;
    keyed.lastIndex = end;
  }
  return { text: out + text.slice(at), endsWithKey };
}

/** An argument that is one name and its value, blanks and all: `Authorization: Bearer x`, `--password=a b`. */
export function maskWholeKeyed(text: string): string | null {
  const match = WHOLE_KEYED.exec(text);
  if (!match) return null;
  const name = match[1].slice(0, -(match.groups?.sign.length ?? 0));
  const value = text.slice(match[1].length);
  const word = secretWordOf(name);
  if (!word || isInnocentValue(word, name, match.groups?.sign.trim() ?? '', value, '')) return null;
  return `${match[1]}${maskHeader(value)}`;
}
