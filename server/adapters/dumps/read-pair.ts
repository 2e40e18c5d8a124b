import type { DumpPair, FileState, ReadDump, Reject } from '../../application/dump-ports.ts';
import type { DumpFormat } from '../../domain/dump-format.ts';
import { formatByName } from '../../domain/dump-names.ts';
import { escapeText } from '../../domain/text-notation.ts';
import type { ReadProcesses } from './build-sample.ts';
import { buildSample, complainOfCommit } from './build-sample.ts';
import type { Caps } from './caps.ts';
import type { ProcessDecoder, ProcessDecoderOptions } from './decode-process.ts';
import { endDecoding, openProcessDecoder, pushBytes } from './decode-process.ts';
import type { CommitRecord, DecodedSystem } from './decode-system.ts';
import { decodeSystem } from './decode-system.ts';
import type { LayoutCache } from './layout-cache.ts';
import type { ReadEnd, ReadingSink } from './read-bytes.ts';
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

function endRejects(file: string, end: ReadEnd): readonly Reject[] {
  const reasons = [end.refusal, end.cut, end.changed ? 'changed while it was read' : null];
  return reasons.filter((reason) => reason !== null).map((reason) => fileReject(file, reason));
}

/** A system file's bytes, in pieces. */
const PIECES: ReadingSink<Buffer[]> = {
  begin(pieces) {
    pieces.length = 0;
  },
  take: (pieces, bytes) => void pieces.push(Buffer.from(bytes)),
  isProven: () => false,
};

/** Reads once more where the file became another meanwhile; a second time is told. */
async function readSettled<Owner>(
  root: string,
  file: string,
  caps: Caps,
  sink: ReadingSink<Owner>,
  owner: Owner,
  opened: FileState[],
): Promise<ReadEnd> {
  const path = `${root}/${file}`;
  const first = await readBytes(path, caps, sink, owner);
  const end = first.changed ? await readBytes(path, caps, sink, owner) : first;
  if (end.stats) opened.push({ file, size: end.stats.size, mtimeMs: end.stats.mtimeMs });
  return end;
}

async function readSystem(
  reading: PairReading,
  file: string,
  stampInstant: number,
  opened: FileState[],
): Promise<DecodedSystem> {
  const { plans } = reading;
  const caps = { ...reading.caps, fileBytes: LARGEST_SYSTEM_FILE, inflatedBytes: LARGEST_SYSTEM_FILE };
  const pieces: Buffer[] = [];
  const end = await readSettled(reading.root, file, caps, PIECES, pieces, opened);
  const rejects = endRejects(file, end);
  if (end.refusal) return { ...NO_SYSTEM, rejects };
  const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  const isTornWithoutEnd = end.cut !== null || formatByName(file) === 'v2';
  const decoded = decodeSystem(bytes, { file, caps, plans, stampInstant, isTornWithoutEnd });
  return rejects.length === 0 ? decoded : { ...decoded, rejects: [...rejects, ...decoded.rejects] };
}

/** What a process file is decoded with, and by. */
interface Decoding {
  readonly options: ProcessDecoderOptions;
  readonly commit: CommitRecord;
  decoder: ProcessDecoder | null;
}

const DECODING: ReadingSink<Decoding> = {
  begin(decoding, expectedBytes) {
    decoding.decoder = openProcessDecoder({ ...decoding.options, expectedBytes });
  },
  take({ decoder }, bytes) {
    if (decoder) pushBytes(decoder, bytes);
  },
  isProven: ({ decoder, commit }) => decoder?.crc === commit.crc,
};

async function readProcesses(
  reading: PairReading,
  file: string,
  commit: CommitRecord,
  opened: FileState[],
): Promise<ReadProcesses> {
  const { root, caps, layouts, spare } = reading;
  const decoding: Decoding = {
    options: { file, format: formatByName(file), caps, layouts, spare },
    commit,
    decoder: null,
  };
  const end = await readSettled(root, file, caps, DECODING, decoding, opened);
  const decoder = decoding.decoder ?? openProcessDecoder(decoding.options);
  if (reading.reuseTables) reading.spare = decoder.table;
  const rejects = endRejects(file, end);
  if (end.refusal) return { decoded: null, rejects, isCut: true };
  const isTorn = (format: DumpFormat, crc: number) =>
    end.cut !== null || (format === 'v2' && crc !== commit.crc);
  const decoded = endDecoding(decoder, isTorn);
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
  const opened: FileState[] = [];
  const system = systemFile ? await readSystem(reading, systemFile, stampInstant, opened) : NO_SYSTEM;
  const processes = processFile
    ? await readProcesses(reading, processFile, system.commit, opened)
    : NO_PROCESSES;
  const { decoded } = processes;
  const difference = decoded && complainOfCommit(decoded, system.commit);
  const commitRejects = difference && processFile ? [fileReject(processFile, difference)] : [];
  const host = hostOf(reading.hosts, folder, system.row?.host ?? null);
  return {
    sample: buildSample({ pair, system, processes, host, isAsCommitted: !difference }),
    rejects: [...system.rejects, ...processes.rejects, ...commitRejects],
    lines: decoded?.lines ?? NO_LINES,
    opened,
  };
}
