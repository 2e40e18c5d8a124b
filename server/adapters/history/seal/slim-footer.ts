import type { SegmentFiles } from './segment-files.ts';
import { readEnd, sizeOf } from './segment-files.ts';

/**
 * Takes the minimum and maximum of columns out of the end of a Parquet file: for each column of each row group they are
 * 50 bytes, which in a small file is as much as its figures, and the engine has no option to leave them out. The end is a
 * Thrift structure in the compact protocol (thrift-compact-protocol.md), of which parts are cut and nothing else changes.
 */

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Where something begins and ends. */
type Cut = readonly [begin: number, end: number];

const STOP = 0;
const [TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT] = [1, 2, 3, 7, 8, 9, 10, 12];
const LONG_LIST = 15;

/** Numbers of fields in parquet.thrift. */
const [ROW_GROUPS, COLUMN_ORDERS, COLUMNS, META_DATA, PATH, STATISTICS] = [4, 7, 1, 3, 3, 12];

function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at++];
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}

/** @param visit reads or skips the item */
function eachItem(cursor: Cursor, visit: (type: number) => void): void {
  const head = cursor.bytes[cursor.at++];
  const count = head >> 4 === LONG_LIST ? readVarint(cursor) : head >> 4;
  for (let item = 0; item < count; item++) visit(head & 15);
}

/** @param visit reads or skips the field, whose head is at `begin` */
function eachField(cursor: Cursor, visit: (id: number, type: number, begin: number) => void): void {
  for (let id = 0; ; ) {
    const begin = cursor.at;
    const head = cursor.bytes[cursor.at++];
    if (head === STOP) return;
    // Zigzag, where it does not follow by so little.
    id = head >> 4 === 0 ? readVarint(cursor) / 2 : id + (head >> 4);
    visit(id, head & 15, begin);
  }
}

/** @throws RangeError for what no footer has */
function skip(cursor: Cursor, type: number): void {
  if (type === STRUCT) eachField(cursor, (_, inner) => skip(cursor, inner));
  else if (type === LIST || type === SET) eachItem(cursor, (inner) => skipItem(cursor, inner));
  else if (type === BINARY) cursor.at = readVarint(cursor) + cursor.at;
  else if (type === DOUBLE) cursor.at += 8;
  else if (type === BYTE) cursor.at++;
  else if (type > BYTE && type < DOUBLE) readVarint(cursor);
  else if (type !== TRUE && type !== FALSE) throw new RangeError(`Thrift type ${type} in a Parquet footer`);
}

/** As `skip`, but for flags, which only in a list take a byte. */
function skipItem(cursor: Cursor, type: number): void {
  skip(cursor, type === TRUE || type === FALSE ? BYTE : type);
}

function readText(cursor: Cursor): string {
  const length = readVarint(cursor);
  cursor.at += length;
  return Buffer.from(cursor.bytes.subarray(cursor.at - length, cursor.at)).toString();
}

/** Reads one structure of a list or field, its fields that `visit` does not know skipped. */
function openFields(
  cursor: Cursor,
  visits: Readonly<Record<number, (type: number, begin: number) => void>>,
): void {
  eachField(cursor, (id, type, begin) => (visits[id] ? visits[id](type, begin) : skip(cursor, type)));
}

/** Skips a field. @returns it, where it is the last: what follows counts from its number */
function cutIfLast(cursor: Cursor, type: number, begin: number): readonly Cut[] {
  skip(cursor, type);
  return cursor.bytes[cursor.at] === STOP ? [[begin, cursor.at]] : [];
}

/** The statistics of a column chunk. */
function cutInChunk(cursor: Cursor, kept: ReadonlySet<string>): readonly Cut[] {
  let cuts: readonly Cut[] = [];
  let name = '';
  openFields(cursor, {
    [META_DATA]: () =>
      openFields(cursor, {
        [PATH]: () => eachItem(cursor, () => (name = readText(cursor))),
        [STATISTICS](type, begin) {
          const cut = cutIfLast(cursor, type, begin);
          if (!kept.has(name)) cuts = cut;
        },
      }),
  });
  return cuts;
}

function cutsIn(footer: Uint8Array, kept: ReadonlySet<string>): readonly Cut[] {
  const cursor = { bytes: footer, at: 0 };
  const cuts: Cut[] = [];
  const readChunk = () => cuts.push(...cutInChunk(cursor, kept));
  openFields(cursor, {
    [ROW_GROUPS]: () =>
      eachItem(cursor, () => openFields(cursor, { [COLUMNS]: () => eachItem(cursor, readChunk) })),
    // By what values are compared in the statistics.
    [COLUMN_ORDERS](type, begin) {
      const cut = cutIfLast(cursor, type, begin);
      if (kept.size === 0) cuts.push(...cut);
    },
  });
  return cuts;
}

/**
 * @param footer the metadata alone, without length and mark
 * @param kept columns whose minimum and maximum stay
 * @throws RangeError where it is no footer
 */
export function withoutStatistics(footer: Uint8Array, kept: ReadonlySet<string>): Buffer {
  const cuts = cutsIn(footer, kept);
  const ends = [...cuts.map(([begin]) => begin), footer.length];
  const begins = [0, ...cuts.map(([, end]) => end)];
  return Buffer.concat(begins.map((begin, at) => footer.subarray(begin, ends[at])));
}

/** What follows the footer: its length, and a mark. */
const [LENGTH, MARK] = [4, 4];

/**
 * Takes the statistics out of a Parquet file.
 * @param kept columns whose minimum and maximum stay
 */
export function slimFooter(files: SegmentFiles, path: string, kept: ReadonlySet<string>): void {
  const before = readEnd(path, LENGTH + MARK).readUInt32LE(0);
  const end = readEnd(path, before + LENGTH + MARK);
  const footer = withoutStatistics(end.subarray(0, before), kept);
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(footer.length);
  files.writeEnd(path, sizeOf(path) - end.length, Buffer.concat([footer, length, end.subarray(-MARK)]));
}
