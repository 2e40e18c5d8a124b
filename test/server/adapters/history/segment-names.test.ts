import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadedSegment } from '../../../../server/adapters/history/loaded-segment.ts';
import { eachSegmentsNames } from '../../../../server/adapters/history/segment-names.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

let connection: DuckDBConnection;
let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** A segment of which only the lives file is there. */
async function segmentOf(select: string, lives: number): Promise<LoadedSegment> {
  const path = join(tempFolder(), 'lives.parquet');
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  return { paths: { lives: path }, lives: { id: new Int32Array(lives) } } as unknown as LoadedSegment;
}

async function namesOf(segments: readonly LoadedSegment[], most?: number) {
  const found: [number, unknown[]][] = [];
  const take: Parameters<typeof eachSegmentsNames>[2] = (at, { texts, ...columns }) => {
    const text = (place: number) => (place < 0 ? null : texts[place]);
    found.push([at, [columns.cmd, columns.comm, columns.user].map((places) => Array.from(places, text))]);
  };
  await eachSegmentsNames(connection, segments, take, most);
  return found;
}

const NEW = `SELECT * FROM (VALUES (1, 'b x', 'b', 'root'), (0, 'a', NULL, 'root')) AS t(life, cmd, comm, "user")`;
const OLD = `SELECT * FROM (VALUES (0, 'old')) AS t(life, cmd)`;

test('names are told by life, the newest segment first; older files know commands only', async () => {
  const segments = [await segmentOf(OLD, 1), await segmentOf(NEW, 2)];
  expect(await namesOf(segments)).toEqual([
    [
      1,
      [
        ['a', 'b x'],
        [null, 'b'],
        ['root', 'root'],
      ],
    ],
    [0, [['old'], [null], [null]]],
  ]);
});

test('what was read once is kept, up to so many characters', async () => {
  const segments = [await segmentOf(OLD, 1), await segmentOf(NEW, 2)];
  const read = await namesOf(segments, 9);
  rmSync(segments[1].paths.lives);
  expect(await namesOf(segments, 9)).toEqual(read);
  rmSync(segments[0].paths.lives);
  await expect(namesOf(segments, 9)).rejects.toThrow(/No files found/);
});
