import { crc32 } from 'node:zlib';
import type { Column, DumpFormat } from '../server/domain/dump-format.ts';
import {
  encodeCell,
  encodeNumber,
  encodeSystemFile,
  processColumns,
  SEED_SYSTEM_COLUMNS,
} from '../server/domain/dump-format.ts';
import { formatInstant } from '../server/domain/stamp.ts';
import { escapeText } from '../server/domain/text-notation.ts';
import type { LineBuffer } from './line-buffer.ts';
import { openLineBuffer } from './line-buffer.ts';
import type { ProcessRecord, RecordLayout } from './record-layout.ts';
import { slotOf } from './record-layout.ts';
import type { TakenSample } from './take-sample.ts';

/**
 * Samples → the bytes of dumps. A line in which nothing has changed is copied from the file before; where that
 * holds for its neighbours too, all of them at once.
 */
export interface ProcessEncoder {
  /** @returns the file's bytes, which stay as they are until this is called for the second time from now */
  encode(records: readonly ProcessRecord[]): Buffer;
}

/** What the commit record tells beside the kernel's figures. */
export interface RecordingFacts {
  /** The sample's instant, epoch ms. */
  readonly t: number;
  /** `null` where it is not known: a single sample. */
  readonly intervalSeconds: number | null;
  readonly overrunSeconds: number;
  readonly label: string | null;
  readonly recorderPid: number;
  readonly recorderVersion: string;
  /** How commands are redacted. */
  readonly commandMode: string;
}

interface CellPlan {
  readonly column: Column<string>;
  readonly slot: number;
  readonly isText: boolean;
}

const KIB_IN_MIB = 1024;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

function cellPlans(format: DumpFormat, layout: RecordLayout): readonly CellPlan[] {
  return processColumns(format, layout.metrics).map((column) => {
    const isText = layout.textSlots.has(column.id);
    return { column, isText, slot: slotOf(isText ? layout.textSlots : layout.numberSlots, column.id) };
  });
}

function putNumber(out: LineBuffer, value: number, column: Column<string>): void {
  const whole = column.decimals === 0 ? Math.floor(value / column.scale) : -1;
  if (whole >= 0) out.putDigits(whole);
  else out.putText(encodeNumber(value, column));
}

function putCell(out: LineBuffer, { column, slot, isText }: CellPlan, record: ProcessRecord): void {
  if (isText) out.putText(encodeCell(record.texts[slot]));
  else putNumber(out, record.numbers[slot], column);
}

/** The seed format has no COMM: a process without a command is named as ps names it, `[kthreadd]`. */
function encodeSeedCommand(record: ProcessRecord, commSlot: number, cmdSlot: number): string {
  const comm = record.texts[commSlot];
  return encodeCell(record.texts[cmdSlot] || (comm === null ? null : `[${comm}]`));
}

type PutCells = (out: LineBuffer, record: ProcessRecord) => void;

function putCells(plans: readonly CellPlan[]): PutCells {
  return (out, record) => {
    for (let k = 0; k < plans.length; k++) {
      if (k > 0) out.putByte(COMMA);
      putCell(out, plans[k], record);
    }
  };
}

function lineOf(format: DumpFormat, layout: RecordLayout, plans: readonly CellPlan[]): PutCells {
  if (format === 'v2') return putCells(plans);
  const comm = slotOf(layout.textSlots, 'comm');
  const cmd = slotOf(layout.textSlots, 'cmd');
  const putOthers = putCells(plans.slice(0, -1));
  return (out, record) => {
    putOthers(out, record);
    out.putByte(COMMA);
    out.putText(encodeSeedCommand(record, comm, cmd));
  };
}

/** Lines of the file before that are to be copied together. */
interface Run {
  start: number;
  end: number;
}

interface Files {
  /** Counts files from 1. */
  number: number;
  before: LineBuffer;
  out: LineBuffer;
  readonly run: Run;
}

function copyRun({ run, before, out }: Files): void {
  if (run.end > run.start) out.putFrom(before, run.start, run.end);
  run.start = run.end;
}

function keepLine(files: Files, { line }: ProcessRecord): void {
  const { run, out, number } = files;
  if (line.start !== run.end) {
    copyRun(files);
    run.start = line.start;
  }
  run.end = line.end;
  const moved = out.length - run.start;
  line.start += moved;
  line.end += moved;
  line.file = number;
}

function encodeLine(files: Files, record: ProcessRecord, putLine: PutCells): void {
  const { out, number } = files;
  copyRun(files);
  record.line.start = out.length;
  putLine(out, record);
  out.putByte(NEWLINE);
  record.line.end = out.length;
  record.line.file = number;
  record.isChanged = false;
}

function beginFile(files: Files, header: string): void {
  [files.before, files.out] = [files.out, files.before];
  files.number++;
  files.run.start = 0;
  files.run.end = 0;
  files.out.clear();
  files.out.putText(header);
}

/** Process files of one format: a header, then a line a record, in the order given. */
export function openProcessEncoder(format: DumpFormat, layout: RecordLayout): ProcessEncoder {
  const plans = cellPlans(format, layout);
  const putLine = lineOf(format, layout, plans);
  const header = `${plans.map(({ column }) => column.name).join(',')}\n`;
  const files: Files = {
    number: 0,
    before: openLineBuffer(),
    out: openLineBuffer(),
    run: { start: 0, end: 0 },
  };
  return {
    encode(records) {
      beginFile(files, header);
      for (const record of records)
        if (record.isChanged || record.line.file !== files.number - 1) encodeLine(files, record, putLine);
        else keepLine(files, record);
      copyRun(files);
      return files.out.view();
    },
  };
}

function bootTime(t: number, uptimeSeconds: number | null): string | null {
  return uptimeSeconds === null ? null : formatInstant(Math.round(t - uptimeSeconds * 1000));
}

/** The system file of ours, which commits the pair: rows and CRC-32 of the process file as it was written. */
export function encodeV2System(sample: TakenSample, processFile: Buffer, facts: RecordingFacts): Buffer {
  const { system, processes } = sample;
  const cells: (readonly [string, string | number | null])[] = [
    ['TIMESTAMP', formatInstant(facts.t)],
    ['HOST', escapeText(system.host)],
    ['BOOT_ID', system.bootId],
    ['BOOT_TIME', bootTime(facts.t, system.uptimeSeconds)],
    ['UPTIME_S', system.uptimeSeconds?.toFixed(2) ?? null],
    ['CLK_TCK', system.clockTicks],
    ['INTERVAL_S', facts.intervalSeconds],
    ['PROC_ROWS', processes.records.length],
    ['PROC_CRC32', crc32(processFile).toString(16).padStart(8, '0')],
    ...system.figures,
    ['RECORDER_PID', facts.recorderPid],
    ['RECORDER_VERSION', facts.recorderVersion],
    ['CMD_MODE', facts.commandMode],
    ['VANISHED', processes.vanished],
    ['UNREADABLE', processes.unreadable],
    ['OVERRUN_S', facts.overrunSeconds],
    ['LABEL', facts.label === null ? null : escapeText(facts.label)],
  ];
  return Buffer.from(encodeSystemFile(new Map(cells)));
}

/** The predecessor's system file: whole MiB, counts as they are; empty where the kernel lacks a figure. */
export function encodeSeedSystem({ system }: TakenSample): Buffer {
  const cells = SEED_SYSTEM_COLUMNS.map((column): [string, string | number | null] => {
    if (!column.endsWith('_MB')) return [column, system.figures.get(column) ?? null];
    const kib = system.figures.get(column.replace(/_MB$/, '_KB'));
    return [column, kib === undefined ? null : Math.floor(Number(kib) / KIB_IN_MIB)];
  });
  return Buffer.from(encodeSystemFile(new Map(cells)));
}
