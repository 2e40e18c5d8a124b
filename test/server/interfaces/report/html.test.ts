import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, html } from '../../../../server/interfaces/report/html.ts';

test('whatever is put into a template is text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('p', '<', '&lt;', '"')), (text) => {
      const escaped = escapeHtml(text);
      expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});

test('markup within markup stays markup, and nothing is nothing', () => {
  const cells = ['<a>', 'b'].map((cell) => html`<td>${cell}</td>`);
  expect(html`<tr>${cells}${null}${7}</tr>`.text).toBe('<tr><td>&lt;a&gt;</td><td>b</td>7</tr>');
});
