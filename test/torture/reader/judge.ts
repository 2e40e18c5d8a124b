import type { ReadDump, Reject } from '../../../server/application/dump-ports.ts';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../server/domain/metrics.ts';
import type { ProcessTable } from '../../../server/domain/sample.ts';
import { decode } from '../../server/adapters/dumps/process-files.ts';
import type { Pair } from './pairs.ts';

/**
 * What must hold of any reading of anything. It goes by the bytes alone and shares no line with the reader, but for
 * the rows that intact lines give, which are those of the intact file.
 */

/** A table's columns by position: half a million readings are compared row by row. */
interface Columns {
  readonly numbers: readonly Float64Array[];
  readonly texts: readonly (readonly (string | null)[])[];
}

interface Row {
  readonly columns: Columns;
  readonly row: number;
}

interface KnownFile {
  /** The row that a line is wherever it stands. */
  readonly rows: Map<string, Row>;
  /** As they stand in the longest file of this header: most lines of a damaged one are still there. */
  order: readonly string[];
}

/** By header. */
export type KnownLines = ReadonlyMap<string, KnownFile>;

export interface Damaged {
  /** The process file's text as it is now. */
  readonly process: Buffer;
  readonly known: KnownLines;
  /** Whether the commit record is of another process file. */
  readonly isToBeTold: boolean;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

interface Lines {
  readonly header: string;
  /** Those after the header. */
  readonly lines: readonly string[];
}

function linesOf(bytes: Buffer): Lines {
  const [header, ...lines] = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { header: withoutReturn(header), lines: lines.map(withoutReturn) };
}

/** @throws Error where an intact pair is not read whole: nothing could be judged by it */
export function knowLines(pairs: readonly Pair[]): KnownLines {
  const known = new Map<string, KnownFile>();
  for (const { process, format } of pairs) {
    const { table, rejects } = decode(process, { format });
    const { header, lines } = linesOf(process);
    if (table?.count !== lines.length || rejects.length > 0) throw new Error('an intact pair has rejects');
    const file = known.get(header) ?? { rows: new Map(), order: [] };
    if (lines.length > file.order.length) file.order = lines;
    const columns = columnsOf(table);
    for (const [row, line] of lines.entries()) file.rows.set(line, { columns, row });
    known.set(header, file);
  }
  return known;
}

function columnsOf({ numbers, texts }: ProcessTable): Columns {
  return { numbers: NUMBER_COLUMNS.map((id) => numbers[id]), texts: TEXT_COLUMNS.map((id) => texts[id]) };
}

function isSameRow(one: Columns, row: number, other: Columns, otherRow: number): boolean {
  for (let k = 0; k < one.numbers.length; k++)
    if (!Object.is(one.numbers[k][row], other.numbers[k][otherRow])) return false;
  for (let k = 0; k < one.texts.length; k++) if (one.texts[k][row] !== other.texts[k][otherRow]) return false;
  return true;
}

/** Whether the other table begins with the rows of the one. */
export function beginsWith(other: ProcessTable, one: ProcessTable): boolean {
  const [found, expected] = [columnsOf(one), columnsOf(other)];
  for (let row = 0; row < one.count; row++) if (!isSameRow(found, row, expected, row)) return false;
  return true;
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const PID = NUMBER_COLUMNS.indexOf('pid');
const NEVER_UNKNOWN = [PID, NUMBER_COLUMNS.indexOf('rss_bytes')];
const LONGEST_REASON = 1000;

function judgeValues({ columns, row }: Row): readonly string[] {
  const numbers = columns.numbers.map((column) => column[row]);
  const texts = columns.texts.map((column) => column[row]);
  const faults: string[] = [];
  if (numbers.some((value) => value === Number.POSITIVE_INFINITY || value < 0 || Object.is(value, -0)))
    faults.push(`row ${row} holds a number that is none: ${numbers}`);
  if (NEVER_UNKNOWN.some((at) => Number.isNaN(numbers[at])))
    faults.push(`row ${row} lacks what every row has`);
  if (texts.some((text) => text === '' || (text !== null && CONTROL.test(text))))
    faults.push(`row ${row} holds a text that is no dump notation: ${JSON.stringify(texts)}`);
  return faults;
}

const PROCESS_FILE = /^process_mem_\d{8}_\d{6}Z?\.csv(?:\.gz)?$/;
const SYSTEM_FILE = /^sys_mem_\d{8}_\d{6}Z?\.csv$/;

function judgeReject({ file, line, column, reason }: Reject, lines: readonly string[]): readonly string[] {
  const faults: string[] = [];
  const isOfProcess = PROCESS_FILE.test(file);
  if (!isOfProcess && !SYSTEM_FILE.test(file)) faults.push(`a reject names the file ${JSON.stringify(file)}`);
  if (reason === '' || reason.length > LONGEST_REASON || CONTROL.test(reason))
    faults.push(`a reject gives the reason ${JSON.stringify(reason)}`);
  if (!isOfProcess || line === null) return faults;
  const text = lines[line - 2];
  // A carriage return before the cut or the line end may be counted or not.
  if (text === undefined || column === null || column < 1 || column > text.length + 2)
    faults.push(`a reject is at ${line}:${column}, where nothing is`);
  return faults;
}

/** Every line that is not rejected is a row, in order; one that is known is the row that it was. */
function judgeRows(
  table: ProcessTable,
  rejects: readonly Reject[],
  { header, lines }: Lines,
  knownLines: KnownLines,
): readonly string[] {
  const known = knownLines.get(header.replace(/^\xef\xbb\xbf/, ''));
  const rejected = new Map(
    rejects.filter(({ file }) => PROCESS_FILE.test(file)).map((reject) => [reject.line, reject]),
  );
  const columns = columnsOf(table);
  const pids = new Set<number>();
  const faults: string[] = [];
  let row = 0;
  for (const [index, line] of lines.entries()) {
    const reject = rejected.get(index + 2);
    const expected = known && rowOf(known, line, index);
    if (reject) faults.push(...judgeRejected(reject, expected, pids));
    if (reject || line === '') continue;
    pids.add(columns.numbers[PID][row]);
    faults.push(...judgeRow({ columns, row: row++ }, expected, index + 2));
  }
  return row === table.count ? faults : [...faults, `${table.count} rows of ${row} lines`];
}

/** The string that was there is found without its hash being made anew. */
function rowOf({ rows, order }: KnownFile, line: string, index: number): Row | undefined {
  return rows.get(order[index] === line ? order[index] : line);
}

function judgeRow(found: Row, expected: Row | undefined, line: number): readonly string[] {
  if (!expected) return judgeValues(found);
  return isSameRow(found.columns, found.row, expected.columns, expected.row)
    ? []
    : [`line ${line} is intact and its row is another`];
}

function judgeRejected(
  reject: Reject,
  expected: Row | undefined,
  pids: ReadonlySet<number>,
): readonly string[] {
  if (!expected || reject.reason.startsWith('cut off')) return [];
  const pid = expected.columns.numbers[PID][expected.row];
  const isTwice = reject.reason.includes('occurs twice') && pids.has(pid);
  return isTwice ? [] : [`line ${reject.line} is intact and rejected: ${reject.reason}`];
}

function judgeTold({ sample, rejects }: ReadDump, damaged: Damaged): readonly string[] {
  if (!damaged.isToBeTold) return [];
  const isTold = rejects.length > 0 && (sample === null || sample.incomplete);
  return isTold ? [] : ['the file is not what its commit record says, and that is not told'];
}

/** @returns what should not be of this reading; empty is good */
export function judge(read: ReadDump, damaged: Damaged): readonly string[] {
  const { accepted, rejected, blank } = read.lines;
  const text = linesOf(damaged.process);
  const { lines } = text;
  const table = read.sample?.processes ?? null;
  const faults: string[] = [];
  if (accepted + rejected + blank !== lines.length)
    faults.push(`${accepted} accepted + ${rejected} rejected + ${blank} blank of ${lines.length} lines`);
  if (accepted !== (table?.count ?? 0)) faults.push(`${accepted} accepted, ${table?.count} rows`);
  for (const reject of read.rejects) faults.push(...judgeReject(reject, lines));
  const told = read.rejects.filter(({ file, line }) => PROCESS_FILE.test(file) && line !== null).length;
  const isCapped = read.rejects.some(({ reason }) => reason.endsWith('more lines were rejected'));
  if (table && !isCapped && told !== rejected) faults.push(`${rejected} lines rejected, ${told} told`);
  if (table && !isCapped) faults.push(...judgeRows(table, read.rejects, text, damaged.known));
  if (Object.keys(Object.prototype).length > 0) faults.push('the prototype of all objects has grown');
  return [...faults, ...judgeTold(read, damaged)];
}
