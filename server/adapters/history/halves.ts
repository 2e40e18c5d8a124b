import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reader } from './connections.ts';
import { readNumbers } from './read-chunks.ts';

/** What is asked in parts, of which two are read at the same time where a connection is free: each has one thread. */

/** Asks of part after part, whichever connection comes to it. */
export async function partByPart<Part>(
  { connection, beside }: Reader,
  parts: readonly Part[],
  ask: (connection: DuckDBConnection, part: Part) => Promise<void>,
): Promise<void> {
  const left = parts.values();
  const askAll = async (one: DuckDBConnection) => {
    for (const part of left) await ask(one, part);
  };
  await Promise.all([askAll(connection), ...(parts.length > 1 ? [beside(askAll)] : [])]);
}

/**
 * Asks of one half of the parts and of the other.
 * @returns what each half gave; there is none of no parts
 */
export function inHalves<Part, Answer>(
  { connection, beside }: Reader,
  parts: readonly Part[],
  ask: (connection: DuckDBConnection, half: readonly Part[]) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const half = Math.ceil(parts.length / 2);
  const [earlier, later] = [parts.slice(0, half), parts.slice(half)];
  return Promise.all([
    ...(earlier.length > 0 ? [ask(connection, earlier)] : []),
    ...(later.length > 0 ? [beside((free) => ask(free, later))] : []),
  ]);
}

/** Rows of selects of numbers, as columns of each half. */
export function readHalves(
  reader: Reader,
  selects: readonly string[],
  order = '',
): Promise<readonly (readonly Float64Array[])[]> {
  return inHalves(reader, selects, (connection, half) =>
    readNumbers(connection, `${half.join(' UNION ALL ')} ${order}`),
  );
}
