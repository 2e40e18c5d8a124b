import { expect, test } from 'vitest';
import { parseKeyedLines, wantedKey } from '../../../collector/sources/parse-keyed-lines.ts';

const status = 'Name:\tVmHWM: 5\nUid:\t1\t22\t3\t4\nVmHWM:\t    1760 kB\nVmSwap:\t       0 kB\nThreads:\t9\n';

function figures(text: string, ...wanted: readonly (readonly [string, number?])[]) {
  const keys = wanted.map(([key, nth]) => wantedKey(key, nth));
  const into = new Float64Array(keys.length);
  const bytes = Buffer.from(text);
  parseKeyedLines(bytes, bytes.length, keys, into);
  return [...into];
}

test('kB are bytes of 1024, a bare number is itself, and a 0 is a 0', () => {
  expect(figures(status, ['VmHWM'], ['Threads'], ['VmSwap'])).toEqual([1760 * 1024, 9, 0]);
});

test('the second number of a line can be asked for', () => {
  expect(figures(status, ['Uid', 1])).toEqual([22]);
});

test('a key counts only at the start of its line and as a whole', () => {
  expect(figures('xPss: 1 kB\nPss_Dirty: 2 kB\nPss:  3 kB\n', ['Pss'])).toEqual([3072]);
});

test.each(['', 'VmHWM:', 'VmHWM:\n5 kB\n', 'VmHWM:\tmany kB\n', 'VmHW'])('%j holds no VmHWM', (text) => {
  expect(figures(text, ['VmHWM'])).toEqual([Number.NaN]);
});

test('what an earlier, longer file left in the buffer is not read', () => {
  const into = new Float64Array(1);
  parseKeyedLines(Buffer.from('Name:\tx\nPss: 5 kB\n'), 8, [wantedKey('Pss')], into);
  expect([...into]).toEqual([Number.NaN]);
});
