import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCsv } from '../../server/interfaces/csv.ts';
import { guardText } from '../../web/lib/tsv.ts';

function isGuardedInCsv(text: string): boolean {
  return encodeCsv(['x'], [{ x: text }]) !== encodeCsv(['x'], [{ x: text }], true);
}

/** Texts that begin as formulas do, and any others. */
const begin = fc.constantFrom(
  '',
  '=',
  '+',
  '-',
  '@',
  '|',
  '%',
  '\uff0b',
  '\uff1d',
  '\ufeff=',
  ' =',
  '\u200b-',
  'a',
  '/',
);
const cell = fc.tuple(begin, fc.string({ unit: 'grapheme' })).map((parts) => parts.join(''));

test('whatever the CSV export makes harmless is made so on the clipboard too, numbers apart', () => {
  fc.assert(
    fc.property(cell, (text) => {
      const isNumber = /^-?\d+(\.\d+)?$/.test(text);
      if (isGuardedInCsv(text) && !isNumber) expect(guardText(text)).toBe(`'${text}`);
    }),
    { numRuns: 2000 },
  );
});

test('commands, users, sizes and changes stay as they are', () => {
  for (const text of [
    '',
    '/usr/bin/node server.js',
    '[kthreadd]',
    'www-data',
    '-41943040',
    '12.5',
    '≤ 1000',
    '–',
    'été',
  ])
    expect(guardText(text)).toBe(text);
});
