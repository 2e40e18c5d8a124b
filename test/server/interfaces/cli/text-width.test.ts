import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayText, escapeText } from '../../../../server/domain/text-notation.ts';
import { cutToWidth, fitToWidth, textWidth } from '../../../../server/interfaces/cli/text-width.ts';

describe('the width of a text in a terminal', () => {
  test.each([
    ['plain', 5],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩', 2],
    ['ａ', 2],
    ['▁▂█…', 4],
    ['', 0],
  ])('%j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test('a cut text fits, and never holds half of a wide letter', () => {
    expect(cutToWidth('日本語', 4)).toBe('日…');
    expect(cutToWidth('日本語', 6)).toBe('日本語');
    expect(cutToWidth('abc', 0)).toBe('');
  });

  test('whatever the text, it is cut to the width and filled to exactly the width', () => {
    const texts = fc.string({ unit: 'binary' }).map((text) => displayText(escapeText(text)));
    fc.assert(
      fc.property(texts, fc.nat(40), fc.boolean(), (text, width, isLeft) => {
        expect(textWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width);
        expect(textWidth(fitToWidth(text, width, isLeft))).toBe(width);
      }),
    );
  });
});
