import { join } from 'node:path';
import type { DumpPair, ReadDump, Reject } from '../../application/ports.ts';
import { escapeText } from '../../domain/text-notation.ts';
import type { ReadProcesses } from './build-sample.ts';
import { buildSample, complainOfCommit, formatByName } from './build-sample.ts';
import type { Caps } from './caps.ts';
import type { ProcessDecoder } from './decode-process.ts';
import { openProcessDecoder } from './decode-process.ts';
import type { CommitRecord, DecodedSystem } from './decode-system.ts';
import { decodeSystem } from './decode-system.ts';
import type { LayoutCache } from './layout-cache.ts';
import type { ReadEnd } from './read-bytes.ts';
import { readBytes } from './read-bytes.ts';
import { fileReject } from './rejects.ts';
import type { SystemPlanCache } from './system-plan.ts';
import type { TableBuilder } from './table-builder.ts';

/** What the reading of one pair leaves for the next. */
export interface PairReading {
  readonly root: string;
  readonly caps: Caps;
  readonly layouts: LayoutCache;
  readonly plans: SystemPlanCache;
  /** The host that each sub-folder's dumps last named. */
  readonly hosts: Map<string, string>;
  /** Tables hold until the next is read, which fills them again. */
  readonly reuseTables: boolean;
  spare: TableBuilder | null;
}

const LARGEST_SYSTEM_FILE = 4 * 1024 * 1024;
const NO_LINES = { accepted: 0, rejected: 0, blank: 0 };
const NO_SYSTEM: DecodedSystem = {
  row: null,
  commit: { rows: null, crc: null, isDamaged: false },
  rejects: [],
};
const NO_PROCESSES: ReadProcesses = { decoded: null, rejects: [], isCut: false };

/** Reads once more where the file became another meanwhile; a second time is told. */
async function readSettled<Result extends { readonly end: ReadEnd }>(
  read: () => Promise<Result>,
): Promise<Result> {
  const first = await read();
  return first.end.changed ? read() : first;
}

function endRejects(file: string, end: ReadEnd): readonly Reject[] {
  const reasons = [end.refusal, end.cut, end.changed ? 'changed while it was read' : null];
  return reasons.filter((reason) => reason !== null).map((reason) => fileReject(file, reason));
}

async function readSystem(reading: PairReading, file: string, stampInstant: number): Promise<DecodedSystem> {
  const { root, plans } = reading;
  const caps = { ...reading.caps, fileBytes: LARGEST_SYSTEM_FILE, inflatedBytes: LARGEST_SYSTEM_FILE };
  const { end, bytes } = await readSettled(async () => {
    const pieces: Buffer[] = [];
    const take = (piece: Buffer) => void pieces.push(Buffer.from(piece));
    const end = await readBytes(join(root, file), caps, { begin: () => undefined, take });
    return { end, bytes: Buffer.concat(pieces) };
  });
  const rejects = endRejects(file, end);
  if (end.refusal) return { ...NO_SYSTEM, rejects };
  const isTornWithoutEnd = end.cut !== null || formatByName(file) === 'v2';
  const decoded = decodeSystem(bytes, { file, caps, plans, stampInstant, isTornWithoutEnd });
  return { ...decoded, rejects: [...rejects, ...decoded.rejects] };
}

async function readProcesses(
  reading: PairReading,
  file: string,
  commit: CommitRecord,
): Promise<ReadProcesses> {
  const { root, caps, layouts } = reading;
  const options = { file, format: formatByName(file), caps, layouts };
  const { end, decoder } = await readSettled(async () => {
    let decoder: ProcessDecoder | null = null;
    const end = await readBytes(join(root, file), caps, {
      begin(expectedBytes) {
        decoder = openProcessDecoder({ ...options, expectedBytes, spare: reading.spare });
      },
      take: (bytes) => decoder?.push(bytes),
    });
    return { end, decoder: decoder ?? openProcessDecoder(options) };
  });
  if (reading.reuseTables) reading.spare = decoder.table;
  const rejects = endRejects(file, end);
  if (end.refusal) return { decoded: null, rejects, isCut: true };
  const decoded = decoder.end((format, crc) => end.cut !== null || (format === 'v2' && crc !== commit.crc));
  const { table } = decoded;
  const isCut = end.cut !== null || end.changed || table === null || decoded.isFull;
  // Of a file that could not be unpacked at all, one reject is enough.
  return { decoded, rejects: end.cut && !table ? rejects : [...rejects, ...decoded.rejects], isCut };
}

function hostOf(hosts: Map<string, string>, folder: string, told: string | null): string {
  if (told === null) return hosts.get(folder) ?? escapeText(folder);
  hosts.set(folder, told);
  return told;
}

/** Reads the two files of a pair into a sample. Does not throw for anything that they hold. */
export async function readPair(reading: PairReading, pair: DumpPair): Promise<ReadDump> {
  const { processFile, systemFile, stampInstant, folder } = pair;
  const system = systemFile ? await readSystem(reading, systemFile, stampInstant) : NO_SYSTEM;
  const processes = processFile ? await readProcesses(reading, processFile, system.commit) : NO_PROCESSES;
  const { decoded } = processes;
  const difference = decoded && complainOfCommit(decoded, system.commit);
  const commitRejects = difference && processFile ? [fileReject(processFile, difference)] : [];
  const host = hostOf(reading.hosts, folder, system.row?.host ?? null);
  return {
    sample: buildSample({ pair, system, processes, host, isAsCommitted: !difference }),
    rejects: [...system.rejects, ...processes.rejects, ...commitRejects],
    lines: decoded?.lines ?? NO_LINES,
  };
}
