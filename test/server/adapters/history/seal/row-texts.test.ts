import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  numberOfTexts,
  openRowTexts,
  textOf,
} from '../../../../../server/adapters/history/seal/row-texts.ts';
import { TEXT_COLUMNS } from '../../../../../server/domain/metrics.ts';

const WORDS = fc.option(fc.constantFrom('', 'a', 'b', 'R', 'S'), { nil: null });
const ROWS = fc.array(
  fc.record({
    slot: fc.nat(3),
    texts: fc.array(WORDS, { minLength: TEXT_COLUMNS.length, maxLength: TEXT_COLUMNS.length }),
  }),
);

describe('texts of rows', () => {
  it('are found again by their number, whatever the same pid and others have shown before', () => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const texts = openRowTexts();
        const table = TEXT_COLUMNS.map((_, column) => rows.map((row) => row.texts[column]));
        const numbers = rows.map(({ slot }, row) => numberOfTexts(texts, slot, table, row));
        const found = numbers.map((number) => TEXT_COLUMNS.map((_, column) => textOf(texts, number, column)));
        expect(found).toEqual(rows.map((row) => row.texts));
      }),
    );
  });

  it('have one number where a process goes to and fro between a few', () => {
    const texts = openRowTexts();
    const shown = ['R', 'S', 'D', 'S', 'R', 'S'];
    const table = TEXT_COLUMNS.map(() => shown);
    const numbers = shown.map((_, row) => numberOfTexts(texts, 0, table, row));
    expect(numbers).toEqual([0, 1, 2, 1, 0, 1]);
  });
});
