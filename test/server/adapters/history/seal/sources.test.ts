import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatSources, readSourcesFile } from '../../../../../server/adapters/history/seal/sources.ts';
import type { SegmentSource } from '../../../../../server/adapters/history/segment.ts';
import { sharedTempFolder } from '../../../../support/temp-folder.ts';

const path = join(sharedTempFolder(), 'list.json.gz');
const damage = { complaints: 0, lines: 1, reasons: [{ line: 7, column: null, reason: 'has 3 cells' }] };
const SOURCES: readonly SegmentSource[] = [
  { file: 'd/sys_mem_1.csv', size: 600, mtimeMs: 1_795_365_146_834.3386, t: 1_795_358_712_871 },
  { file: 'd/process_mem_1.csv', size: 57_463, mtimeMs: 1.5, t: 1_795_358_712_871, rows: 483 },
  { file: 'd/sys_mem_2.csv', size: 0, mtimeMs: 2, t: null, damage },
];

test('a list of sources is read as it was written', () => {
  writeFileSync(path, formatSources(SOURCES));
  expect(readSourcesFile(path)).toEqual(SOURCES);
});

test('a list of version 1, one source a line, is read too', () => {
  const [first, second, third] = SOURCES.map(({ file, size, mtimeMs, t }) => [file, size, mtimeMs, t]);
  const sources = [first, [...second, 483], [...third, null, damage]];
  writeFileSync(path, gzipSync(JSON.stringify({ version: 1, sources })));
  expect(readSourcesFile(path)).toEqual(SOURCES);
});

test.each([
  ['of another version', { version: 3, file: ['x'] }],
  ['without one of its columns', { version: 2, file: ['x'], size: [1] }],
])('a list %s counts as nothing', (_, list) => {
  writeFileSync(path, gzipSync(JSON.stringify(list)));
  expect(readSourcesFile(path)).toEqual([]);
});
