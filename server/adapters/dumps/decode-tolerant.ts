import { parse } from 'csv-parse/sync';
import { decodeNumber } from '../../domain/dump-format.ts';
import { COMMA, cellEnd, cellStart, QUOTE, readText } from './cells.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import type { Complaint } from './rejects.ts';
import { excerpt } from './rejects.ts';
import type { TableBuilder } from './table-builder.ts';
import { storeNumber, storeText } from './table-builder.ts';

/** What is told of csv-parse's own errors; it reads one line at a time, so none costs a neighbour. */
const CSV_REASONS = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed on its line',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside an unquoted cell',
} as const;

function reasonOfCode(code: string): string {
  return (CSV_REASONS as Readonly<Record<string, string>>)[code] ?? 'is not CSV';
}

function isCsvError(error: unknown): error is Error & { code: string; column: number } {
  return error instanceof Error && 'code' in error && 'column' in error;
}

/** What is wrong with the quotes of a line, as csv-parse would say it at fifty times the cost. */
function complainOfQuotes(line: Buffer): Complaint | null {
  for (let start = 0; start <= line.length; ) {
    const end = cellEnd(line, start, line.length);
    if (end < 0) return { column: start + 1, reason: reasonOfQuotes(line, start) };
    start = end + 1;
  }
  return null;
}

function reasonOfQuotes(line: Buffer, start: number): string {
  if (line[start] !== QUOTE) return CSV_REASONS.INVALID_OPENING_QUOTE;
  const isClosed = hasClosingQuote(line, start + 1);
  return isClosed ? CSV_REASONS.CSV_INVALID_CLOSING_QUOTE : CSV_REASONS.CSV_QUOTE_NOT_CLOSED;
}

/** Whether a quote that is not doubled comes. */
function hasClosingQuote(line: Buffer, from: number): boolean {
  let at = line.indexOf(QUOTE, from);
  while (at >= 0 && line[at + 1] === QUOTE) at = line.indexOf(QUOTE, at + 2);
  return at >= 0;
}

function splitAtCommas(line: Buffer): readonly Buffer[] {
  const cells: Buffer[] = [];
  let start = 0;
  for (let end = line.indexOf(COMMA); end >= 0; end = line.indexOf(COMMA, start)) {
    cells.push(line.subarray(start, end));
    start = end + 1;
  }
  cells.push(line.subarray(start));
  return cells;
}

/** csv-parse gets what needs it: damage may be all that a file holds, and each call costs some 20 µs. */
function splitCells(line: Buffer): readonly Buffer[] | Complaint {
  return line.includes(QUOTE) ? (complainOfQuotes(line) ?? parseCells(line)) : splitAtCommas(line);
}

/** One line → the bytes of its cells. `encoding: null` leaves them bytes: the text may not be UTF-8. */
function parseCells(line: Buffer): readonly Buffer[] | Complaint {
  const options = { encoding: null, record_delimiter: '\n', relax_column_count: true } as const;
  try {
    return (parse(line, options) as unknown as Buffer[][])[0] ?? [];
  } catch (error) {
    if (!isCsvError(error)) throw error;
    return { column: cellStart(line, error.column) + 1, reason: reasonOfCode(error.code) };
  }
}

function complainOfCount(line: Buffer, cells: number, columns: number): Complaint {
  const column = (cells < columns ? line.length : cellStart(line, columns)) + 1;
  return { column, reason: `has ${cells} cells, the header has ${columns}` };
}

/** What is wrong with a line before its cells are looked at. Cheap: damage may be all that a file holds. */
function complainOfLine(line: Buffer, columns: number): Complaint | null {
  const zero = line.indexOf(0);
  if (zero >= 0) return { column: zero + 1, reason: 'holds a zero byte' };
  let cells = 1;
  for (const byte of line) if (byte === COMMA) cells++;
  const wrong = cells < columns || (cells > columns && !line.includes(QUOTE));
  return wrong ? complainOfCount(line, cells, columns) : null;
}

const DIGITS = /^-?\d+(?:\.\d+)?$/;

/** A cell → a number of the metric's unit, or what is wrong with it. */
function acceptNumber(cell: string, column: LayoutColumn): number | string {
  const { name, scale } = column;
  const value = decodeNumber(cell, scale);
  if (value === null)
    return `${name} ${DIGITS.test(cell) ? 'is too large' : 'is not a number'}: ${excerpt(cell)}`;
  if (Number.isNaN(value)) return column.nullable ? value : `${name} is empty`;
  if (cell.startsWith('-')) return `${name} is negative: ${excerpt(cell)}`;
  if (column.decimals === 0 && !Number.isInteger(Number(cell)))
    return `${name} is not whole: ${excerpt(cell)}`;
  return value / scale > column.largest ? `${name} is too large: ${excerpt(cell)}` : value;
}

function takeCell(column: LayoutColumn, cell: Buffer, table: TableBuilder, literal: boolean): string | null {
  if (column.kind === 'text') storeText(table, column.slot, readText(cell, literal));
  if (column.kind !== 'number') return null;
  const value = acceptNumber(cell.toString('utf8'), column);
  if (typeof value === 'string') return value;
  storeNumber(table, column.slot, value);
  return null;
}

/**
 * Decodes one line, without its line end, into row `table.count`: whatever CSV allows.
 * @param isOracle every line by csv-parse
 * @returns what is wrong with it; `null` where the row is complete
 */
export function decodeTolerant(
  layout: Layout,
  table: TableBuilder,
  line: Buffer,
  isOracle = false,
): Complaint | null {
  const { columns, format } = layout;
  table.rowCharacters = 0;
  const early = complainOfLine(line, columns.length);
  if (early) return early;
  const cells = isOracle ? parseCells(line) : splitCells(line);
  if (!('length' in cells)) return cells;
  if (cells.length !== columns.length) return complainOfCount(line, cells.length, columns.length);
  for (const [index, column] of columns.entries()) {
    const reason = takeCell(column, cells[index], table, format === 'seed');
    if (reason) return { column: cellStart(line, index) + 1, reason };
  }
  return null;
}
