import { crc32 } from 'node:zlib';
import type { Column, DumpFormat } from '../server/domain/dump-format.ts';
import {
  encodeCell,
  encodeNumber,
  encodeSystemFile,
  processColumns,
  SEED_SYSTEM_COLUMNS,
} from '../server/domain/dump-format.ts';
import type { MetricSource } from '../server/domain/metric.ts';
import { formatInstant } from '../server/domain/stamp.ts';
import { escapeText } from '../server/domain/text-notation.ts';
import type { ProcessRecord, RecordLayout } from './record-layout.ts';
import { slotOf } from './record-layout.ts';
import type { TakenSample } from './take-sample.ts';

/** Samples → the bytes of dumps. Lines are put together from records; their last cells are encoded once each. */
export interface ProcessEncoder {
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
const COMM_FIELD = 2;

/** Whether a text is kept from sample to sample, so that it is worth encoding once. */
function isKept(source: MetricSource | undefined): boolean {
  if (source?.file === 'stat') return source.field === COMM_FIELD;
  return source?.file === 'cgroup' || source?.file === 'cmdline';
}

function cellPlans(format: DumpFormat, layout: RecordLayout): readonly CellPlan[] {
  return processColumns(format, layout.metrics).map((column) => {
    const isText = layout.textSlots.has(column.id);
    return { column, isText, slot: slotOf(isText ? layout.textSlots : layout.numberSlots, column.id) };
  });
}

/** How many columns stand before those at the end that are kept. */
function countLeading(plans: readonly CellPlan[], layout: RecordLayout): number {
  const sources = new Map<string, MetricSource>(layout.metrics.map(({ id, stored }) => [id, stored.source]));
  return plans.findLastIndex(({ column, isText }) => !isText || !isKept(sources.get(column.id))) + 1;
}

function encodePlanned({ column, slot, isText }: CellPlan, record: ProcessRecord): string {
  return isText ? encodeCell(record.texts[slot]) : encodeNumber(record.numbers[slot], column);
}

/** The seed format has no COMM: a process without a command is named as ps names it, `[kthreadd]`. */
function encodeSeedTail(record: ProcessRecord, commSlot: number, cmdSlot: number): string {
  const comm = record.texts[commSlot];
  return encodeCell(record.texts[cmdSlot] || (comm === null ? null : `[${comm}]`));
}

function tailEncoder(
  format: DumpFormat,
  layout: RecordLayout,
  plans: readonly CellPlan[],
): (record: ProcessRecord) => string {
  if (format === 'v2') return (record) => plans.map((plan) => `,${encodePlanned(plan, record)}`).join('');
  const comm = slotOf(layout.textSlots, 'comm');
  const cmd = slotOf(layout.textSlots, 'cmd');
  return (record) => `,${encodeSeedTail(record, comm, cmd)}`;
}

/** Process files of one format: a header, then a line a record, in the order given. */
export function openProcessEncoder(format: DumpFormat, layout: RecordLayout): ProcessEncoder {
  const plans = cellPlans(format, layout);
  const leadingCount = countLeading(plans, layout);
  const [first, ...leading] = plans.slice(0, leadingCount);
  const encodeTail = tailEncoder(format, layout, plans.slice(leadingCount));
  const header = `${plans.map(({ column }) => column.name).join(',')}\n`;
  return {
    encode(records) {
      let out = header;
      for (const record of records) {
        out += encodePlanned(first, record);
        for (const plan of leading) out += `,${encodePlanned(plan, record)}`;
        record.tail ??= encodeTail(record);
        out += `${record.tail}\n`;
      }
      return Buffer.from(out);
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
