import type { Random } from './random.ts';
import { pick } from './random.ts';

/** Ways in which a file is damaged. Each takes bytes and gives others; `other` is a second dump. */
type Mutator = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const NEWLINE = 0x0a;
const BYTES = ['"', ',', '\n', '\r', '\0', '\x1b', '\xff'];
const NUMBERS = [
  '',
  ' 12 ',
  '-1',
  '-0',
  '1e400',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '12abc',
  '9007199254740993',
  '18446744073709551616',
  '\xd9\xa3',
  '00012',
  '"1,234"',
  '9'.repeat(400),
  '0.30000000000000004',
];
const TEXTS = [
  '"bad',
  'a"b',
  '"a""',
  '""',
  '"x"y',
  '__proto__',
  'constructor',
  '=1+1',
  '\x1b]0;pwn\x07',
  '\xff\xfe\x80bad',
  '\xc2\x9b31m',
  '\xe2\x80\xaegpj.exe',
  'ok\xe2\x82',
  '\xed\xa0\x80',
  '<img src=x onerror=alert(1)>',
  'back\\slash',
];
const HOLE_BYTES = 4096;
const LONG_LINE_BYTES = 3000;

function latin(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function splice(bytes: Buffer, from: number, to: number, ...put: readonly Uint8Array[]): Buffer {
  return Buffer.concat([bytes.subarray(0, from), ...put, bytes.subarray(to)]);
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').split('\n');
}

function withLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
  const lines = linesOf(bytes);
  change(lines);
  return latin(lines.join('\n'));
}

/** Another cell in the place of one, its header's included. */
function withCell(bytes: Buffer, random: Random, cell: string): Buffer {
  return withLines(bytes, (lines) => {
    const line = random(lines.length);
    const cells = lines[line].split(',');
    cells[random(cells.length)] = cell;
    lines[line] = cells.join(',');
  });
}

function lineStart(bytes: Buffer, near: number): number {
  return near === 0 ? 0 : bytes.lastIndexOf(NEWLINE, near - 1) + 1;
}

export const MUTATORS: Readonly<Record<string, Mutator>> = {
  cut: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  loseBeginning: (bytes, random) => bytes.subarray(random(bytes.length)),
  losePiece(bytes, random) {
    const at = random(bytes.length);
    return splice(bytes, at, Math.min(bytes.length, at + random(200)));
  },
  spliceAnywhere: (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random(bytes.length)), other.subarray(random(other.length))]),
  spliceAtLine(bytes, random, other) {
    const end = lineStart(bytes, random(bytes.length));
    return Buffer.concat([bytes.subarray(0, end), other.subarray(lineStart(other, random(other.length)))]);
  },
  append: (bytes, _random, other) => Buffer.concat([bytes, other]),
  deleteLine: (bytes, random) => withLines(bytes, (lines) => void lines.splice(random(lines.length), 1)),
  repeatLine: (bytes, random) =>
    withLines(bytes, (lines) => void lines.splice(random(lines.length), 0, pick(random, lines))),
  swapLines: (bytes, random) =>
    withLines(bytes, (lines) => {
      const [one, other] = [random(lines.length), random(lines.length)];
      [lines[one], lines[other]] = [lines[other], lines[one]];
    }),
  insertByte(bytes, random) {
    const at = random(bytes.length + 1);
    return splice(bytes, at, at, latin(pick(random, BYTES)));
  },
  replaceByte(bytes, random) {
    const at = random(bytes.length);
    return splice(bytes, at, Math.min(bytes.length, at + 1), latin(pick(random, BYTES)));
  },
  flipBit(bytes, random) {
    if (bytes.length === 0) return bytes;
    const at = random(bytes.length);
    return splice(bytes, at, at + 1, Buffer.from([bytes[at] ^ (1 << random(8))]));
  },
  blowUpNumber: (bytes, random) => withCell(bytes, random, pick(random, NUMBERS)),
  oddText: (bytes, random) => withCell(bytes, random, pick(random, TEXTS)),
  shuffleHeader: (bytes, random) =>
    withLines(bytes, (lines) => {
      const keyed = lines[0].split(',').map((name) => ({ name, key: random(2 ** 30) }));
      lines[0] = keyed
        .sort((a, b) => a.key - b.key)
        .map(({ name }) => name)
        .join(',');
    }),
  widenHeader: (bytes, random) => splice(bytes, 0, 0, latin(`${'X,'.repeat(random(300))}`)),
  punchHole(bytes, random) {
    const at = random(bytes.length);
    const size = Math.min(bytes.length - at, random(HOLE_BYTES));
    return splice(bytes, at, at + size, Buffer.alloc(size));
  },
  lengthenLine(bytes, random) {
    const at = random(bytes.length + 1);
    return splice(
      bytes,
      at,
      at,
      Buffer.alloc(LONG_LINE_BYTES, pick(random, ['x', '"', ',', '\xff']), 'latin1'),
    );
  },
  endLinesLikeWindows: (bytes) => latin(linesOf(bytes).join('\r\n')),
  endLinesLikeOldMacs: (bytes) => latin(linesOf(bytes).join('\r')),
  addMark: (bytes) => Buffer.concat([latin('\xef\xbb\xbf'), bytes]),
  addBlankLines: (bytes, random) =>
    withLines(bytes, (lines) => void lines.splice(random(lines.length + 1), 0, '', '\r', '')),
};

const NAMES = Object.keys(MUTATORS);
const MOST_AT_ONCE = 3;

export interface Mutated {
  readonly bytes: Buffer;
  /** Which mutators struck, in order. */
  readonly names: readonly string[];
}

/** One to three damages, one upon the other. */
export function mutate(bytes: Buffer, random: Random, other: Buffer): Mutated {
  const names = Array.from({ length: 1 + random(MOST_AT_ONCE) }, () => pick(random, NAMES));
  return { bytes: names.reduce((damaged, name) => MUTATORS[name](damaged, random, other), bytes), names };
}
