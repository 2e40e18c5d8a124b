import { describe, expect, test } from 'vitest';
import type { Region, RegionClass } from '../../../server/domain/memory-regions.ts';
import { BASIC_FIGURES, LATER_FIGURES, REGION_CLASS_IDS } from '../../../server/domain/memory-regions.ts';
import { parseMapping } from '../../../server/domain/parse-smaps.ts';
import type { AddressSpace } from '../../../server/domain/region-rules.ts';
import { classOf, openSpaceSurvey, REGION_RULES } from '../../../server/domain/region-rules.ts';

const ZERO = Object.fromEntries([...BASIC_FIGURES, ...LATER_FIGURES].map(({ id }) => [id, 0]));

function regionOf(line: string, flags = ''): Region {
  const mapping = parseMapping(line);
  if (!mapping) throw new Error(`not a line of maps: ${line}`);
  return { ...mapping, ...(ZERO as Pick<Region, 'size_bytes'>), flags } as Region;
}

const at = (range: string, rest: string) => `${range} ${rest}`;
const anywhere = (rest: string) => at('7f0000000000-7f0000001000', rest);

/** A line of maps, its VmFlags, what it is. Lines of one program, /opt/app/run, as kernels write them. */
const FIXTURES: readonly (readonly [string, RegionClass, string?])[] = [
  [anywhere('---p 00000000 00:00 0 '), 'guard'],
  [anywhere('---p 00002000 fe:00 7                    /opt/app/libown.so'), 'guard'],
  [anywhere('---s 00000000 00:05 7                    /dev/zero (deleted)'), 'guard'],
  [anywhere('r-xp 00000000 00:00 0                    [vdso]'), 'vdso'],
  [anywhere('r--p 00000000 00:00 0                    [vvar_vclock]'), 'vdso'],
  [at('ffffffffff600000-ffffffffff601000', '--xp 00000000 00:00 0 [vsyscall]'), 'vdso'],
  [anywhere('rw-p 00000000 00:00 0                    [stack]'), 'stack'],
  [anywhere('rw-p 00000000 00:00 0                    [stack:812]'), 'stack'],
  [anywhere('rw-p 00000000 00:00 0                    [anon: glibc: pthread stack: 812]'), 'stack'],
  [anywhere('rw-p 00000000 00:00 0 '), 'stack', 'rd wr mr mw me gd ac'],
  [anywhere('rw-p 00000000 00:00 0                    [heap]'), 'heap'],
  [anywhere('rw-p 00000000 00:00 0                    [anon: glibc: malloc arena]'), 'heap'],
  [anywhere('rw-p 00000000 00:00 0                    [anon:libc_malloc]'), 'heap'],
  [anywhere('r-xp 00001000 fe:00 9                    /opt/app/run'), 'text'],
  [anywhere('r--p 00000000 fe:00 9                    /opt/app/run'), 'data'],
  [anywhere('rw-p 00003000 fe:00 9                    /opt/app/run'), 'data'],
  [at('00405000-00409000', 'rw-p 00000000 00:00 0 '), 'data'],
  [anywhere('rw-s 00000000 00:17 4                    /dev/shm/pool'), 'shm'],
  [anywhere('rw-s 00000000 00:01 5                    /SYSV0000162e (deleted)'), 'shm'],
  [anywhere('rw-s 00000000 00:01 6                    /memfd:wayland-shm (deleted)'), 'shm'],
  [anywhere('rw-p 00000000 00:01 6                    /memfd:jit (deleted)'), 'shm'],
  [anywhere('rw-s 00000000 00:01 7                    /dev/zero (deleted)'), 'shm'],
  [anywhere('rw-s 00000000 00:0f 8                    /anon_hugepage (deleted)'), 'shm'],
  [anywhere('rw-s 00000000 00:00 0                    [anon_shmem:pool]'), 'shm'],
  [anywhere('r-xp 00001000 fe:00 7                    /opt/app/libown.so'), 'library'],
  [anywhere('rw-p 00002000 fe:00 7                    /opt/app/libown.so.2.1'), 'library'],
  [anywhere('r--p 00000000 fe:00 7                    /opt/app/libgone.so (deleted)'), 'library'],
  [anywhere('r--p 00000000 fe:00 8                    /opt/app/plugin.node'), 'library'],
  [anywhere('rw-p 00000000 00:00 0 '), 'anonymous'],
  [anywhere('rwxp 00000000 00:00 0 '), 'anonymous'],
  [anywhere('rw-p 00000000 00:00 0                    [anon:v8]'), 'anonymous'],
  [anywhere('rw-p 00000000 00:05 7                    /dev/zero'), 'anonymous'],
  [anywhere('rw-p 00000000 00:0f 9                    /anon_hugepage (deleted)'), 'anonymous'],
  [anywhere('r--s 00000000 fe:00 12                   /var/lib/db/table.dat'), 'file'],
  [anywhere('r--p 00000000 fe:00 13                   /usr/lib/locale/C.utf8/LC_CTYPE'), 'file'],
  [anywhere('r--p 00000000 fe:00 14                   /srv/data/heap stack.so.txt/x'), 'file'],
  [anywhere('rw-s 00000000 00:0d 15                   anon_inode:[io_uring]'), 'other'],
  [anywhere('rw-s 00000000 00:08 16                   socket:[4711]'), 'other'],
];

/** plugin.node is a library because some of it is executable; its name does not tell. */
const SURVEYED = [
  '00400000-00405000 rw-p 00003000 fe:00 9 /opt/app/run',
  '7f0000100000-7f0000101000 r-xp 00001000 fe:00 8 /opt/app/plugin.node',
  '7f0000200000-7f0000201000 r-xp 00001000 fe:00 9 /opt/app/run',
];

function survey(): AddressSpace {
  const open = openSpaceSurvey({ path: '/opt/app/run', is_deleted: false });
  for (const line of SURVEYED) open.add(regionOf(line));
  return open.finish();
}

describe('the class of a region', () => {
  const space = survey();

  test.each(FIXTURES.map(([line, is, flags = '']) => [line, is, flags] as const))(
    '%s is %s',
    (line, expected, flags) => {
      expect(classOf(regionOf(line, flags), space)).toBe(expected);
    },
  );

  test('every rule decides a fixture, and every class has a rule', () => {
    const deciding = new Set(
      FIXTURES.map(([line, , flags]) =>
        REGION_RULES.find(({ holds }) => holds(regionOf(line, flags), space)),
      ),
    );
    expect(REGION_RULES.filter((rule) => !deciding.has(rule))).toEqual([]);
    expect(REGION_RULES.map((rule) => rule.class).sort()).toEqual([...REGION_CLASS_IDS].sort());
  });

  test('the same name on another file is not the program: it was replaced since it started', () => {
    const deleted = { ...space, program: { path: '/opt/app/run', is_deleted: true } };
    const replaced = regionOf(anywhere('r-xp 00001000 fe:00 10 /opt/app/run'));
    expect(classOf(replaced, { ...deleted, executed: new Set(['fe:00 10']) })).toBe('library');
  });

  test('where the program cannot be told, its mappings are those of a file that is executed', () => {
    const unknown = { program: null, executed: new Set(['fe:00 9']), programEnd: Number.NaN };
    expect(classOf(regionOf(anywhere('r-xp 00001000 fe:00 9 /opt/app/run')), unknown)).toBe('library');
  });
});
