import type { SecretWord } from './secret-rules.ts';
import { SECRET_WORDS } from './secret-rules.ts';

/** Does a name (of an option, a variable, a header) name a secret? */

/** Longer words that end like a secret's name. */
const INNOCENT_WORDS: ReadonlySet<string> = new Set(
  'bypass compass trespass surpass encompass overpass underpass oldpwd'.split(' '),
);

/** A name with one of these at its end tells something about a secret, not the secret. */
const INNOCENT_ENDINGS: ReadonlySet<string> = new Set(
  (
    'file files path paths dir directory folder filename name names type types url uri endpoint host port timeout ' +
    'ttl expiry expiration expires lifetime age length len size min max limit count policy rule rules mode method ' +
    'format algorithm encoding provider manager store storage service server backend engine plugin version id ids ' +
    'ref arn env var prompt prompts stdin fd enabled disabled required rotation interval cache generator strength ' +
    'field column header index label map mount volume namespace prefix suffix scope kind class handler command cmd ' +
    'program helper agent callback sync scan scanning scanner check checker validation lock locked authentication ' +
    'login operator controller reader writer resolver source'
  ).split(' '),
);

/** `--no-password`, `ALLOW_EMPTY_PASSWORD=yes`, `--ask-pass`: settings. */
const INNOCENT_PARTS: ReadonlySet<string> = new Set(
  'no ask allow without skip disable enable require random prompt empty existing'.split(' '),
);

/** `--dbPassword2` → `db`, `password`. */
function partsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[-_.]+/)
    .map((part) => part.replace(/(?<=\D)\d+$/, ''))
    .filter((part) => part !== '');
}

/** Where the word ends in `parts` (the index after it), or -1. */
function findWord({ word, compound }: SecretWord, parts: readonly string[]): number {
  const wanted = word.split('_');
  if (wanted.length === 1) {
    const isIt = (part: string) => part === word || (compound && part.endsWith(word));
    return parts.findLastIndex((part) => isIt(part) && !INNOCENT_WORDS.has(part)) + 1 || -1;
  }
  const at = parts.findLastIndex((_, start) => wanted.every((part, k) => parts[start + k] === part));
  return at < 0 ? -1 : at + wanted.length;
}

function isNamedBy(secret: SecretWord, parts: readonly string[]): boolean {
  const end = findWord(secret, parts);
  if (end < 0) return false;
  return end === parts.length || (secret.place === 'anywhere' && !INNOCENT_ENDINGS.has(parts.at(-1) ?? ''));
}

/** Shorter than any word, longer than any option or variable: not a name. */
const SHORTEST_NAME = 2;
const LONGEST_NAME = 128;

/** What every name with a word in it matches. */
const SOME_WORD = new RegExp(SECRET_WORDS.map(({ word }) => word.replace('_', '[-_.]*')).join('|'), 'i');

/** The word by which `name` names a secret; `null` where it does not. */
export function secretWordOf(name: string): SecretWord | null {
  if (name.length < SHORTEST_NAME || name.length > LONGEST_NAME) return null;
  if (!SOME_WORD.test(name)) return null;
  const parts = partsOf(name);
  if (parts.some((part) => INNOCENT_PARTS.has(part))) return null;
  return SECRET_WORDS.find((word) => isNamedBy(word, parts)) ?? null;
}

const PATH = /^(?:~|\.{0,2})\/[^\s=]*$|^[\w./-]+\.(?:pem|key|crt|json|ya?ml|txt|conf|cookies?)$/;
const SETTING =
  /^(?:true|false|yes|no|on|off|none|basic|digest|ntlm|md5|trust|peer|plain|required|optional|enabled?|disabled?|auto|default|\d{1,5}|\*)$/i;

/** A value that a name tells without being secret: `-auth /run/Xauthority`, `--auth=basic`. */
export function isOrdinaryValue(value: string): boolean {
  return PATH.test(value) || SETTING.test(value);
}

const ELSEWHERE = /^(?:file|env|fd):|^stdin$/;

/** `-passin file:/root/pw`: where the secret is, not what it is. */
export function isElsewhere(value: string): boolean {
  return ELSEWHERE.test(value);
}
