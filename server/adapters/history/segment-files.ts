import type { DuckDBConnection } from '@duckdb/node-api';
import { copyNumbers, eachChunk, numberOrNaN, parquet, textLiteral } from './read-chunks.ts';
import type { SegmentKind, SegmentManifest } from './segment.ts';

/** Whole columns of many segments of one host in one query, cut at the segments' borders. */

export interface SegmentFiles {
  readonly manifest: SegmentManifest;
  readonly paths: Readonly<Record<SegmentKind, string>>;
}

/** A segment whose files are not what its manifest says. */
export class BadSegment extends Error {}

export const OF_ANOTHER_TIME = 'holds rows of another time than its manifest says';

export type Numbers = Readonly<Record<string, Float64Array>>;

/** Reads numbers (each an SQL expression) in the order of the files. Texts come as ids of `texts`. */
export async function readNumbers(
  connection: DuckDBConnection,
  expressions: Readonly<Record<string, string>>,
  from: string,
): Promise<Numbers> {
  const names = Object.keys(expressions);
  const select = names.map((name) => `${numberOrNaN(expressions[name])} AS ${name}`).join(', ');
  const parts: Float64Array[][] = names.map(() => []);
  await eachChunk(connection, `SELECT ${select} FROM ${from}`, (chunk) => {
    names.forEach((_, column) => {
      parts[column].push(copyNumbers(chunk, column));
    });
  });
  return Object.fromEntries(names.map((name, column) => [name, concat(parts[column])]));
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function pathsOf(segments: readonly SegmentFiles[], kind: SegmentKind): string {
  return parquet(segments.map(({ paths }) => paths[kind]));
}

/** The distinct texts that each of some expressions takes, NULL left out. */
export async function distinctTexts(
  connection: DuckDBConnection,
  expressions: readonly string[],
  from: string,
): Promise<readonly (readonly string[])[]> {
  const reader = await connection.runAndReadAll(`SELECT DISTINCT ${expressions.join(', ')} FROM ${from}`);
  const rows = reader.getRowsJS();
  return expressions.map((_, column) => {
    const texts = rows.map((row) => row[column]).filter((text) => text !== null);
    return [...new Set(texts.map(String))];
  });
}

/** SQL of a text's place in `texts`, from 0; NULL where it is NULL. */
export function placeIn(texts: readonly string[], expression: string): string {
  return texts.length === 0
    ? 'NULL'
    : `list_position([${texts.map(textLiteral).join(', ')}], ${expression}) - 1`;
}

/**
 * Cuts columns of several segments apart: each row is of the segment that holds its instant. Segments are in order of
 * time and do not overlap, so rows of a file that lie elsewhere show that something is wrong.
 */
export function cutAtBorders(
  columns: Numbers,
  instants: Float64Array,
  segments: readonly SegmentFiles[],
): readonly Numbers[] {
  let end = 0;
  const cut = segments.map(({ manifest: { from, to } }) => {
    const first = end;
    while (end < instants.length && instants[end] >= from && instants[end] <= to) end++;
    return rowsOf(columns, first, end);
  });
  if (end < instants.length) throw new BadSegment(OF_ANOTHER_TIME);
  return cut;
}

/** Cuts columns of several files apart by the place of the file that each row is of. */
export function cutAtFiles(columns: Numbers, places: Float64Array, files: number): readonly Numbers[] {
  let end = 0;
  return Array.from({ length: files }, (_, file) => {
    const first = end;
    while (places[end] === file) end++;
    return rowsOf(columns, first, end);
  });
}

function rowsOf(columns: Numbers, first: number, end: number): Numbers {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, values.slice(first, end)]),
  );
}
