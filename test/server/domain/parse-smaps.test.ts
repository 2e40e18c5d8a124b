import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Region } from '../../../server/domain/memory-regions.ts';
import { formatAddress } from '../../../server/domain/memory-regions.ts';
import { openSmapsParser, parseMapping } from '../../../server/domain/parse-smaps.ts';
import { effort } from '../../support/effort.ts';

const KEYS = [
  ...['Size', 'KernelPageSize', 'MMUPageSize', 'Rss', 'Pss', 'Pss_Dirty', 'Shared_Clean', 'Shared_Dirty'],
  ...['Private_Clean', 'Private_Dirty', 'Referenced', 'Anonymous', 'KSM', 'LazyFree', 'AnonHugePages'],
  ...['ShmemPmdMapped', 'FilePmdMapped', 'Shared_Hugetlb', 'Private_Hugetlb', 'Swap', 'SwapPss', 'Locked'],
];

/** One region as Linux 6.18 writes it; the k-th figure is `base + k` KiB. */
function regionText(head: string, base: number, keys = KEYS): string {
  const lines = keys.map((key, k) => `${`${key}:`.padEnd(16)}${String(base + k).padStart(8)} kB`);
  return [head, ...lines, 'THPeligible:           0', 'VmFlags: rd wr mr mw me ac ', ''].join('\n');
}

const HEADS = [
  '00400000-00b6f000 r--p 00000000 fe:00 260689                             /usr/bin/node',
  '7ffd12340000-7ffd12361000 rw-p 00000000 00:00 0                          [stack]',
  'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]',
];
const TEXT = HEADS.map((head, at) => regionText(head, at * 100)).join('');

function parse(
  text: string | Uint8Array,
  cuts: readonly number[] = [],
): { regions: Region[]; broken: number } {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const regions: Region[] = [];
  const parser = openSmapsParser((region) => regions.push({ ...region }));
  const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
  // One buffer for all pieces, as the reader has it: what is behind `length` is of the piece before.
  const buffer = new Uint8Array(bytes.length + 1);
  let start = 0;
  for (const end of ends) {
    buffer.set(bytes.subarray(start, end));
    parser.feed(buffer, end - start);
    start = end;
  }
  return { regions, broken: parser.finish() };
}

describe('smaps', () => {
  test('is read with every figure in bytes, in the order of addresses', () => {
    const { regions, broken } = parse(TEXT);
    expect(broken).toBe(0);
    expect(regions.map(({ start }) => formatAddress(start))).toEqual([
      '00400000',
      '7ffd12340000',
      'ffffffffff600000',
    ]);
    const kib = (key: string) => (100 + KEYS.indexOf(key)) * 1024;
    expect(regions[1]).toEqual({
      start: 0x7ffd12340000,
      end: 0x7ffd12361000,
      permissions: 'rw-p',
      offset: 0,
      device: '00:00',
      inode: 0,
      path: '[stack]',
      is_deleted: false,
      size_bytes: kib('Size'),
      kernel_page_bytes: kib('KernelPageSize'),
      rss_bytes: kib('Rss'),
      pss_bytes: kib('Pss'),
      shared_clean_bytes: kib('Shared_Clean'),
      shared_dirty_bytes: kib('Shared_Dirty'),
      private_clean_bytes: kib('Private_Clean'),
      private_dirty_bytes: kib('Private_Dirty'),
      swap_bytes: kib('Swap'),
      anonymous_bytes: kib('Anonymous'),
      swap_pss_bytes: kib('SwapPss'),
      locked_bytes: kib('Locked'),
      anon_huge_bytes: kib('AnonHugePages'),
      shmem_huge_bytes: kib('ShmemPmdMapped'),
      file_huge_bytes: kib('FilePmdMapped'),
      shared_hugetlb_bytes: kib('Shared_Hugetlb'),
      private_hugetlb_bytes: kib('Private_Hugetlb'),
      flags: 'rd wr mr mw me ac',
    });
  });

  test('cut anywhere, it says the same', () => {
    const whole = parse(TEXT).regions;
    fc.assert(
      fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 40 }), (cuts) => {
        expect(parse(TEXT, cuts).regions).toEqual(whole);
      }),
      { numRuns: effort(60, 2000) },
    );
    expect(
      parse(
        TEXT,
        Array.from({ length: TEXT.length }, (_, at) => at),
      ).regions,
    ).toEqual(whole);
  });

  test('of a kernel that tells less has unknown figures, not zeros', () => {
    const old = KEYS.filter((key) => !['SwapPss', 'FilePmdMapped', 'ShmemPmdMapped'].includes(key));
    const [region] = parse(regionText(HEADS[0], 4, old)).regions;
    expect(region).toMatchObject({ swap_pss_bytes: null, file_huge_bytes: null, shmem_huge_bytes: null });
    expect(region.locked_bytes).toBe((4 + old.indexOf('Locked')) * 1024);
  });

  test('with its lines in another order from one region to the next is read just the same', () => {
    const [, second] = parse(regionText(HEADS[0], 0) + regionText(HEADS[1], 9, KEYS.toReversed())).regions;
    expect(second.size_bytes).toBe((9 + KEYS.length - 1) * 1024);
    expect(second.locked_bytes).toBe(9 * 1024);
  });

  test('that ends in the middle of a region tells how many were not whole', () => {
    const { regions, broken } = parse(TEXT.slice(0, TEXT.indexOf('Pss:', TEXT.indexOf('vsyscall'))));
    expect(regions.length).toBe(2);
    expect(broken).toBe(1);
  });
});

describe('a line of maps', () => {
  const path = (name: string) =>
    parseMapping(`7f0000000000-7f0000001000 r--p 00000000 fe:00 12                           ${name}`);

  test('has its path in dump notation: a newline, which the kernel writes as \\012, is \\x0a', () => {
    expect(path('/tmp/a\\\\012b')).toMatchObject({ path: '/tmp/a\\x0ab', is_deleted: false });
  });

  test('keeps blanks in a path, and takes the mark of a deleted file off', () => {
    expect(path('/tmp/a  b (deleted)')).toMatchObject({ path: '/tmp/a  b', is_deleted: true });
  });

  test('that is none is refused', () => {
    for (const line of ['', 'Size: 4 kB', '7f-8f rwxq 0 0:0 0', 'zz-8f r--p 0 0:0 0'])
      expect(parseMapping(line)).toBeNull();
  });

  test('with a hostile name stays one line: bytes are escaped by the parser', () => {
    const head =
      '7f0000000000-7f0000001000 r--p 00000000 fe:00 12                           /tmp/\x1b[2J\xff\\012x';
    const [region] = parse(regionText(head, 0)).regions;
    expect(region.path).toBe('/tmp/\\x1b[2J\\xff\\x0ax');
  });
});
