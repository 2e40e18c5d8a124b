import { describe, expect, test } from 'vitest';
import { isMeminfoCount, SYSTEM_METRICS } from '../../../server/domain/system-metrics.ts';

function repeated(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

describe('the catalogue of system metrics', () => {
  test('names each metric and each column once', () => {
    expect(repeated(SYSTEM_METRICS.map(({ id }) => id))).toEqual([]);
    expect(repeated(SYSTEM_METRICS.map(({ stored }) => stored.column))).toEqual([]);
    for (const { id } of SYSTEM_METRICS) expect(id).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
  });

  test('says of each what it is', () => {
    for (const { label, help } of SYSTEM_METRICS) {
      expect(label).not.toBe('');
      expect(help).toMatch(/^[A-Za-z].*\.$/);
    }
  });

  test('takes any of them as unknown: kernels differ', () => {
    for (const { id, nullable, stored } of SYSTEM_METRICS)
      expect([id, nullable, stored.required]).toEqual([id, true, false]);
  });

  test('stores meminfo in kB under the key of the kernel', () => {
    for (const { unit, stored } of SYSTEM_METRICS) {
      if (stored.source.file !== 'meminfo') continue;
      expect([stored.column, stored.scale, unit]).toEqual([`${stored.source.key}_KB`, 1024, 'bytes']);
    }
  });

  test('stores pressure and counters under the columns of the dump format', () => {
    const others = SYSTEM_METRICS.filter(({ stored }) => stored.source.file !== 'meminfo');
    expect(others.map(({ stored }) => stored.column).join(',')).toBe(
      'PSI_SOME_AVG10,PSI_SOME_AVG60,PSI_SOME_TOTAL_US,PSI_FULL_AVG10,PSI_FULL_AVG60,PSI_FULL_TOTAL_US,' +
        'OOM_KILL,PSWPIN,PSWPOUT,PGMAJFAULT',
    );
  });

  test('keeps two decimals of PSI averages and none of anything else', () => {
    for (const { id, unit, stored } of SYSTEM_METRICS)
      expect([id, stored.decimals]).toEqual([id, unit === 'percent' ? 2 : 0]);
  });

  test('has shared memory: without it a tmpfs hog is invisible', () => {
    expect(SYSTEM_METRICS.find(({ id }) => id === 'shmem_bytes')?.stored.column).toBe('Shmem_KB');
  });
});

test.each([
  ['HugePages_Total', true],
  ['HugePages_Free', true],
  ['HugePages_Rsvd', true],
  ['HugePages_Surp', true],
  ['AnonHugePages', false],
  ['Hugepagesize', false],
  ['Hugetlb', false],
  ['MemTotal', false],
])('the meminfo key %s is a count of pages: %s', (key, isCount) => {
  expect(isMeminfoCount(key)).toBe(isCount);
});
