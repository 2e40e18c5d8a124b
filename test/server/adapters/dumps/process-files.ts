import fc from 'fast-check';
import { DEFAULT_CAPS } from '../../../../server/adapters/dumps/caps.ts';
import type { DecodedProcesses } from '../../../../server/adapters/dumps/decode-process.ts';
import {
  endDecoding,
  openProcessDecoder,
  pushBytes,
} from '../../../../server/adapters/dumps/decode-process.ts';
import { openLayoutCache } from '../../../../server/adapters/dumps/layout-cache.ts';
import type { DumpFormat } from '../../../../server/domain/dump-format.ts';
import { emptyProcessTable } from '../../../../server/domain/dump-format.ts';
import type { NumberColumnId, TextColumnId } from '../../../../server/domain/metrics.ts';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../../server/domain/metrics.ts';
import type { ProcessTable } from '../../../../server/domain/sample.ts';
import { escapeBytes } from '../../../../server/domain/text-notation.ts';
import { describeRow } from './describe-folder.ts';

const KIB = 1024;

/** Texts as processes choose them: any bytes, in dump notation, and the shapes that broke other readers. */
export const notation: fc.Arbitrary<string | null> = fc.oneof(
  fc.uint8Array({ maxLength: 24 }).map((bytes) => escapeBytes(bytes) || null),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => escapeBytes(Buffer.from(text)) || null),
  fc.constantFrom('a,b"c', '"', '""', ',', '__proto__', 'NA', ' x ', '\\\\', '=1+1', '\u202egpj.exe', null),
);

const unknown = fc.constant(Number.NaN);
const kib = fc.integer({ min: 0, max: 2 ** 40 }).map((value) => value * KIB);

const numberOf: Readonly<Record<NumberColumnId, fc.Arbitrary<number>>> = {
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  ppid: fc.integer({ min: 0, max: 4_194_304 }),
  start_ticks: fc.oneof(fc.integer({ min: 0, max: 1e12 }), unknown),
  threads: fc.oneof(fc.integer({ min: 0, max: 5000 }), unknown),
  rss_bytes: kib,
  vsz_bytes: fc.oneof(kib, unknown),
  hwm_bytes: fc.oneof(kib, unknown),
  pss_bytes: fc.oneof(kib, unknown),
  swap_bytes: fc.oneof(kib, unknown),
  cpu_seconds: fc.oneof(
    fc.integer({ min: 0, max: 1e9 }).map((ticks) => ticks / 100),
    unknown,
  ),
};

type ProcessRecord = Record<NumberColumnId, number> & Record<TextColumnId, string | null>;

const processRecord = fc.record({
  ...numberOf,
  ...Object.fromEntries(TEXT_COLUMNS.map((id) => [id, notation])),
}) as unknown as fc.Arbitrary<ProcessRecord>;

export function tableOf(records: readonly ProcessRecord[]): ProcessTable {
  const table = emptyProcessTable(records.length);
  for (const [row, record] of records.entries()) {
    for (const id of NUMBER_COLUMNS) table.numbers[id][row] = record[id];
    for (const id of TEXT_COLUMNS) (table.texts[id] as (string | null)[])[row] = record[id];
  }
  return table;
}

export const processTable: fc.Arbitrary<ProcessTable> = fc
  .uniqueArray(processRecord, { selector: ({ pid }) => pid, maxLength: 12 })
  .map(tableOf);

/** Of few processes, in any order, that differ little: a cell, a byte of it, or nothing. */
export const similarTable: fc.Arbitrary<ProcessTable> = fc
  .uniqueArray(
    fc.record({
      ...numberOf,
      pid: fc.integer({ min: 1, max: 3 }),
      ppid: fc.constantFrom(1, 2),
      start_ticks: fc.constantFrom(5, 55, Number.NaN),
      threads: fc.constantFrom(1, 2),
      user: fc.constantFrom('ann', 'bob', null),
      state: fc.constantFrom('R', 'S'),
      cgroup: fc.constantFrom('/c', null),
      comm: fc.constantFrom('n', 'm'),
      cmd: fc.constantFrom('/bin/n', '/bin/n ', '/bin/nn', 'a,b"c', '\\', 'ä', null),
    }),
    { selector: ({ pid }) => pid, maxLength: 3 },
  )
  .map(tableOf);

export interface DecodeOptions {
  readonly format?: DumpFormat;
  readonly tolerantOnly?: boolean;
  readonly isTorn?: boolean;
  /** The bytes come in pieces of this size. */
  readonly pieces?: number;
  readonly layouts?: ReturnType<typeof openLayoutCache>;
}

export function decode(text: string | Uint8Array, options: DecodeOptions = {}): DecodedProcesses {
  const {
    format = 'v2',
    tolerantOnly = false,
    isTorn = true,
    layouts = openLayoutCache(DEFAULT_CAPS),
  } = options;
  const bytes = Buffer.from(text as string);
  const size = options.pieces ?? Math.max(1, bytes.length);
  const decoder = openProcessDecoder({ file: 'f', format, caps: DEFAULT_CAPS, layouts, tolerantOnly });
  for (let at = 0; at < bytes.length; at += size) pushBytes(decoder, bytes.subarray(at, at + size));
  return endDecoding(decoder, () => isTorn);
}

/** Rows in order, as text: what two decoders must agree on. */
export function rowsOf({ table }: DecodedProcesses): readonly string[] {
  return table ? Array.from({ length: table.count }, (_, row) => describeRow(table, row)) : [];
}

/** A dump of about `bytes` bytes whose rows are all different, some quoted. */
export function exampleDump(bytes: number): Buffer {
  const header =
    'PID,PPID,USER,START_TICKS,STATE,THREADS,RSS_KB,VSZ_KB,HWM_KB,PSS_KB,SWAP_KB,CPU_S,CGROUP,COMM,CMD\n';
  let text = header;
  for (let pid = 1; text.length < bytes; pid++) {
    const cmd = pid % 3 === 0 ? `"sh -c ""echo ${pid}, done"""` : `/usr/bin/worker-${pid} --id=${pid}`;
    text += `${pid},${pid >> 1},u${pid % 5},${pid * 7},S,1,${900_000 - pid},${pid * 11},,,0,${pid}.50,/c,w${pid},${cmd}\n`;
  }
  return Buffer.from(text);
}
