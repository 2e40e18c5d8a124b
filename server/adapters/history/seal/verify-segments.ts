import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Reject } from '../../../application/dump-ports.ts';
import { readManifests, segmentPath } from '../manifests.ts';
import type { SegmentKind, SegmentManifest, SegmentSource } from '../segment.ts';
import { SEGMENT_KINDS } from '../segment.ts';
import { sqlFile } from './carry-over.ts';
import { countWithoutDump, isUnchanged, readSources } from './sources.ts';

/** How the dumps that a segment was made of are now. */
export interface SourceCount {
  readonly same: number;
  readonly changed: number;
  readonly gone: number;
}

export interface VerifiedSegment {
  readonly manifest: SegmentManifest;
  /** One sentence each; none where its files are as its manifest says. */
  readonly faults: readonly string[];
  readonly sources: SourceCount;
  readonly samplesWithoutDump: number;
}

export interface VerifiedIndex {
  readonly segments: readonly VerifiedSegment[];
  /** Manifests that cannot be used. */
  readonly rejects: readonly Reject[];
}

/** Reads every page of every column: a damaged one is found whatever it is of. */
async function countRows(connection: DuckDBConnection, path: string): Promise<number> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, bit_xor(hash(r)) FROM ${sqlFile(path)} AS r`,
  );
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

function expectedRows({ rows, lives, samples }: SegmentManifest, kind: SegmentKind): number | null {
  const counts = { processes: rows, lives, system: samples, rollup: null };
  return counts[kind];
}

async function faultOf(
  connection: DuckDBConnection,
  index: string,
  manifest: SegmentManifest,
  kind: SegmentKind,
): Promise<string | null> {
  const path = segmentPath(index, manifest, kind);
  try {
    const rows = await countRows(connection, path);
    const expected = expectedRows(manifest, kind);
    return expected === null || rows === expected
      ? null
      : `${path} has ${rows} rows, its manifest says ${expected}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return `${path} cannot be read: ${reason}`;
  }
}

function stateOf(dumps: string, source: SegmentSource): keyof SourceCount {
  const stats = lstatSync(join(dumps, source.file), { throwIfNoEntry: false });
  if (!stats) return 'gone';
  return isUnchanged(source, stats) ? 'same' : 'changed';
}

function countSources(dumps: string, sources: readonly SegmentSource[]): SourceCount {
  const count = { same: 0, changed: 0, gone: 0 };
  for (const source of sources) count[stateOf(dumps, source)]++;
  return count;
}

async function verifySegment(
  connection: DuckDBConnection,
  index: string,
  dumps: string,
  manifest: SegmentManifest,
): Promise<VerifiedSegment> {
  const faults = [];
  for (const kind of SEGMENT_KINDS) faults.push(await faultOf(connection, index, manifest, kind));
  return {
    manifest,
    faults: faults.filter((fault) => fault !== null),
    sources: countSources(dumps, readSources(index, manifest)),
    samplesWithoutDump: countWithoutDump(index, dumps, manifest),
  };
}

/** Reads every segment of an index, and compares it with its manifest and the dumps that are there. */
export async function verifySegments(index: string, dumps: string): Promise<VerifiedIndex> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const { manifests, rejects } = await readManifests(index);
    const segments: VerifiedSegment[] = [];
    for (const manifest of manifests) segments.push(await verifySegment(connection, index, dumps, manifest));
    return { segments, rejects };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
