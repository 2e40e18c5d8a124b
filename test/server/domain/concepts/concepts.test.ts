import { describe, expect, test } from 'vitest';
import { FIGURES, parseParagraph } from '../../../../server/domain/concepts/concept.ts';
import { CONCEPTS, conceptOf } from '../../../../server/domain/concepts/concepts.ts';
import { topicOfTerm } from '../../../../server/domain/concepts/topics.ts';

const pieces = CONCEPTS.flatMap(({ id, text, advice }) =>
  [...text, ...advice].flatMap((paragraph) => parseParagraph(paragraph).map((piece) => ({ id, piece }))),
);

describe('the concepts', () => {
  test('lead to each other, and nowhere else', () => {
    const links = pieces.flatMap(({ id, piece }) => (piece.kind === 'link' ? [[id, piece.id]] : []));
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter(([from, to]) => conceptOf(to) === null || from === to)).toEqual([]);
  });

  test('hold every figure that there is, and no other', () => {
    const used = new Set(pieces.flatMap(({ piece }) => (piece.kind === 'figure' ? [piece.id] : [])));
    expect([...used].sort()).toEqual(Object.keys(FIGURES).sort());
  });

  test('each name a source, say it in a sentence, and give some advice', () => {
    for (const { id, short, sources, advice, text } of CONCEPTS) {
      expect([id, sources.length > 0, advice.length > 0, text.length > 1]).toEqual([id, true, true, true]);
      expect(short).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('do not share a term, whatever its case', () => {
    const terms = CONCEPTS.flatMap(({ terms: own }) => own.map((term) => term.toLowerCase()));
    expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual([]);
    expect(topicOfTerm('pss')?.id).toBe('rss-pss-uss');
    expect(topicOfTerm('no such word')).toBeNull();
    expect(topicOfTerm('Subtree RSS max')?.id).toBe('rss-pss-uss');
    expect(topicOfTerm('Pressure, some')?.id).toBe('psi');
    expect(topicOfTerm('memory.max')?.id).toBe('cgroups');
    expect(topicOfTerm('Processes')).toBeNull();
  });
});

describe('a paragraph', () => {
  test('is text, figures and links, in their order, and nothing of it is lost', () => {
    expect(parseParagraph('It has {rss}, see [swap](swap); a [heap] stays.')).toEqual([
      { kind: 'text', text: 'It has ' },
      { kind: 'figure', id: 'rss' },
      { kind: 'text', text: ', see ' },
      { kind: 'link', id: 'swap', text: 'swap' },
      { kind: 'text', text: '; a [heap] stays.' },
    ]);
  });

  test('with a figure that does not exist is a mistake of ours', () => {
    expect(() => parseParagraph('{rs}')).toThrow('there is no figure rs');
  });
});
