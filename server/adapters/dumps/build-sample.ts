import type { DumpPair, Reject } from '../../application/dump-ports.ts';
import { formatByName } from '../../domain/dump-names.ts';
import type { Sample } from '../../domain/sample.ts';
import type { DecodedProcesses } from './decode-process.ts';
import type { CommitRecord, DecodedSystem, DecodedSystemRow } from './decode-system.ts';

export interface ReadProcesses {
  /** `null` where the file could not be opened. */
  readonly decoded: DecodedProcesses | null;
  readonly rejects: readonly Reject[];
  /** Something of the file is missing, whatever its commit record says. */
  readonly isCut: boolean;
}

/** The two files of a pair as they were read. */
export interface PairParts {
  readonly pair: DumpPair;
  readonly system: DecodedSystem;
  readonly processes: ReadProcesses;
  readonly host: string;
  readonly isAsCommitted: boolean;
}

const UNKNOWN_ROW: DecodedSystemRow = {
  t: null,
  host: null,
  bootId: null,
  uptimeSeconds: null,
  clockTicks: null,
  intervalSeconds: null,
  label: null,
  values: {},
};

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/** How the process file differs from its commit record; `null` where it does not, or was refused anyway. */
export function complainOfCommit(decoded: DecodedProcesses, commit: CommitRecord): string | null {
  const { table, lines, crc } = decoded;
  if (table === null) return null;
  const rows = lines.accepted + lines.rejected;
  if (commit.rows !== null && rows !== commit.rows)
    return `${rows} rows, its commit record says ${commit.rows}`;
  if (commit.crc === null || commit.crc === crc) return null;
  return `its CRC-32 is ${hex(crc)}, its commit record says ${hex(commit.crc)}`;
}

function isWeak({ pair, processes: { decoded } }: PairParts): boolean {
  const file = pair.processFile ?? pair.systemFile ?? '';
  if ((decoded?.format ?? formatByName(file)) === 'seed') return true;
  const table = decoded?.table;
  return Boolean(table?.count && table.numbers.start_ticks.every(Number.isNaN));
}

function isIncomplete({ pair, system, processes, isAsCommitted }: PairParts): boolean {
  const lacksProcesses = pair.processFile === null && system.commit.rows !== null;
  return (
    !isAsCommitted || processes.isCut || lacksProcesses || system.row === null || system.commit.isDamaged
  );
}

/** A pair's sample; `null` where nothing of either file could be used. */
export function buildSample(parts: PairParts): Sample | null {
  const { pair, system, processes, host } = parts;
  const table = processes.decoded?.table ?? null;
  if (!system.row && !table) return null;
  return {
    system: { ...(system.row ?? UNKNOWN_ROW), t: system.row?.t ?? pair.stampInstant, host },
    processes: table,
    weak: isWeak(parts),
    incomplete: isIncomplete(parts),
  };
}
