import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { DuckDBConnection } from '@duckdb/node-api';

/** When garbage is collected, and given back. V8 knows best what a page needs; this is a server of columns. */

/**
 * V8 counts the memory of columns as growth of the heap, but not as work of the program: it takes collections for so
 * cheap that it begins one whenever the heap has grown by a tenth, which is each few answers. With this it begins one
 * when the heap has doubled.
 */
export function letHeapDouble(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/** The engine waits for a full heap; who serves an idle page need not. @returns what collects garbage */
export function openCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/**
 * The kernel gets back what is free in the C library's heap, where columns are once V8 has let go of larger ones: it lies in
 * holes between those that are kept. Node.js has no call for it. The engine trims that heap, and its own, whenever its limit
 * of memory is set, be it to what it is.
 * @returns what does so, by any connection of that engine
 */
export async function openGiveBack(
  connection: DuckDBConnection,
): Promise<(connection: DuckDBConnection) => Promise<unknown>> {
  const answer = await connection.runAndReadAll(`SELECT current_setting('memory_limit')`);
  const statement = `SET GLOBAL memory_limit = '${answer.getRows()[0][0]}'`;
  return (one) => one.run(statement);
}
