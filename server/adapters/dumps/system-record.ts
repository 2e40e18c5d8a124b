import { parse } from 'csv-parse/sync';
import { decodeNumber } from '../../domain/dump-format.ts';
import { cellStart, QUOTE, readText } from './cells.ts';
import type { RejectList } from './rejects.ts';
import { excerpt } from './rejects.ts';
import type { SystemPlan } from './system-plan.ts';

/** The one record of a system file, by column names. A cell that is empty, absent or damaged is `null`. */
export interface SystemRecord {
  text(name: string): string | null;
  number(name: string, scale?: number): number | null;
  instant(name: string): number | null;
  /** Whether the column is in the header, and its cell was lost or cannot be read. */
  isDamaged(name: string): boolean;
  complain(name: string, reason: string): void;
}

const LONGEST_TEXT = 1024;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/** A line → its cells, a character per byte; `null` where it is not CSV. */
export function splitRecord(line: Buffer): readonly string[] | null {
  if (!line.includes(QUOTE)) return line.toString('latin1').split(',');
  try {
    const options = { encoding: 'latin1', record_delimiter: '\n', relax_column_count: true } as const;
    return parse(line, options)[0] ?? null;
  } catch {
    return null;
  }
}

/** ISO 8601 UTC → epoch ms; `null` for a day that does not exist (`Date` takes 30 February for 1 March). */
function readInstant(text: string): number | null {
  const t = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(t) && new Date(t).toISOString().startsWith(text.slice(0, 19)) ? t : null;
}

function readNumber(cell: string, scale: number): number | null {
  const value = decodeNumber(cell, scale);
  return value === null || cell.startsWith('-') ? null : value;
}

function readShortText(cell: string): string | null {
  return cell.length > LONGEST_TEXT ? null : readText(Buffer.from(cell, 'latin1'), false);
}

/** @param lineNumber of the record in its file, for rejects */
export function openSystemRecord(
  { positions }: SystemPlan,
  line: Buffer,
  cells: readonly string[],
  lineNumber: number,
  rejects: RejectList,
): SystemRecord {
  const damaged = new Set<string>();

  function complain(name: string, reason: string): void {
    damaged.add(name);
    rejects.add(lineNumber, {
      column: cellStart(line, positions.get(name) ?? 0) + 1,
      reason: `${name} ${reason}`,
    });
  }

  function readCell<Value>(name: string, read: (cell: string) => Value | null, reason: string): Value | null {
    const position = positions.get(name);
    if (position === undefined) return null;
    const cell = cells[position];
    if (cell === undefined) damaged.add(name);
    if (!cell) return null;
    const value = read(cell);
    if (value === null) complain(name, `${reason}: ${excerpt(cell)}`);
    return value;
  }

  return {
    text: (name) => readCell(name, readShortText, 'is too long'),
    number: (name, scale = 1) => readCell(name, (cell) => readNumber(cell, scale), 'is not a proper number'),
    instant: (name) => readCell(name, readInstant, 'is not an instant in UTC'),
    isDamaged: (name) => damaged.has(name),
    complain,
  };
}
