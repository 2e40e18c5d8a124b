import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeMeminfoKey } from '../../../server/domain/meminfo-glossary.ts';
import { SYSTEM_METRICS } from '../../../server/domain/system-metrics.ts';

test('every key of the kernel that runs here has one plain sentence', () => {
  const keys = readFileSync('/proc/meminfo', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(':')));
  const untold = keys.filter((key) => describeMeminfoKey(key) === null);
  expect(untold).toEqual([]);
  for (const key of keys) expect(describeMeminfoKey(key)).toMatch(/^\w.*\.$/);
});

test('a recorded key means what the catalogue says', () => {
  const shmem = SYSTEM_METRICS.find(({ id }) => id === 'shmem_bytes');
  expect(describeMeminfoKey('Shmem')).toBe(shmem?.help);
});

test('a key that nobody has described has no sentence', () => {
  expect(['Novelty', '__proto__', 'constructor', ''].map(describeMeminfoKey)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
