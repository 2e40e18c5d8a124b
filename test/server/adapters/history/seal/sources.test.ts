import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  formatSources,
  isUnchanged,
  readSourcesFile,
} from '../../../../../server/adapters/history/seal/sources.ts';
import type { SegmentSource } from '../../../../../server/adapters/history/segment.ts';
import { sharedTempFolder } from '../../../../support/temp-folder.ts';

const path = join(sharedTempFolder(), 'list.json.gz');
const damage = { complaints: 0, lines: 1, reasons: [{ line: 7, column: null, reason: 'has 3 cells' }] };
const SOURCES: readonly SegmentSource[] = [
  { file: 'd/sys_mem_20260115_151200Z.csv', size: 600, mtimeMs: 1_795_365_146_834, t: 1_795_358_712_871 },
  { file: 'd/sys_mem_20260115_000005Z.csv', size: 0, mtimeMs: 2, t: null, damage },
  { file: 'd/sys_mem_20260115_151300Z.csv', size: 601, mtimeMs: 3, t: 1_795_358_772_871 },
  { file: 'd/process_mem_20260115_151200_007Z.csv.gz', size: 57_463, mtimeMs: 1, t: 5, rows: 483 },
  { file: 'd/process_mem_20260115_001200_870Z.csv.gz', size: 57_463, mtimeMs: 1, t: 15, rows: 0 },
  { file: 'd/sys_mem_*.csv', size: 3, mtimeMs: 2, t: 7 },
];

test('a list of sources is read as it was written', () => {
  writeFileSync(path, formatSources(SOURCES));
  expect(readSourcesFile(path)).toEqual(SOURCES);
});

test('of an mtime a list has whole milliseconds, which is the same file', () => {
  const [source] = SOURCES;
  const stats = { size: source.size, mtimeMs: source.mtimeMs + 0.75 };
  writeFileSync(path, formatSources([{ ...source, ...stats }]));
  expect(readSourcesFile(path)).toEqual([source]);
  expect(isUnchanged(source, stats)).toBe(true);
  expect(isUnchanged(source, { ...stats, mtimeMs: source.mtimeMs + 1 })).toBe(false);
  expect(isUnchanged(source, { ...stats, size: 0 })).toBe(false);
});

test('a dump of a quiet minute takes some bytes of its list', () => {
  const minutes = Array.from({ length: 60 }, (_, minute) => ({
    file: `20260115/process_mem_20260115_15${String(minute).padStart(2, '0')}00Z.csv`,
    size: 57_463,
    mtimeMs: 1_768_489_200_020 + minute * 60_000,
    t: 1_768_489_200_004 + minute * 60_000,
    rows: 80,
  }));
  expect(formatSources(minutes).length).toBeLessThan(60 * 5);
});

test('a list of version 1, one source a line, is read too', () => {
  const sources = SOURCES.map(({ file, size, mtimeMs, t, rows, damage }) => {
    const cells = [file, size, mtimeMs, t];
    if (damage) return [...cells, null, damage];
    return rows === undefined ? cells : [...cells, rows];
  });
  writeFileSync(path, gzipSync(JSON.stringify({ version: 1, sources })));
  expect(readSourcesFile(path)).toEqual(SOURCES);
});

test('a list of version 2, a column a line, is read too', () => {
  const columns = {
    version: 2,
    file: SOURCES.map(({ file }) => file),
    size: SOURCES.map(({ size }) => size),
    mtimeMs: SOURCES.map(({ mtimeMs }) => mtimeMs),
    t: SOURCES.map(({ t }) => t),
    rows: SOURCES.map(({ rows = null }) => rows),
    damage: { 1: damage },
  };
  writeFileSync(path, gzipSync(JSON.stringify(columns)));
  expect(readSourcesFile(path)).toEqual(SOURCES);
});

test.each([
  ['of another version', { version: 4, file: ['x'] }],
  ['without one of its columns', { version: 2, file: ['x'], size: [1] }],
  ['whose files lack one', { version: 3, lists: [{ name: 'x', size: [1] }] }],
])('a list %s counts as nothing', (_, list) => {
  writeFileSync(path, gzipSync(JSON.stringify(list)));
  expect(readSourcesFile(path)).toEqual([]);
});
