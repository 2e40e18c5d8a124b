import { crc32 } from 'node:zlib';
import type { LineCount, Reject } from '../../application/dump-ports.ts';
import type { DumpFormat } from '../../domain/dump-format.ts';
import { NUMBER_COLUMNS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import type { Caps } from './caps.ts';
import { sizeText } from './caps.ts';
import { lineEnd, NEWLINE, viewLines } from './cells.ts';
import { decodeFast } from './decode-fast.ts';
import { decodeTolerant } from './decode-tolerant.ts';
import type { LayoutCache, ReadingPlan } from './layout-cache.ts';
import type { LineBlocks, LineSink } from './line-blocks.ts';
import { endLines, openLineBlocks, pushLines } from './line-blocks.ts';
import type { Complaint, RejectList } from './rejects.ts';
import { openRejectList } from './rejects.ts';
import type { TableBuilder } from './table-builder.ts';
import { emptyTable, finishTable, growTable, numberIn, prepareTable, rowBytes } from './table-builder.ts';

export interface DecodedProcesses {
  /** `null` where the file as a whole was refused. */
  readonly table: ProcessTable | null;
  readonly format: DumpFormat;
  readonly lines: LineCount;
  readonly rejects: readonly Reject[];
  /** Whether rows were left out because those before them took all the memory that a file may take. */
  readonly isFull: boolean;
  /** CRC-32 of all bytes that came. */
  readonly crc: number;
}

export interface ProcessDecoderOptions {
  /** How rejects name the file. */
  readonly file: string;
  /** What the file's name says of its format. */
  readonly format: DumpFormat;
  readonly caps: Caps;
  readonly layouts: LayoutCache;
  /** About how many bytes will come. */
  readonly expectedBytes?: number;
  /** Memory to fill again; `null`: none. */
  readonly spare?: TableBuilder | null;
  /** Every line by csv-parse: the fast decoder's oracle. */
  readonly tolerantOnly?: boolean;
}

/** A process file that is being decoded. */
export interface ProcessDecoder {
  readonly options: ProcessDecoderOptions;
  /** What is filled. */
  readonly table: TableBuilder;
  readonly blocks: LineBlocks;
  readonly rejects: RejectList;
  /** Of the bytes that came. */
  crc: number;
  plan: ReadingPlan | 'refused' | null;
  /** Lines that have been seen, the header included. */
  line: number;
  rejected: number;
  blank: number;
  /** What the rows to come may still take of memory; below 0: there is no room. */
  room: number;
}

const BYTES_PER_ROW = 100;
const MOST_EXPECTED_ROWS = 16_384;
const PID_SLOT = NUMBER_COLUMNS.indexOf('pid');

function rejectLine(decoder: ProcessDecoder, complaint: Complaint): void {
  decoder.rejected++;
  // A refused file is one reject; its lines are only counted.
  if (decoder.plan !== 'refused') decoder.rejects.add(decoder.line, complaint);
}

function keepRow(decoder: ProcessDecoder): void {
  const { table } = decoder;
  const pid = numberIn(table, PID_SLOT);
  if (!table.pids.add(pid)) {
    rejectLine(decoder, { column: 1, reason: `process ${pid} occurs twice in this sample` });
    return;
  }
  // Once full it stays full, and the lines that follow are only counted.
  decoder.room -= rowBytes(table);
  if (decoder.room < 0) rejectLine(decoder, complainOfMemory(decoder.options.caps));
  else table.count++;
}

function complainOfMemory({ tableBytes }: Caps): Complaint {
  const reason = `the rows before it fill ${sizeText(tableBytes)}, the most that a sample may take`;
  return { column: 1, reason };
}

function complainOfLength(decoder: ProcessDecoder): Complaint {
  const cap = decoder.options.caps.lineBytes;
  return { column: cap + 1, reason: `is longer than ${sizeText(cap)}` };
}

/** A line that the fast decoder declined, without its line end. */
function takeLine(decoder: ProcessDecoder, line: Buffer): void {
  const { plan, table, options } = decoder;
  if (line.length === 0) decoder.blank++;
  else if (line.length > options.caps.lineBytes) rejectLine(decoder, complainOfLength(decoder));
  else if (decoder.room < 0) rejectLine(decoder, complainOfMemory(options.caps));
  else if (plan === 'refused' || plan === null) rejectLine(decoder, { column: null, reason: 'refused' });
  else {
    growTable(table);
    const complaint = decodeTolerant(plan.layout, table, line, options.tolerantOnly);
    if (complaint) rejectLine(decoder, complaint);
    else keepRow(decoder);
  }
}

function refuse(decoder: ProcessDecoder, refusal: Complaint): void {
  decoder.rejects.add(null, refusal);
  decoder.plan = 'refused';
}

function complainOfLongHeader(decoder: ProcessDecoder): Complaint {
  return { ...complainOfLength(decoder), column: null };
}

function takeHeader(decoder: ProcessDecoder, header: Buffer): void {
  const { layouts, format, caps } = decoder.options;
  decoder.line = 1;
  const isLong = header.length > caps.lineBytes;
  const plan = isLong ? { refusal: complainOfLongHeader(decoder) } : layouts.planOf(header, format);
  if ('refusal' in plan) refuse(decoder, plan.refusal);
  else {
    decoder.plan = plan;
    prepareTable(decoder.table, plan.layout);
  }
}

function takeFastLines(decoder: ProcessDecoder, block: Buffer, start: number): number {
  const { plan, table, options } = decoder;
  const fast = plan === 'refused' || options.tolerantOnly ? null : plan?.fast;
  const lines = viewLines(block);
  let at = start;
  while (fast && at < block.length && decoder.room >= 0) {
    growTable(table);
    const next = decodeFast(fast, table, lines, at);
    if (next < 0 || next - at > options.caps.lineBytes) break;
    decoder.line++;
    keepRow(decoder);
    at = next;
  }
  return at;
}

function takeBlock(decoder: ProcessDecoder, block: Buffer): void {
  let at = 0;
  if (decoder.plan === null) {
    const newline = block.indexOf(NEWLINE);
    takeHeader(decoder, block.subarray(0, lineEnd(block, 0, newline)));
    at = newline + 1;
  }
  while (at < block.length) {
    at = takeFastLines(decoder, block, at);
    if (at >= block.length) return;
    const newline = block.indexOf(NEWLINE, at);
    decoder.line++;
    takeLine(decoder, block.subarray(at, lineEnd(block, at, newline)));
    at = newline + 1;
  }
}

function takeLongLine(decoder: ProcessDecoder): void {
  decoder.line++;
  if (decoder.plan === null) refuse(decoder, complainOfLongHeader(decoder));
  else rejectLine(decoder, complainOfLength(decoder));
}

function takeRest(decoder: ProcessDecoder, rest: Buffer, isTorn: () => boolean): void {
  if (decoder.plan === null) takeHeader(decoder, rest.subarray(0, lineEnd(rest, 0, rest.length)));
  else if (rest.length > 0) {
    decoder.line++;
    if (isTorn()) rejectLine(decoder, { column: rest.length + 1, reason: 'cut off: no end of line' });
    else takeLine(decoder, rest.subarray(0, lineEnd(rest, 0, rest.length)));
  }
}

const LINES: LineSink<ProcessDecoder> = { takeBlock, takeLongLine };

/** Decodes a process file as its bytes come. Nothing that it holds makes it throw. */
export function openProcessDecoder(options: ProcessDecoderOptions): ProcessDecoder {
  const expectedRows = Math.ceil((options.expectedBytes ?? 0) / BYTES_PER_ROW);
  return {
    options,
    table: emptyTable(options.spare ?? null, Math.min(expectedRows, MOST_EXPECTED_ROWS)),
    blocks: openLineBlocks(options.caps.lineBytes),
    rejects: openRejectList(options.file, options.caps.rejects),
    crc: 0,
    plan: null,
    line: 0,
    rejected: 0,
    blank: 0,
    room: options.caps.tableBytes,
  };
}

export function pushBytes(decoder: ProcessDecoder, bytes: Buffer): void {
  decoder.crc = crc32(bytes, decoder.crc);
  pushLines(decoder.blocks, bytes, LINES, decoder);
}

function formatOf({ plan, options }: ProcessDecoder): DumpFormat {
  return plan === 'refused' || plan === null ? options.format : plan.layout.format;
}

/** @param isTorn whether a last line without its end, in a file of this format and CRC, is a cut one */
export function endDecoding(
  decoder: ProcessDecoder,
  isTorn: (format: DumpFormat, crc: number) => boolean,
): DecodedProcesses {
  const { table, crc } = decoder;
  takeRest(decoder, endLines(decoder.blocks, LINES, decoder), () => isTorn(formatOf(decoder), crc));
  const { plan } = decoder;
  return {
    table: plan === 'refused' || plan === null ? null : finishTable(table),
    format: formatOf(decoder),
    lines: { accepted: table.count, rejected: decoder.rejected, blank: decoder.blank },
    rejects: decoder.rejects.list(),
    isFull: decoder.room < 0,
    crc,
  };
}
