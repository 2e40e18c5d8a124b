import { parse } from 'csv-parse/sync';
import type { Caps } from './caps.ts';
import { COMMA } from './cells.ts';
import type { Complaint } from './rejects.ts';
import { excerpt } from './rejects.ts';

/** A header's column names in order, or why the file is refused. */
export type Header = { readonly names: readonly string[] } | { readonly refusal: Complaint };

function refuse(reason: string, column: number | null = null): { readonly refusal: Complaint } {
  return { refusal: { column, reason } };
}

function withoutMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}

/** Why these bytes are not a line of UTF-8 text; `null` where they may be. */
function foreignEncoding(line: Buffer): string | null {
  const mark = line.length >= 2 ? line.readUInt16BE(0) : 0;
  const isWide =
    mark === 0xfffe || mark === 0xfeff || (line.length >= 2 && line[0] !== line[1] && mark < 0x100);
  const isWideLittleEndian =
    line.length >= 4 && line[0] !== 0 && line[1] === 0 && line[2] !== 0 && line[3] === 0;
  if (isWide || isWideLittleEndian) return 'is UTF-16 text; a dump is UTF-8';
  return line.includes(0) ? 'holds zero bytes in its header' : null;
}

function countCommas(line: Buffer): number {
  let count = 0;
  for (const byte of line) if (byte === COMMA) count++;
  return count;
}

function parseNames(line: Buffer): readonly string[] | null {
  try {
    const [names] = parse(line, { record_delimiter: '\n', relax_column_count: true });
    return names ?? null;
  } catch {
    return null;
  }
}

/** Reads the first line of a dump, without its line end. */
export function readHeader(line: Buffer, caps: Caps): Header {
  const foreign = foreignEncoding(line);
  if (foreign) return refuse(foreign);
  const text = withoutMark(line);
  if (text.length === 0) return refuse('has no header');
  if (countCommas(text) >= caps.columns) return refuse(`has more than ${caps.columns} columns`);
  const names = parseNames(text);
  if (!names) return refuse('has a header that is not CSV');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? { names } : refuse(`has the column ${excerpt(twice)} twice`);
}
