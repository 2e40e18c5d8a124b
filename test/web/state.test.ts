import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalView, isFollowing, isSamePlace } from '../../web/about-view.ts';
import type { PageId, View } from '../../web/state.ts';
import {
  changeView,
  dataHrefOf,
  hrefOf,
  linkTo,
  PAGES,
  parseView,
  readSet,
  toggleInSet,
} from '../../web/state.ts';

const NAMES = [
  'host', 'ts', 'lvl', 'pid', 'key', 'from', 'to', 'window', 'min_life', 'min_rss', 'min_subtree', 'q', 'limit',
  'sort', 'dir', 'cols', 'height', 'fold', 'hide', 'base', 'user', 'exe', 'cgroup', 'state', 'shown', 'view', 'by',
  'metric', 'small', 'unit', 'tz', 'watch', 'edit', 'since',
]; // biome-ignore format: one list

function viewAt(href: string): View {
  return parseView(new URL(href, 'http://127.0.0.1:8000'));
}

const anyView = fc
  .record({
    page: fc.constantFrom(...(Object.keys(PAGES) as PageId[])),
    params: fc.dictionary(
      fc.constantFrom(...NAMES, 'unknown'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
  })
  .map(({ page, params }) => viewAt(`${PAGES[page]}?${new URLSearchParams(params)}`));

describe('The view and its URL', () => {
  test('say the same, for every view', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(viewAt(hrefOf(view))).toEqual(view);
      }),
    );
  });

  test('one view has one URL, in whatever order its parameters were written', () => {
    const written = viewAt('/api/v1/snapshot/level?sort=pid&lvl=2&nonsense=1&min_rss=&ts=latest');
    expect(hrefOf(written)).toBe('/api/v1/snapshot/level?ts=latest&sort=pid&lvl=2');
  });

  test('a tab that there is not is the summary, whatever it is called', () => {
    for (const tab of ['strange', '__proto__', 'constructor'])
      expect(dataHrefOf(viewAt(`/analyze?tab=${tab}`), 'json')).toBe('/api/v1/analyze/summary?format=json');
  });

  test('a path that is none of ours keeps its name and nothing else', () => {
    expect(viewAt('/api/v1/nope?pid=1')).toEqual({ page: 'unknown', path: '/api/v1/nope', params: {} });
  });
});

describe('The link to this moment', () => {
  test('names the instant or the stretch that is shown, however the view asked for it', () => {
    const level = viewAt('/api/v1/snapshot/level?ts=-3m&lvl=1');
    expect(canonicalView(level, { ts: '2026-01-15T12:00:00.000Z' }).params).toEqual({
      ts: '2026-01-15T12:00:00.000Z',
      lvl: '1',
    });
    const coverage = { from: '2026-01-15T12:00:00.000Z', to: '2026-01-15T13:00:00.000Z' };
    expect(canonicalView(viewAt('/api/v1/?from=-1h'), { coverage }).params).toEqual(coverage);
  });
});

describe('Links', () => {
  const level = viewAt('/api/v1/snapshot/level?ts=latest&lvl=1&min_rss=100&q=node&sort=pid&dir=asc&limit=7');

  test('to a process keep instant, filters and order, and leave the level behind', () => {
    const link = viewAt(linkTo('pid', level, { pid: 812, ts: '2026-01-15T12:00:00.000Z' }));
    expect(link.page).toBe('pid');
    expect(link.params).toEqual({
      ts: '2026-01-15T12:00:00.000Z',
      min_rss: '100',
      q: 'node',
      limit: '7',
      sort: 'pid',
      dir: 'asc',
      pid: '812',
    });
  });

  test('from a stretch of time to an instant keep where the stretch began, and on from page to page', () => {
    const overview = viewAt('/api/v1/?from=-6h&to=2026-01-15T12:00:00Z');
    const snapshot = viewAt(linkTo('snapshot', overview, { ts: 'latest' }));
    expect(snapshot.params).toEqual({ ts: 'latest', since: '-6h' });
    expect(viewAt(linkTo('plot', snapshot, { pid: 1 })).params).toEqual({
      ts: 'latest',
      since: '-6h',
      pid: '1',
    });
    expect(dataHrefOf(snapshot, 'json')).not.toContain('since');
  });

  test('a parameter set to null goes', () => {
    expect(changeView(level, { q: null, min_rss: null }).params).not.toHaveProperty('q');
  });

  test('to data leave out what only the page knows', () => {
    const tree = viewAt('/api/v1/snapshot/pid?pid=1&fold=2,3');
    expect(dataHrefOf(tree, 'csv')).toBe('/api/v1/snapshot/pid?pid=1&format=csv');
    expect(dataHrefOf(viewAt('/api/v1/?cols=2'), 'json', 800)).toBe('/api/v1/?cols=2&format=json&px=800');
  });
});

describe('A view', () => {
  test.each([
    ['/api/v1/', true],
    ['/api/v1/?from=-3h', true],
    ['/api/v1/?to=2026-01-15T12:00:00Z', false],
    ['/api/v1/snapshot/level?ts=-3m', true],
    ['/api/v1/snapshot/level?ts=20260115_120000', false],
  ])('%s follows new samples: %s', (href, follows) => {
    expect(isFollowing(viewAt(href))).toBe(follows);
  });

  test('is at the same place when only sorted, filtered or folded otherwise', () => {
    const at = viewAt('/api/v1/snapshot/pid?pid=1');
    expect(isSamePlace(at, viewAt('/api/v1/snapshot/pid?pid=1&sort=pid&fold=7'))).toBe(true);
    expect(isSamePlace(at, viewAt('/api/v1/snapshot/pid?pid=2'))).toBe(false);
  });

  test('folds a row and unfolds it again', () => {
    const at = viewAt('/api/v1/snapshot/pid?pid=1&fold=2,3');
    expect([...readSet(toggleInSet(at, 'fold', '3'), 'fold')]).toEqual(['2']);
    expect(toggleInSet(toggleInSet(at, 'fold', '9'), 'fold', '9')).toEqual(at);
  });
});
