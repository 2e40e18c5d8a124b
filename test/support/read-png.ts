import { inflateSync } from 'node:zlib';

/** A PNG of eight bits a channel, RGBA, as pixels (PNG, 3rd edition): only what the tests' own pictures are. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` */
  at(x: number, y: number): string;
}

const SIGNATURE = '89504e470d0a1a0a';
const CHANNELS = 4;

function chunksOf(png: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const [length, type] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    const data = png.subarray(at + 8, at + 8 + length);
    chunks.set(type, Buffer.concat([chunks.get(type) ?? Buffer.alloc(0), data]));
    at += 12 + length;
  }
  return chunks;
}

function paeth(left: number, above: number, corner: number): number {
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(left + above - corner - value));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** What each filter adds to a byte. */
const FILTERS = [
  () => 0,
  (left: number) => left,
  (_: number, above: number) => above,
  (left: number, above: number) => (left + above) >> 1,
  paeth,
];

function unfilter(packed: Buffer, width: number, height: number): Uint8Array {
  const row = width * CHANNELS;
  const out = new Uint8Array(row * height);
  const byte = (x: number, y: number) => (x < 0 || y < 0 ? 0 : out[y * row + x]);
  for (let y = 0; y < height; y++) {
    const line = y * (row + 1);
    const predict = FILTERS[packed[line]];
    for (let x = 0; x < row; x++) {
      const left = x - CHANNELS;
      out[y * row + x] = packed[line + 1 + x] + predict(byte(left, y), byte(x, y - 1), byte(left, y - 1));
    }
  }
  return out;
}

/** @throws Error for any other file */
export function readPng(png: Buffer): Pixels {
  if (png.toString('hex', 0, 8) !== SIGNATURE) throw new Error('no PNG');
  const chunks = chunksOf(png);
  const [head, data] = [chunks.get('IHDR'), chunks.get('IDAT')];
  if (!head || !data || head.toString('hex', 8) !== '0806000000') throw new Error('not RGBA of eight bits');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const pixels = unfilter(inflateSync(data), width, height);
  return {
    width,
    height,
    at(x, y) {
      const start = (y * width + x) * CHANNELS;
      return `#${Buffer.from(pixels.subarray(start, start + 3)).toString('hex')}`;
    },
  };
}
