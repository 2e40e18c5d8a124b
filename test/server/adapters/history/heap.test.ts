import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { letHeapDouble, openCollection, openGiveBack } from '../../../../server/adapters/history/heap.ts';

/** Of so many answers, each of which needs 3 MB of columns for a moment. */
const ANSWERS = 200;
const COLUMNS = 20;
const ROWS = 20_000;

/** What kind of collection it was; the types of Node 20 leave it out. */
function kindOf(entry: object): unknown {
  return Reflect.get(Object(Reflect.get(entry, 'detail')), 'kind');
}

/** @returns how often the whole heap was collected while columns came and went, after a rest */
async function countCollections(): Promise<number> {
  const collect = openCollection();
  collect();
  collect();
  await sleep(50);
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (kindOf(entry) === constants.NODE_PERFORMANCE_GC_MAJOR) collections++;
  });
  observer.observe({ entryTypes: ['gc'] });
  for (let answer = 0; answer < ANSWERS; answer++) {
    Array.from({ length: COLUMNS }, (_, at) => new Float64Array(ROWS).fill(at));
    await nextTurn();
  }
  await sleep(50);
  observer.disconnect();
  return collections;
}

test('a heap that may double is collected less often while columns come and go', async () => {
  setFlagsFromString('--heap-growing-percent=0');
  const live = Array.from({ length: 400_000 }, (_, at) => ({ text: `a row ${at}` }));
  await countCollections();
  const before = await countCollections();
  letHeapDouble();
  await countCollections();
  expect(await countCollections()).toBeLessThan(before / 2);
  expect(live).toHaveLength(400_000);
});

const MIB = 1024 * 1024;

/** As columns of questions lie between those that are kept: of so many pieces of 100 kB, each tenth. */
function keepFew(pieces: number): readonly Uint8Array[] {
  const all = Array.from({ length: pieces }, () => new Uint8Array(100_000).fill(1));
  return all.filter((_, at) => at % 10 === 0);
}

test('what lies free between columns that are kept goes back to the kernel', async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const giveBack = await openGiveBack(connection);
  const collect = openCollection();
  // Once so large a piece has come free, the C library takes smaller ones from its heap.
  for (let piece = 0; piece < 4; piece++) new Uint8Array(30 * MIB).fill(1);
  collect();
  await sleep(100);
  const kept = keepFew(2000);
  collect();
  await sleep(200);
  const before = process.memoryUsage().rss;
  await giveBack(connection);
  expect(before - process.memoryUsage().rss).toBeGreaterThan(100 * MIB);
  expect(kept).toHaveLength(200);
  connection.closeSync();
  instance.closeSync();
});

test('the limit of the engine stays what it was, as it tells it, however often memory is given back', async () => {
  const instance = await DuckDBInstance.create(':memory:', { max_memory: '3GiB' });
  const connection = await instance.connect();
  const giveBack = await openGiveBack(connection);
  for (let time = 0; time < 5; time++) await giveBack(connection);
  const answer = await connection.runAndReadAll(`SELECT current_setting('memory_limit')`);
  expect(answer.getRows()).toEqual([['3.0 GiB']]);
  connection.closeSync();
  instance.closeSync();
});
