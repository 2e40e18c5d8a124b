import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, html } from '../../../../server/interfaces/report/html.ts';

test('whatever is put into a template is text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(html`<p title="${text}">${text}</p>`.text.replaceAll(escapeHtml(text), '')).toBe(
        '<p title=""></p>',
      );
      expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});

test('markup within markup stays markup, and nothing is nothing', () => {
  const cells = ['<a>', 'b'].map((cell) => html`<td>${cell}</td>`);
  expect(html`<tr>${cells}${null}${7}</tr>`.text).toBe('<tr><td>&lt;a&gt;</td><td>b</td>7</tr>');
});
