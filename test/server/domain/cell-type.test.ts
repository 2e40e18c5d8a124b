import { describe, expect, test } from 'vitest';
import type { CellValue } from '../../../server/domain/cell-type.ts';
import { typedColumn } from '../../../server/domain/cell-type.ts';

const typeOf = (name: string, ...values: readonly CellValue[]) => typedColumn(name, values).type;

describe('the type of a column', () => {
  test.each([
    ['rss_bytes', 'integer'],
    ['rss_mean_bytes', 'number'],
    ['subtree_rss_mean_bytes', 'number'],
    ['cpu_seconds', 'number'],
    ['started', 'instant'],
    ['t', 'instant'],
    ['weak_identity', 'flag'],
    ['matched', 'flag'],
    ['cmd', 'text'],
    ['pid', 'integer'],
    ['swap_in_bytes_per_second', 'number'],
    ['something_else', 'text'],
  ] as const)('%s is %s, whatever is in it, and where nothing is', (name, type) => {
    expect(typeOf(name)).toBe(type);
    expect(typeOf(name, null, null)).toBe(type);
  });

  test('is a wider one where a value is not of it', () => {
    expect(typeOf('rss_bytes', 1, 2.5)).toBe('number');
    expect(typeOf('rss_bytes', 2 ** 60)).toBe('number');
    expect(typeOf('t', '2026-01-15T12:00:00.000Z', 'soon')).toBe('text');
    expect(typeOf('cmd', '=1', null)).toBe('text');
  });

  test('is what the values are where the name tells nothing', () => {
    expect(typeOf('other', true, null)).toBe('flag');
    expect(typeOf('other', 1, 2)).toBe('integer');
    expect(typeOf('other', 1, 0.5)).toBe('number');
    expect(typedColumn('other', [1, 'two', null])).toMatchObject({
      type: 'text',
      values: ['1', 'two', null],
    });
  });
});
