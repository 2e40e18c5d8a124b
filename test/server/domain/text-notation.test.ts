import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  displayText,
  escapeBytes,
  escapeText,
  plainRunEnd,
  unescapeToBytes,
} from '../../../server/domain/text-notation.ts';
import { anyText } from './any-text.ts';

/** One character a byte: how the vectors below are written down. */
function bytes(latin1: string): Uint8Array {
  return Uint8Array.from(Buffer.from(latin1, 'latin1'));
}

function utf8(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'utf8'));
}

/** What must not stand in a record: controls (C0, DEL, C1) and the line separators of Unicode. */
const BREAKS_A_LINE = /[\p{Cc}\u2028\u2029]/u;
/** What must not reach a page, a terminal or a log. */
const TURNS_TEXT = /\p{Bidi_Control}/u;
const HALF_CHARACTER = /\p{Surrogate}/u;

/** Bytes that make all kinds of UTF-8: whole, broken, overlong, cut, with escapes in it. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      anyText.map(utf8),
      fc.constantFrom('\\', '\\\\', '\\x1b', '\\xzz', '\\u{202e}', '\\…').map(utf8),
      fc.constantFrom(
        ...['\xc0\xaf', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xe2\x82', '\xc2\x9b', '\xe2\x80\xa8'].map(
          bytes,
        ),
      ),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

const MANY = { numRuns: 1000 } as const;

describe('bytes in dump notation', () => {
  test('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(anyBytes, (raw) => {
        expect(unescapeToBytes(escapeBytes(raw))).toEqual(raw);
      }),
      MANY,
    );
  });

  test('come back as they were, every byte and every pair of bytes', () => {
    for (let pair = 0; pair < 0x10000; pair++) {
      const raw = Uint8Array.of(pair >> 8, pair & 255);
      const back = unescapeToBytes(escapeBytes(raw));
      if (back.length !== 2 || back[0] !== raw[0] || back[1] !== raw[1]) expect(back).toEqual(raw);
    }
  });

  test('never break a line', () => {
    fc.assert(
      fc.property(anyBytes, (raw) => {
        const notation = escapeBytes(raw);
        expect(notation).not.toMatch(BREAKS_A_LINE);
        expect(notation).not.toMatch(HALF_CHARACTER);
      }),
      MANY,
    );
  });

  test('are written alike by a naive encoder: a valid character for itself, else byte by byte', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const character = (raw: Uint8Array): string | null => {
      try {
        const text = decoder.decode(raw);
        return [...text].length === 1 ? text : null;
      } catch {
        return null;
      }
    };
    const hex = (raw: Uint8Array) =>
      [...raw].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
    const next = (raw: Uint8Array): Uint8Array => {
      const length = [1, 2, 3, 4].find((n) => character(raw.subarray(0, n)) !== null);
      return raw.subarray(0, length ?? 1);
    };
    const write = (piece: Uint8Array): string => {
      const valid = character(piece);
      if (valid === '\\') return '\\\\';
      return valid === null || BREAKS_A_LINE.test(valid) ? hex(piece) : valid;
    };
    const encode = (raw: Uint8Array): string => {
      let out = '';
      for (let rest = raw; rest.length > 0; rest = rest.subarray(next(rest).length)) out += write(next(rest));
      return out;
    };
    fc.assert(
      fc.property(anyBytes, (raw) => {
        expect(escapeBytes(raw)).toBe(encode(raw));
      }),
      MANY,
    );
  });

  test('may be a stretch of a longer buffer, cut inside a character', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(20), fc.nat(20), (raw, a, b) => {
        const [start, end] = [a, b].map((at) => Math.min(at, raw.length)).sort((x, y) => x - y);
        expect(escapeBytes(raw, start, end)).toBe(escapeBytes(raw.slice(start, end)));
      }),
    );
  });

  test('of one text are the notation of that text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeBytes(utf8(text))).toBe(escapeText(text));
      }),
    );
  });

  test('that say nothing special stand for themselves', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x5b\x5d-\x7e]*$/), (text) => {
        expect(escapeText(text)).toBe(text);
        expect(plainRunEnd(utf8(text), 0, text.length)).toBe(text.length);
      }),
    );
  });

  test('are read back where the notation is not ours: unknown escapes stand for themselves', () => {
    expect(unescapeToBytes('\\q\\xZZ\\')).toEqual(utf8('\\q\\xZZ\\'));
    expect(unescapeToBytes('cut \\…')).toEqual(utf8('cut \\…'));
  });
});

describe('text in dump notation', () => {
  test('is well-formed and on one line, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 8 }), (units) => {
        const notation = escapeText(String.fromCharCode(...units));
        expect(notation).not.toMatch(BREAKS_A_LINE);
        expect(notation).not.toMatch(HALF_CHARACTER);
      }),
      MANY,
    );
  });
});

describe('what a person is shown', () => {
  test('holds no control, no direction mark, no half character, for any bytes', () => {
    fc.assert(
      fc.property(anyBytes, (raw) => {
        const shown = displayText(escapeBytes(raw));
        expect(shown).not.toMatch(BREAKS_A_LINE);
        expect(shown).not.toMatch(TURNS_TEXT);
        expect(shown).not.toMatch(HALF_CHARACTER);
      }),
      MANY,
    );
  });

  test('holds none even where a foreign dump holds them raw', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 8 }), (units) => {
        const shown = displayText(String.fromCharCode(...units));
        expect(shown).not.toMatch(BREAKS_A_LINE);
        expect(shown).not.toMatch(TURNS_TEXT);
        expect(shown).not.toMatch(HALF_CHARACTER);
      }),
      MANY,
    );
  });

  test('has each of the 12 direction marks spelt out', () => {
    const marks = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e];
    const isolates = [0x2066, 0x2067, 0x2068, 0x2069];
    for (const mark of [...marks, ...isolates])
      expect(displayText(`a${String.fromCharCode(mark)}b`)).toBe(`a\\u{${mark.toString(16)}}b`);
  });

  test('is the text itself where nothing is to be hidden', () => {
    for (const text of ['/usr/bin/node server.js', 'naïve café', '日本語', '🧠 --x="1,2"', '<b>&amp;'])
      expect(displayText(escapeText(text))).toBe(text);
  });

  test('of the unknown is nothing', () => {
    expect(displayText(null)).toBe('');
  });
});

describe('hostile names', () => {
  test.each<[id: string, raw: string, notation: string, shown: string]>([
    ['V1', ') (x) R 1', ') (x) R 1', ') (x) R 1'],
    ['V2', 'a\nb', 'a\\x0ab', 'a\\x0ab'],
    ['V3', '\x1b]0;pwn\x07', '\\x1b]0;pwn\\x07', '\\x1b]0;pwn\\x07'],
    ['V4', '\xff\xfe\x80bad', '\\xff\\xfe\\x80bad', '\\xff\\xfe\\x80bad'],
    ['V5', '', '', ''],
    ['V6', 'kworker/0:1-ev', 'kworker/0:1-ev', 'kworker/0:1-ev'],
    ['V7', '((sd-pam))', '((sd-pam))', '((sd-pam))'],
    ['V8', 'Web Content', 'Web Content', 'Web Content'],
    ['V9', 'back\\slash', 'back\\\\slash', 'back\\slash'],
    ['V10', 'tab\there\r', 'tab\\x09here\\x0d', 'tab\\x09here\\x0d'],
    ['V11', '=1+1', '=1+1', '=1+1'],
    ['V12', 'a,b"c', 'a,b"c', 'a,b"c'],
    ['V13', '%s%n<script>', '%s%n<script>', '%s%n<script>'],
    ['V14', '__proto__', '__proto__', '__proto__'],
    ['V15', 'constructor', 'constructor', 'constructor'],
    ['V16', '\xc2\x9b31m', '\\xc2\\x9b31m', '\\xc2\\x9b31m'],
    ['V17', '\xe2\x80\xaegpj.exe', '\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['V18', 'A\x00B', 'A\\x00B', 'A\\x00B'],
    ['V21', ' -x', ' -x', ' -x'],
    ['V22', '\0\0\0', '\\x00\\x00\\x00', '\\x00\\x00\\x00'],
    ['V23', '\0\0/usr/bin/docker', '\\x00\\x00/usr/bin/docker', '\\x00\\x00/usr/bin/docker'],
    ['V24 clear', '\x1b[2J\x1b[H', '\\x1b[2J\\x1b[H', '\\x1b[2J\\x1b[H'],
    [
      'V24 link',
      '\x1b]8;;http://evil\x07click\x1b]8;;\x07',
      '\\x1b]8;;http://evil\\x07click\\x1b]8;;\\x07',
      '\\x1b]8;;http://evil\\x07click\\x1b]8;;\\x07',
    ],
    ['V24 query', '\x1bP+q\x1b\\', '\\x1bP+q\\x1b\\\\', '\\x1bP+q\\x1b\\'],
    ['V25', '\xe2\x80\xa8</script><!--', '\\xe2\\x80\\xa8</script><!--', '\\xe2\\x80\\xa8</script><!--'],
    ['V26', '\xed\xa0\x80', '\\xed\\xa0\\x80', '\\xed\\xa0\\x80'],
    ['V27', 'ok\xe2\x82', 'ok\\xe2\\x82', 'ok\\xe2\\x82'],
  ])('%s: recorded on one line, shown harmless, read back unchanged', (_, latin1, notation, shown) => {
    const raw = bytes(latin1);
    expect(escapeBytes(raw)).toBe(notation);
    expect(displayText(notation)).toBe(shown);
    expect(unescapeToBytes(notation)).toEqual(raw);
  });

  test('V26: a lone surrogate in text is written as the three bytes it would be', () => {
    expect(escapeText('a\ud800b')).toBe('a\\xed\\xa0\\x80b');
    expect(displayText('a\udfffb')).toBe('a\\u{dfff}b');
  });

  test.each([
    ['V19', `x ${'A'.repeat(131_071)}`],
    ['V20', Array.from({ length: 30_000 }, (_, at) => `arg${at}`.padEnd(69, '.')).join(' ')],
    ['V20 with controls', 'é\n\\'.repeat(100_000)],
  ])('%s: a command of full length is kept whole', (_, text) => {
    const notation = escapeBytes(utf8(text));
    expect(Buffer.compare(unescapeToBytes(notation), utf8(text))).toBe(0);
  });
});
