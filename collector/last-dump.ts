import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DumpFolder, StoredPair } from './stored-dumps.ts';

/** A few cells of a dump, for `pmi status`. What cannot be read is not known. */
export interface DumpFacts {
  /** Seconds. */
  readonly interval: number | null;
  readonly overrun: number | null;
  /** The recorder's own row. */
  readonly cpu: number | null;
  readonly rssBytes: number | null;
  /** Seconds that the recorder had been running. */
  readonly lifetime: number | null;
}

const LARGEST = 512 * 1024 * 1024;
const KIB = 1024;
/** Cells of a line of RFC 4180; dumps have no line breaks in them. */
const CELL = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;

function splitCells(line: string): readonly string[] {
  return Array.from(line.matchAll(CELL), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: LARGEST }) : bytes).toString('latin1');
}

type Row = ReadonlyMap<string, string>;

/** The first line after the header that `isIt` takes. */
function findRow(text: string, isIt: (line: string) => boolean): Row {
  const [header = '', ...lines] = text.split('\n');
  const cells = splitCells(lines.find(isIt) ?? '');
  return new Map(splitCells(header).map((name, at) => [name, cells[at] ?? '']));
}

function numberIn(row: Row, name: string): number | null {
  const text = row.get(name) ?? '';
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}

function readRow(
  dumps: DumpFolder,
  { day, names }: StoredPair,
  prefix: string,
  isIt: (line: string) => boolean,
): Row {
  const name = names.find((candidate) => candidate.startsWith(prefix));
  if (name === undefined) return new Map();
  try {
    return findRow(readText(dumps.folder.at(join(day, name))), isIt);
  } catch {
    return new Map();
  }
}

export function readDumpFacts(dumps: DumpFolder, pair: StoredPair): DumpFacts {
  const system = readRow(dumps, pair, 'sys_mem_', (line) => line !== '');
  const pid = system.get('RECORDER_PID') || 'none';
  const own = readRow(dumps, pair, 'process_mem_', (line) => line.startsWith(`${pid},`));
  const [uptime, ticks, perSecond] = [
    numberIn(system, 'UPTIME_S'),
    numberIn(own, 'START_TICKS'),
    numberIn(system, 'CLK_TCK'),
  ];
  const isKnown = uptime !== null && ticks !== null && perSecond !== null && perSecond > 0;
  const rss = numberIn(own, 'RSS_KB');
  return {
    interval: numberIn(system, 'INTERVAL_S'),
    overrun: numberIn(system, 'OVERRUN_S'),
    cpu: numberIn(own, 'CPU_S'),
    rssBytes: rss === null ? null : rss * KIB,
    lifetime: isKnown ? uptime - ticks / perSecond : null,
  };
}
