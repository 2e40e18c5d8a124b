import { crc32 } from 'node:zlib';
import type { LineCount, Reject } from '../../application/ports.ts';
import type { DumpFormat } from '../../domain/dump-format.ts';
import { NUMBER_COLUMNS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import type { Caps } from './caps.ts';
import { sizeText } from './caps.ts';
import { lineEnd, NEWLINE } from './cells.ts';
import { decodeFast } from './decode-fast.ts';
import { decodeTolerant } from './decode-tolerant.ts';
import type { LayoutCache, ReadingPlan } from './layout-cache.ts';
import { openLineBlocks } from './line-blocks.ts';
import type { PidSet } from './pid-set.ts';
import { openPidSet } from './pid-set.ts';
import type { Complaint, RejectList } from './rejects.ts';
import { openRejectList } from './rejects.ts';
import type { TableBuilder } from './table-builder.ts';
import { emptyTable, finishTable, growTable, rowBytes } from './table-builder.ts';

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

export interface ProcessDecoder {
  /** What is filled. */
  readonly table: TableBuilder;
  push(bytes: Buffer): void;
  /** @param isTorn whether a last line without its end, in a file of this format and CRC, is a cut one */
  end(isTorn: (format: DumpFormat, crc: number) => boolean): DecodedProcesses;
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

interface Progress {
  readonly options: ProcessDecoderOptions;
  readonly table: TableBuilder;
  readonly pids: PidSet;
  readonly rejects: RejectList;
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

function rejectLine(progress: Progress, complaint: Complaint): void {
  progress.rejected++;
  // A refused file is one reject; its lines are only counted.
  if (progress.plan !== 'refused') progress.rejects.add(progress.line, complaint);
}

function keepRow(progress: Progress): void {
  const { table, pids } = progress;
  const pid = table.numbers[PID_SLOT][table.count];
  if (!pids.add(pid)) {
    rejectLine(progress, { column: 1, reason: `process ${pid} occurs twice in this sample` });
    return;
  }
  // Once full it stays full, and the lines that follow are only counted.
  progress.room -= rowBytes(table);
  if (progress.room < 0) rejectLine(progress, complainOfMemory(progress.options.caps));
  else table.count++;
}

function complainOfMemory({ tableBytes }: Caps): Complaint {
  const reason = `the rows before it fill ${sizeText(tableBytes)}, the most that a sample may take`;
  return { column: 1, reason };
}

function complainOfLength(progress: Progress): Complaint {
  const cap = progress.options.caps.lineBytes;
  return { column: cap + 1, reason: `is longer than ${sizeText(cap)}` };
}

/** A line that the fast decoder declined, without its line end. */
function takeLine(progress: Progress, line: Buffer): void {
  const { plan, table, options } = progress;
  if (line.length === 0) progress.blank++;
  else if (line.length > options.caps.lineBytes) rejectLine(progress, complainOfLength(progress));
  else if (progress.room < 0) rejectLine(progress, complainOfMemory(options.caps));
  else if (plan === 'refused' || plan === null) rejectLine(progress, { column: null, reason: 'refused' });
  else {
    growTable(table);
    const complaint = decodeTolerant(plan.layout, table, line, options.tolerantOnly);
    if (complaint) rejectLine(progress, complaint);
    else keepRow(progress);
  }
}

function refuse(progress: Progress, refusal: Complaint): void {
  progress.rejects.add(null, refusal);
  progress.plan = 'refused';
}

function complainOfLongHeader(progress: Progress): Complaint {
  return { ...complainOfLength(progress), column: null };
}

function takeHeader(progress: Progress, header: Buffer): void {
  const { layouts, format, caps } = progress.options;
  progress.line = 1;
  const isLong = header.length > caps.lineBytes;
  const plan = isLong ? { refusal: complainOfLongHeader(progress) } : layouts.planOf(header, format);
  if ('refusal' in plan) refuse(progress, plan.refusal);
  else progress.plan = plan;
}

function takeFastLines(progress: Progress, block: Buffer, start: number): number {
  const { plan, table, options } = progress;
  const fast = plan === 'refused' || options.tolerantOnly ? null : plan?.fast;
  let at = start;
  while (fast && at < block.length && progress.room >= 0) {
    growTable(table);
    const next = decodeFast(fast, table, block, at);
    if (next < 0 || next - at > options.caps.lineBytes) break;
    progress.line++;
    keepRow(progress);
    at = next;
  }
  return at;
}

function takeBlock(progress: Progress, block: Buffer): void {
  let at = 0;
  if (progress.plan === null) {
    const newline = block.indexOf(NEWLINE);
    takeHeader(progress, block.subarray(0, lineEnd(block, 0, newline)));
    at = newline + 1;
  }
  while (at < block.length) {
    at = takeFastLines(progress, block, at);
    if (at >= block.length) return;
    const newline = block.indexOf(NEWLINE, at);
    progress.line++;
    takeLine(progress, block.subarray(at, lineEnd(block, at, newline)));
    at = newline + 1;
  }
}

function takeLongLine(progress: Progress): void {
  progress.line++;
  if (progress.plan === null) refuse(progress, complainOfLongHeader(progress));
  else rejectLine(progress, complainOfLength(progress));
}

function takeRest(progress: Progress, rest: Buffer, isTorn: () => boolean): void {
  if (progress.plan === null) takeHeader(progress, rest.subarray(0, lineEnd(rest, 0, rest.length)));
  else if (rest.length > 0) {
    progress.line++;
    if (isTorn()) rejectLine(progress, { column: rest.length + 1, reason: 'cut off: no end of line' });
    else takeLine(progress, rest.subarray(0, lineEnd(rest, 0, rest.length)));
  }
}

function openProgress(options: ProcessDecoderOptions): Progress {
  const expectedRows = Math.ceil((options.expectedBytes ?? 0) / BYTES_PER_ROW);
  return {
    options,
    table: emptyTable(options.spare ?? null, Math.min(expectedRows, MOST_EXPECTED_ROWS)),
    pids: openPidSet(),
    rejects: openRejectList(options.file, options.caps.rejects),
    plan: null,
    line: 0,
    rejected: 0,
    blank: 0,
    room: options.caps.tableBytes,
  };
}

/** Decodes a process file as its bytes come. Nothing that it holds makes it throw. */
export function openProcessDecoder(options: ProcessDecoderOptions): ProcessDecoder {
  const progress = openProgress(options);
  const { table } = progress;
  let crc = 0;
  const blocks = openLineBlocks(options.caps.lineBytes, {
    takeBlock: (block) => takeBlock(progress, block),
    takeLongLine: () => takeLongLine(progress),
  });
  return {
    table,
    push(bytes) {
      crc = crc32(bytes, crc);
      blocks.push(bytes);
    },
    end(isTorn) {
      const plan = () => (progress.plan === 'refused' ? null : progress.plan);
      const format = () => plan()?.layout.format ?? options.format;
      takeRest(progress, blocks.end(), () => isTorn(format(), crc));
      return {
        table: plan() ? finishTable(table) : null,
        format: format(),
        lines: { accepted: table.count, rejected: progress.rejected, blank: progress.blank },
        rejects: progress.rejects.list(),
        isFull: progress.room < 0,
        crc,
      };
    },
  };
}
