import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dumpFileName,
  formatByName,
  isDumpPattern,
  openDumpNames,
  parseDumpName,
} from '../../../server/domain/dump-names.ts';
import { formatStamp, instantOfStamp } from '../../../server/domain/stamp.ts';

describe('the name of a dump', () => {
  test.each([
    ['process_mem_20260115_120000Z.csv', 'process', '20260115_120000Z', false],
    ['sys_mem_20260115_120000_250Z.csv', 'system', '20260115_120000_250Z', false],
    ['process_mem_20260115_120000.csv', 'process', '20260115_120000', false],
    ['sys_mem_20260115_120000_001.csv.gz', 'system', '20260115_120000_001', true],
    ['sys_mem_19700101_000000Z.csv', 'system', '19700101_000000Z', false],
    ['sys_mem_20260329_023000.csv', 'system', '20260329_023000', false],
  ])('%s tells its role, stamp and compression', (name, role, stampText, compressed) => {
    expect(parseDumpName(name)).toMatchObject({ role, stampText, compressed });
  });

  test.each([
    'process_mem_21000229_000000Z.csv',
    'process_mem_20260230_120000Z.csv',
    'process_mem_20260115_250000Z.csv',
    'process_mem_20260115_120000z.csv',
    'process_mem_20260115.csv',
    'process_mem_20260115_120000Z.csv.tmp',
    'process_mem_20260115_120000Z.csv.gz.gz',
    'process_mem_20260115_120000Z.CSV',
    'process_mem_20260115_120000Z.csv\n',
    'process_mem_20260115_120000_12Z.csv',
    ' process_mem_20260115_120000Z.csv',
    '.process_mem_20260115_120000Z.csv.123.tmp',
    'a/process_mem_20260115_120000Z.csv',
    'swap_mem_20260115_120000Z.csv',
    'protected.csv',
    '<img src=x onerror=alert(1)>.csv',
    '-rf.csv',
    '..csv',
    '',
  ])('is not %j', (name) => {
    expect(parseDumpName(name)).toBeNull();
  });

  test('written is the name that is read, for both files of a pair', () => {
    const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11) });
    fc.assert(
      fc.property(instants, fc.constantFrom('process', 'system'), (t, role) => {
        const stampText = formatStamp(t, true);
        const name = parseDumpName(dumpFileName(role, stampText));
        expect(name).toMatchObject({ role, stampText, compressed: false });
        expect(name && instantOfStamp(name.stamp, 'Europe/Berlin')).toBe(t);
      }),
    );
  });
});

describe('names that somebody else chose for dumps', () => {
  const parse = openDumpNames({ process: 'proc.(a)-*-of-db1.csv', system: '*.txt' });

  test('tell role, stamp and compression, and nothing is special but the *', () => {
    expect(parse('proc.(a)-20260115_120000-of-db1.csv.gz')).toMatchObject({
      role: 'process',
      stampText: '20260115_120000',
      compressed: true,
    });
    expect(parse('20260115_120000_250Z.txt')).toMatchObject({
      role: 'system',
      stampText: '20260115_120000_250Z',
    });
  });

  test.each([
    'procx(a)-20260115_120000-of-db1.csv',
    'process_mem_20260115_120000Z.csv',
    'notes.txt',
    'x20260115_120000.txt',
  ])('%s is not one of them', (name) => expect(parse(name)).toBeNull());

  test.each(['sys_mem.csv', '*_*.csv', 'dumps/sys_mem_*.csv', 'sys_mem_*.{csv,txt}', 'sys_mem_?*.csv', ''])(
    '%j is no pattern of them',
    (text) => expect(isDumpPattern(text)).toBe(false),
  );
});

describe('The format of a dump', () => {
  test.each([
    ['20260301/process_mem_20260301_000000Z.csv', 'v2'],
    ['db1/sys_mem_20260301_000000_250Z.csv.gz', 'v2'],
    ['process_mem_20260301_000000.csv', 'seed'],
    ['host_20260301_000000Z/20260301/sys_mem_20260301_000000.csv', 'seed'],
    ['20260301_000000Z.txt', 'v2'],
  ])('is told by the name of %s alone: %s', (path, format) => expect(formatByName(path)).toBe(format));
});
