/**
 * Text from the kernel is bytes that its owner chose. In a dump it is written so that a record is one line and
 * nothing is lost: bytes that are not valid UTF-8 and control characters as `\xNN` per byte, a backslash as `\\`.
 */

const HEX = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
const NEEDS_ESCAPE = /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const ESCAPED_CHARACTERS = /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;
/** Printable ASCII without the backslash: most texts, told in one pass. */
const STANDS_FOR_ITSELF = /^[ -[\]-~]*$/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** UTF-8 bytes of one code point below U+10000. */
function utf8Bytes(code: number): readonly number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  return utf8Bytes(character.charCodeAt(0))
    .map((byte) => HEX[byte])
    .join('');
}

/** Text → dump notation. A lone surrogate cannot come from the kernel; it is written as its three bytes. */
export function escapeText(text: string): string {
  const whole = NEEDS_ESCAPE.test(text) ? text.replace(ESCAPED_CHARACTERS, escapeCharacter) : text;
  return whole.replace(LONE_SURROGATE, escapeCharacter);
}

interface Utf8Shape {
  readonly length: number;
  readonly mask: number;
  readonly smallest: number;
}

function utf8Shape(lead: number): Utf8Shape | null {
  if (lead < 0x80) return { length: 1, mask: 0x7f, smallest: 0 };
  if (lead >= 0xc2 && lead < 0xe0) return { length: 2, mask: 0x1f, smallest: 0x80 };
  if (lead >= 0xe0 && lead < 0xf0) return { length: 3, mask: 0x0f, smallest: 0x800 };
  if (lead >= 0xf0 && lead < 0xf5) return { length: 4, mask: 0x07, smallest: 0x10000 };
  return null;
}

function isScalar(code: number, smallest: number): boolean {
  return code >= smallest && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
}

/** The code point that starts at `at`, or -1 where the bytes are not valid UTF-8 (RFC 3629). */
function readCodePoint(bytes: Uint8Array, at: number, end: number): { code: number; length: number } {
  const shape = utf8Shape(bytes[at]);
  if (!shape || at + shape.length > end) return { code: -1, length: 1 };
  let code = bytes[at] & shape.mask;
  for (let k = 1; k < shape.length; k++) {
    const next = bytes[at + k];
    if ((next & 0xc0) !== 0x80) return { code: -1, length: 1 };
    code = (code << 6) | (next & 63);
  }
  return isScalar(code, shape.smallest) ? { code, length: shape.length } : { code: -1, length: 1 };
}

const LAST_CONTROL = 0x1f;
const DELETE = 0x7f;
const BACKSLASH = 0x5c;
const CHUNK = 4096;

/** Where the run of bytes that stand for themselves ends: printable ASCII without the backslash. */
export function plainRunEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] > LAST_CONTROL && bytes[at] < DELETE && bytes[at] !== BACKSLASH) at++;
  return at;
}

/** Not by `...`, which asks for one byte after the other and takes five times as long. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let out = '';
  for (let at = start; at < end; at += CHUNK)
    out += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, Math.min(at + CHUNK, end)));
  return out;
}

/** Bytes from the kernel → dump notation, losslessly. */
export function escapeBytes(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let out = '';
  let at = start;
  while (at < end) {
    const plainEnd = plainRunEnd(bytes, at, end);
    out += asciiText(bytes, at, plainEnd);
    if (plainEnd === end) break;
    const { code, length } = readCodePoint(bytes, plainEnd, end);
    out += code < 0 ? HEX[bytes[plainEnd]] : escapeText(String.fromCodePoint(code));
    at = plainEnd + length;
  }
  return out;
}

function encodeUtf8(text: string, out: number[]): void {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x10000) out.push(...utf8Bytes(code));
    else
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
  }
}

/** Dump notation → the bytes that the kernel gave. `unescapeToBytes(escapeBytes(b))` equals `b` for every `b`. */
export function unescapeToBytes(notation: string): Uint8Array {
  const out: number[] = [];
  for (const [piece] of notation.matchAll(/\\\\|\\x[0-9a-f]{2}|\\|[^\\]+/g)) {
    if (piece === '\\\\') out.push(0x5c);
    else if (piece.length === 4 && piece.startsWith('\\x')) out.push(Number.parseInt(piece.slice(2), 16));
    else encodeUtf8(piece, out);
  }
  return Uint8Array.from(out);
}

/**
 * Dump notation → what a person is shown: on one line, no control characters, backslashes single,
 * direction marks as `\u{202e}` so that no name can turn the text around it.
 */
export function displayText(notation: string | null): string {
  if (notation === null) return '';
  if (STANDS_FOR_ITSELF.test(notation)) return notation;
  return notation
    .replaceAll('\\\\', '\\')
    .replace(ESCAPED_CHARACTERS, (character) => (character === '\\' ? '\\' : escapeCharacter(character)))
    .replace(BIDI_CONTROLS, (mark) => `\\u{${mark.charCodeAt(0).toString(16)}}`)
    .replace(LONE_SURROGATE, (half) => `\\u{${half.charCodeAt(0).toString(16)}}`);
}
