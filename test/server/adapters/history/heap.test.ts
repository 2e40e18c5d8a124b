import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { letHeapDouble, openCollection } from '../../../../server/adapters/history/heap.ts';

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
