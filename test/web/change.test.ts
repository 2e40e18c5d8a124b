import { describe, expect, test } from 'vitest';
import { changeOf, compareChanges, formatOrder, isMarked, readOrder } from '../../web/lib/change.ts';

const grew = { rss_bytes: 50, subtree_rss_bytes: 80, base_rss_bytes: 20, base_subtree_rss_bytes: 90 };
const born = { rss_bytes: 40, subtree_rss_bytes: 40, base_rss_bytes: null, base_subtree_rss_bytes: null };
const still = { rss_bytes: 7, subtree_rss_bytes: 7, base_rss_bytes: 7, base_subtree_rss_bytes: 7 };

describe('A change', () => {
  test('is what is held now less what was held then, own and with the subtree', () => {
    expect(changeOf(grew, 'change_rss')).toEqual({ bytes: 30, isNew: false });
    expect(changeOf(grew, 'change_subtree')).toEqual({ bytes: -10, isNew: false });
  });

  test('of a new process is all that it holds; without a base there is none', () => {
    expect(changeOf(born, 'change_rss')).toEqual({ bytes: 40, isNew: true });
    expect(changeOf({ rss_bytes: 5 }, 'change_rss')).toBeNull();
  });

  test('orders rows either way, new ones by their size', () => {
    const rows = [still, grew, born];
    expect([...rows].sort(compareChanges({ id: 'change_rss', dir: 'desc' }))).toEqual([born, grew, still]);
    expect([...rows].sort(compareChanges({ id: 'change_subtree', dir: 'asc' }))).toEqual([grew, still, born]);
  });

  test('is marked from half a percent of RAM on', () => {
    expect(isMarked(50, 10_000)).toBe(true);
    expect(isMarked(49, 10_000)).toBe(false);
    expect(isMarked(-500, 10_000)).toBe(false);
    expect(isMarked(64 * 1024 * 1024, null)).toBe(true);
  });
});

test.each(['change_rss', '-change_rss', 'change_subtree', '-change_subtree'])(
  'the order %s is read as it is written',
  (text) => {
    const order = readOrder(text);
    expect(order && formatOrder(order)).toBe(text);
  },
);

test.each([undefined, '', 'rss_bytes', '--change_rss', '-trend'])('%s is no order by change', (text) => {
  expect(readOrder(text)).toBeNull();
});
