import type { Reject } from '../../application/dump-ports.ts';
import { DAY_MS } from '../../domain/durations.ts';
import type { SystemRow } from '../../domain/sample.ts';
import type { SystemMetricId } from '../../domain/system-metrics.ts';
import type { Caps } from './caps.ts';
import { lineEnd, NEWLINE } from './cells.ts';
import type { Complaint, RejectList } from './rejects.ts';
import { openRejectList } from './rejects.ts';
import type { SystemPlan, SystemPlanCache } from './system-plan.ts';
import type { SystemRecord } from './system-record.ts';
import { complainOf, instantOf, numberOf, splitRecord, textOf } from './system-record.ts';

/** What a process file should be, by the system file that was written after it. `null`: not told. */
export interface CommitRecord {
  readonly rows: number | null;
  readonly crc: number | null;
  /** It was told, or may have been, but cannot be read. */
  readonly isDamaged: boolean;
}

/** A system row whose instant and host may have to come from the file's name and folder. */
export type DecodedSystemRow = Omit<SystemRow, 't' | 'host'> & {
  readonly t: number | null;
  readonly host: string | null;
};

export interface DecodedSystem {
  /** `null` where nothing of the file could be used. */
  readonly row: DecodedSystemRow | null;
  readonly commit: CommitRecord;
  readonly rejects: readonly Reject[];
}

export interface SystemDecoderOptions {
  /** How rejects name the file. */
  readonly file: string;
  readonly caps: Caps;
  readonly plans: SystemPlanCache;
  /** What the file's name says: the system's instant is checked against it. */
  readonly stampInstant: number;
  /** Whether a last line without its end is a cut one. */
  readonly isTornWithoutEnd: boolean;
}

const CRC = /^[0-9a-f]{8}$/i;
const COMMIT_COLUMNS = ['PROC_ROWS', 'PROC_CRC32'];
const NO_COMMIT: CommitRecord = { rows: null, crc: null, isDamaged: false };

interface Line {
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  readonly hasEnd: boolean;
}

/** The lines that are not blank, the first three of them: header, record, and one too many. */
function firstLines(bytes: Buffer): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let number = 1; start < bytes.length && lines.length < 3; number++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(start, lineEnd(bytes, start, end));
    if (line.length > 0 || number === 1) lines.push({ bytes: line, number, hasEnd: newline >= 0 });
    start = end + 1;
  }
  return lines;
}

/** The record's cells; of a torn line, those that are whole. */
function recordCells(
  line: Line,
  plan: SystemPlan,
  isTorn: boolean,
  rejects: RejectList,
): readonly string[] | null {
  const cells = splitRecord(line.bytes);
  const column = line.bytes.length + 1;
  if (isTorn) {
    rejects.add(line.number, { column, reason: 'cut off: no end of line' });
    return cells && cells.length <= plan.size ? cells.slice(0, -1) : null;
  }
  if (cells?.length === plan.size) return cells;
  const reason = cells ? `has ${cells.length} cells, the header has ${plan.size}` : 'is not CSV';
  rejects.add(line.number, { column: cells ? column : null, reason });
  return null;
}

/** A recorder writes both columns or none: where one of them is not there, its name was damaged. */
function lackingColumn({ positions }: SystemPlan): string | undefined {
  const lacking = COMMIT_COLUMNS.filter((name) => !positions.has(name));
  return lacking.length === COMMIT_COLUMNS.length ? undefined : lacking[0];
}

function readCommit(
  record: SystemRecord,
  plan: SystemPlan,
  isTorn: boolean,
  rejects: RejectList,
): CommitRecord {
  const lacking = lackingColumn(plan);
  if (lacking) rejects.add(null, { column: null, reason: `lacks the column ${lacking}` });
  const rows = numberOf(record, 'PROC_ROWS');
  const crc = textOf(record, 'PROC_CRC32');
  const isCrc = crc === null || CRC.test(crc);
  if (!isCrc) complainOf(record, 'PROC_CRC32', 'is not eight hexadecimal digits');
  return {
    rows,
    crc: crc !== null && isCrc ? Number.parseInt(crc, 16) : null,
    isDamaged: isTorn || lacking !== undefined || COMMIT_COLUMNS.some((name) => record.damaged.has(name)),
  };
}

function readValues(record: SystemRecord, plan: SystemPlan): SystemRow['values'] {
  const values: Partial<Record<SystemMetricId, number>> = {};
  for (const { id, name, scale } of plan.metrics) {
    const value = numberOf(record, name, scale);
    if (value !== null) values[id] = value;
  }
  return values;
}

function readInstantOf(record: SystemRecord, stampInstant: number): number | null {
  const t = instantOf(record, 'TIMESTAMP');
  if (t !== null && Math.abs(t - stampInstant) > DAY_MS) {
    const stamp = new Date(stampInstant).toISOString();
    complainOf(record, 'TIMESTAMP', `is more than a day from the file's name, which says ${stamp}`);
  }
  return t;
}

function readClockTicks(record: SystemRecord): number | null {
  const ticks = numberOf(record, 'CLK_TCK');
  if (ticks === 0) complainOf(record, 'CLK_TCK', 'is 0');
  return ticks === 0 ? null : ticks;
}

function readRow(record: SystemRecord, plan: SystemPlan, stampInstant: number): DecodedSystemRow {
  return {
    t: readInstantOf(record, stampInstant),
    host: textOf(record, 'HOST'),
    bootId: textOf(record, 'BOOT_ID'),
    uptimeSeconds: numberOf(record, 'UPTIME_S'),
    clockTicks: readClockTicks(record),
    intervalSeconds: numberOf(record, 'INTERVAL_S'),
    label: textOf(record, 'LABEL'),
    values: readValues(record, plan),
  };
}

/** Decodes a system file: a header and one record. A cell that cannot be read is unknown and a reject. */
export function decodeSystem(bytes: Buffer, options: SystemDecoderOptions): DecodedSystem {
  const { file, caps, plans, stampInstant } = options;
  const rejects = openRejectList(file, caps.rejects);
  const refuse = (complaint: Complaint | null): DecodedSystem => {
    if (complaint) rejects.add(null, complaint);
    return { row: null, commit: NO_COMMIT, rejects: rejects.list() };
  };
  const [header, line, surplus] = firstLines(bytes);
  if (!header) return refuse({ column: null, reason: 'is empty' });
  const plan = plans.planOf(header.bytes);
  if ('refusal' in plan) return refuse(plan.refusal);
  if (!line) return refuse({ column: null, reason: 'has no record' });
  const isTorn = options.isTornWithoutEnd && !line.hasEnd;
  const cells = recordCells(line, plan, isTorn, rejects);
  if (!cells) return refuse(null);
  if (surplus) rejects.add(surplus.number, { column: null, reason: 'a system file has one record only' });
  const record = {
    plan,
    line: line.bytes,
    cells,
    lineNumber: line.number,
    rejects,
    damaged: new Set<string>(),
  };
  const row = readRow(record, plan, stampInstant);
  const commit = readCommit(record, plan, isTorn, rejects);
  return { row, commit, rejects: rejects.list() };
}
