import { expect, test } from 'vitest';
import { figuresSheet } from '../../../../server/interfaces/http/figures-sheet.ts';

test('a view that is no table is one figure a row, named by the way to it; the unknown have a row and no value', () => {
  const view = {
    host: 'a',
    memory: { total_bytes: 3, free_bytes: null },
    groups: [{ isCut: true }],
    none: [],
  };
  expect(figuresSheet(['x'], view)).toEqual({
    name: ['x'],
    columns: ['figure', 'value', 'text'],
    rows: [
      { figure: 'host', value: null, text: 'a' },
      { figure: 'memory.total_bytes', value: 3, text: null },
      { figure: 'memory.free_bytes', value: null, text: null },
      { figure: 'groups.0.isCut', value: null, text: 'true' },
    ],
  });
});
