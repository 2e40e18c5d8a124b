import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openStatLine, parseInteger, parseStat } from '../../../collector/sources/parse-stat.ts';
import { statLine } from '../fake-proc.ts';

function parse(bytes: Buffer) {
  const line = openStatLine();
  const isStat = parseStat(bytes, bytes.length, line);
  const comm = bytes.subarray(line.commStart, line.commEnd);
  return { isStat, comm, state: String.fromCharCode(line.state), fields: line.fields };
}

const oddNames = [
  ') (x) R 1',
  'a\nb',
  '\x1b]0;pwn\x07',
  Buffer.from([0xff, 0xfe, 0x80, 0x62]),
  '',
  'kworker/0:1-ev',
  '((sd-pam))',
  'Web Content',
  'back\\slash',
  'tab\there\r',
  ')',
  '(',
  '))))',
];

describe('/proc/PID/stat', () => {
  test.each(oddNames)('ends comm at the last parenthesis: %j', (name) => {
    const { isStat, comm, state, fields } = parse(statLine({ pid: 42, ppid: 7, comm: name, startTicks: 99 }));
    expect({ isStat, state, ppid: fields[4], start: fields[22], threads: fields[20] }).toEqual({
      isStat: true,
      state: 'S',
      ppid: 7,
      start: 99,
      threads: 3,
    });
    expect(comm).toEqual(Buffer.from(name));
  });

  test('gives any comm back, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(), (name, ppid) => {
        const { isStat, comm, fields } = parse(statLine({ pid: 1, ppid, comm: Buffer.from(name) }));
        expect(isStat).toBe(true);
        expect(comm).toEqual(Buffer.from(name));
        expect(fields[4]).toBe(ppid);
      }),
    );
  });

  test('of an older kernel lacks the last fields, which are then unknown', () => {
    const line = statLine({ pid: 1 }).toString().split(' ').slice(0, 40).join(' ');
    const { isStat, fields } = parse(Buffer.from(line));
    expect(isStat).toBe(true);
    expect(fields[48]).toBeNaN();
  });

  test.each([
    ['nothing', ''],
    ['no parentheses', '1 sleep S 1 1'],
    ['no state', '1 (sleep)'],
    ['a state that is no letter', '1 (sleep) 0 1 1'],
    ['too few fields', '1 (sleep) S 1 2 3'],
    ['a parent that is no number', statLine({ pid: 1 }).toString().replace('S 1', 'S x')],
    ['a negative start', statLine({ pid: 1, startTicks: -5 })],
  ])('is refused with %s', (_what, text) => {
    expect(parse(Buffer.from(text)).isStat).toBe(false);
  });
});

test.each([
  ['0', 0],
  ['-1', -1],
  ['9007199254740991', 9007199254740991],
  ['18446744073709551615', Number.NaN],
  ['', Number.NaN],
  ['-', Number.NaN],
  ['1x', Number.NaN],
  ['1e3', Number.NaN],
])('the word %j is the number %d', (word, value) => {
  expect(parseInteger(Buffer.from(word), 0, word.length)).toBe(value);
});
