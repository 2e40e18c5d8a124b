import { parse } from 'csv-parse/sync';
import { decodeNumber } from '../../domain/dump-format.ts';
import { cellStart, QUOTE, readText } from './cells.ts';
import type { RejectList } from './rejects.ts';
import { excerpt } from './rejects.ts';
import type { SystemPlan } from './system-plan.ts';

/** The one record of a system file. A cell that is empty, absent or damaged is `null`. */
export interface SystemRecord {
  readonly plan: SystemPlan;
  readonly line: Buffer;
  readonly cells: readonly string[];
  /** Of the record in its file, for rejects. */
  readonly lineNumber: number;
  readonly rejects: RejectList;
  /** Columns of the header whose cell was lost or cannot be read. */
  readonly damaged: Set<string>;
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

export function complainOf(
  { plan, line, lineNumber, rejects, damaged }: SystemRecord,
  name: string,
  reason: string,
): void {
  damaged.add(name);
  const column = cellStart(line, plan.positions.get(name) ?? 0) + 1;
  rejects.add(lineNumber, { column, reason: `${name} ${reason}` });
}

/** What stands in a column; `null`: nothing. */
function cellOf({ plan, cells, damaged }: SystemRecord, name: string): string | null {
  const position = plan.positions.get(name);
  if (position === undefined) return null;
  const cell = cells[position];
  if (cell === undefined) damaged.add(name);
  return cell ? cell : null;
}

function checked<Value>(
  record: SystemRecord,
  name: string,
  cell: string,
  value: Value | null,
  reason: string,
): Value | null {
  if (value === null) complainOf(record, name, `${reason}: ${excerpt(cell)}`);
  return value;
}

export function textOf(record: SystemRecord, name: string): string | null {
  const cell = cellOf(record, name);
  return cell === null ? null : checked(record, name, cell, readShortText(cell), 'is too long');
}

export function numberOf(record: SystemRecord, name: string, scale = 1): number | null {
  const cell = cellOf(record, name);
  if (cell === null) return null;
  return checked(record, name, cell, readNumber(cell, scale), 'is not a proper number');
}

export function instantOf(record: SystemRecord, name: string): number | null {
  const cell = cellOf(record, name);
  return cell === null ? null : checked(record, name, cell, readInstant(cell), 'is not an instant in UTC');
}
