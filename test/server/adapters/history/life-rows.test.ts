import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLifeRows } from '../../../../server/adapters/history/life-rows.ts';
import type { LoadedSegment } from '../../../../server/adapters/history/loaded-segment.ts';
import { readColumns } from '../../../../server/adapters/history/read-chunks.ts';
import { openSegmentSource } from '../../../../server/adapters/history/row-source.ts';
import { readRollups } from '../../../../server/adapters/history/segment-rollup.ts';
import type { Store } from '../../../../server/adapters/history/store.ts';
import { openStore } from '../../../../server/adapters/history/store.ts';
import { instantOf } from '../../../support/dump-builder.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

/** Pid 1 has children all the time, 2 for an hour, 3 moves between them, 4 comes late and is nobody's child. */

const HOST = 'test-1';
const SECONDS = [0, 600, 3600, 4200, 7200, 7800];
const index = sharedTempFolder();
let store: Store;
let segment: LoadedSegment;

function processesAt(second: number) {
  const isSecondHour = 3600 <= second && second < 7200;
  return [
    { pid: 1, ppid: 0, rss_mb: 10 + second / 600, start: 1 },
    { pid: 2, ppid: 1, rss_mb: 5, start: 2 },
    { pid: 3, ppid: isSecondHour ? 2 : 1, rss_mb: 3 + second / 300, start: 3 },
    ...(second > 600 ? [{ pid: 4, ppid: 0, rss_mb: 7, start: 400 }] : []),
  ];
}

beforeAll(async () => {
  const samples = SECONDS.map((t) => sampleOf({ t, host: HOST, processes: processesAt(t) }));
  await writeSegment(index, placeSamples(samples));
  store = await openStore({
    index,
    onReject: () => undefined,
    memory: { busyRows: 1000, idleRows: 0, idleMs: 1e6 },
  });
  const host = store.hosts.get(HOST);
  if (!host) throw new Error('the host is not there');
  segment = host.sealed.segments[0];
});

afterAll(() => store.close());

function ask<T>(question: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return store.connections.use(question);
}

async function useHours(isInMemory: boolean): Promise<void> {
  segment.rollup = isInMemory ? (await ask((connection) => readRollups(connection, [segment])))[0] : null;
}

/** @param listen is told the questions */
function rowsOf(lives: readonly number[], from: number, to: number, listen?: (sql: string) => void) {
  const source = openSegmentSource(segment, () => -1);
  return ask((connection) => {
    const run: DuckDBConnection['run'] = (sql) => {
      listen?.(sql);
      return connection.run(sql);
    };
    const heard = { run } as unknown as DuckDBConnection;
    return readLifeRows(heard, { source, lives, ranges: [{ from, to }] });
  });
}

test('rows are those of the file, whatever memory tells', async () => {
  const all = await ask((connection) =>
    readColumns(
      connection,
      `SELECT life, coalesce(parent, -1), t::DOUBLE, rss_bytes::DOUBLE, coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE
       FROM read_parquet('${segment.paths.processes}')`,
    ),
  );
  const rows = all[0].map((_, at) => all.map((cells) => cells[at]));
  expect(rows).toHaveLength(22);
  const second = fc.integer({ min: -300, max: 8100 });
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      second,
      second,
      fc.boolean(),
      async (lives, one, other, isInMemory) => {
        const [from, to] = [instantOf(Math.min(one, other)), instantOf(Math.max(one, other))];
        await useHours(isInMemory);
        const { life, parent, t, rss, subtreeRss } = await rowsOf(lives, from, to);
        const wanted = rows.filter(
          ([life, , t]) => lives.includes(Number(life)) && from <= Number(t) && Number(t) <= to,
        );
        const read = Array.from(life, (_, at) => [life[at], parent[at], t[at], rss[at], subtreeRss[at]]);
        expect(read).toEqual(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  { who: 'a leaf with one parent', life: 3, isParentRead: false, isSubtreeRead: false },
  { who: 'a parent', life: 0, isParentRead: false, isSubtreeRead: true },
  { who: 'who moves between parents', life: 2, isParentRead: true, isSubtreeRead: false },
])('columns that memory tells of $who are not read', async ({ life, isParentRead, isSubtreeRead }) => {
  await useHours(true);
  const asked: string[] = [];
  await rowsOf([life], instantOf(-300), instantOf(8100), (sql) => asked.push(sql));
  expect(asked).toHaveLength(1);
  expect(asked[0].includes('parent')).toBe(isParentRead);
  expect(asked[0].includes('subtree')).toBe(isSubtreeRead);
  expect(asked[0]).not.toContain('(t BETWEEN');
});
