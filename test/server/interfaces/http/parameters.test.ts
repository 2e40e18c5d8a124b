import { describe, expect, test } from 'vitest';
import type { LevelAnswer, Problem } from '../../../../server/interfaces/http/schemas.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { SMALL_RECORDING, VIEWS, withParameters } from './small-recording.ts';
import { openTestServer, request } from './test-server.ts';

const server = openTestServer((dumps) => {
  writeHistory(dumps, SMALL_RECORDING);
});

const [
  OVERVIEW,
  SNAPSHOTS,
  LEVEL,
  PID,
  PLOT,
  SNAPSHOT,
  FACETS,
  GROUPS,
  SPARKLINES,
  SEARCH,
  ANSWER,
  TOP,
  COMPOSITION,
  MINIMAP,
  WATCH_GROUPS,
  ALERTS,
] = VIEWS;
const TIMELINE = '/api/v1/watch-groups/any/timeline';
const EVENTS = '/api/v1/events';
const ROWS = [LEVEL, PID, SNAPSHOT];
const FILTERED = [...ROWS, FACETS, GROUPS];
const INSTANTS = ['9999999999999999', 'banana', '20260230_000000Z', '2026-01-15T25:00Z', '-999999999999d'];

/** Views, a parameter of theirs, values that it does not take. */
const REFUSED: readonly (readonly [readonly string[], string, readonly string[]])[] = [
  [ROWS, 'limit', ['-1', '0', '10001', '1e9', 'NaN', '1.5', 'ten', '0x10', '１']],
  [FILTERED, 'min_rss', ['-1', '1e400', 'Infinity', 'NaN', '1e16', 'big']],
  [FILTERED, 'min_life', ['-0.5', '%00']],
  [FILTERED, 'min_subtree', ['null']],
  [ROWS, 'sort', ['__proto__', 'constructor', 'rss', 'RSS_BYTES']],
  [ROWS, 'dir', ['up', 'DESC']],
  [FILTERED, 'window', ['range']],
  [FILTERED, 'q', ['a'.repeat(201)]],
  [[...ROWS, GROUPS], 'base', INSTANTS],
  [FILTERED, 'exe', ['a'.repeat(4097)]],
  [['/api/v1/groups'], 'by', ['', 'pid', '__proto__']],
  [[GROUPS], 'limit', ['0', '10001']],
  [[SPARKLINES], 'seconds', ['0', '1.5', '99999999']],
  [['/api/v1/sparklines'], 'keys', ['', Array.from({ length: 201 }, (_, at) => `k${at}`).join(',')]],
  [['/api/v1/search'], 'q', ['', 'a'.repeat(201)]],
  [[SEARCH], 'limit', ['0', '201']],
  [[LEVEL], 'lvl', ['-1', '1.5', '1e2', '99999999']],
  [[PID, PLOT, COMPOSITION, EVENTS], 'key', ['a'.repeat(81)]],
  [[OVERVIEW, PLOT, TOP, COMPOSITION, MINIMAP], 'px', ['49', '4001', 'wide']],
  [[OVERVIEW], 'cols', ['0', '5']],
  [[OVERVIEW], 'height', ['199', '2001']],
  [[...FILTERED, PLOT, SPARKLINES, ANSWER], 'ts', INSTANTS],
  [[OVERVIEW, SNAPSHOTS, PLOT, ANSWER, TOP, EVENTS, ALERTS], 'from', INSTANTS],
  [[OVERVIEW, SNAPSHOTS, PLOT, TOP, EVENTS, ALERTS], 'to', INSTANTS],
  [[...FILTERED, TOP], 'watch', ['-a', 'a/b', 'system', 'x'.repeat(41)]],
  [[WATCH_GROUPS, '/watch'], 'ts', INSTANTS],
  [[TIMELINE], 'px', ['49', 'x']],
  [[TOP], 'metric', ['cpu', 'RSS']],
  [[TOP], 'n', ['0', '41', '1.5']],
  [VIEWS, 'format', ['xml', 'JSON', 'html5']],
  [['/api/v1/files'], 'state', ['bad', 'READ', '__proto__']],
  [['/api/v1/files'], 'limit', ['0', '10001']],
  [['/api/v1/report'], 'ts', INSTANTS],
  [['/api/v1/report'], 'from', INSTANTS],
  [['/api/v1/report'], 'limit', ['0', '1001', 'x']],
  [['/api/v1/report'], 'pid', ['0', 'x']],
  [['/learn'], 'format', ['csv', 'parquet']],
  [VIEWS, 'raw', ['yes', '2']],
  [VIEWS, 'host', ['h'.repeat(256)]],
];

const REFUSALS = REFUSED.flatMap(([views, field, values]) =>
  views.flatMap((view) => values.map((value) => ({ view, field, value }))),
);

describe('a bad value is a 400 that names its field', () => {
  test.each(REFUSALS)('$view $field=$value', async ({ view, field, value }) => {
    const response = await server().get(withParameters(view, `${field}=${value}`));
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ status: 400, code: 'bad_parameter', field });
    expect(response.status).toBe(400);
  });

  test.each(['0', '-1', '1e3', 'self', '1;ls', '%00', '2147483648', '1&pid=2'])('pid=%s', async (pid) => {
    for (const path of ['/api/v1/snapshot/pid', '/api/v1/snapshot/pid/plot', EVENTS]) {
      const response = await server().get(`${path}?pid=${pid}`);
      expect([response.status, ((await response.json()) as Problem).field]).toEqual([400, 'pid']);
    }
  });

  test.each([
    ['/api/v1/snapshot/pid', 'pid'],
    ['/api/v1/snapshot/pid?pid[]=1', 'pid'],
    ['/api/v1/snapshot/pid/plot?pid=', 'pid'],
    ['/api/v1/snapshot/level?limit=1&limit=2', 'limit'],
    ['/api/v1/groups', 'by'],
    ['/api/v1/sparklines', 'keys'],
    ['/api/v1/search', 'q'],
    ['/api/v1/?from=-1m&to=-2m', 'from'],
    ['/api/v1/answer?ts=20260115_120100Z&from=20260115_120200Z', 'from'],
    ['/api/v1/snapshots?from=20260115_120200Z&to=20260115_120100Z', 'from'],
    ['/api/v1/snapshot/pid/plot?pid=20&from=2031-01-01T00:00Z', 'from'],
  ])('%s names %s', async (path, field) => {
    const response = await server().get(path);
    expect([response.status, ((await response.json()) as Problem).field]).toEqual([400, field]);
  });

  test.each([
    [
      'from=2031-01-01T00:00Z',
      'from is after the newest sample',
      'The newest sample is of 2026-01-15T12:03:00.000Z.',
    ],
    [
      'to=2020-01-01T00:00Z',
      'to is before the first sample',
      'The first sample is of 2026-01-15T12:00:00.000Z.',
    ],
    ['from=-1m&to=-2m', 'from is after to', 'Swap the two, or leave one of them out.'],
    ['host=a&host=b&host=a', 'Parameter host is there 3 times', 'Give it once.'],
    ['px=100&px=200', 'Parameter px is there 2 times', 'Give it once.'],
  ])('%s says what is the case', async (query, title, detail) => {
    const problem = await (await server().get(`${OVERVIEW}?${query}`)).json();
    expect(problem).toMatchObject({ status: 400, title, detail });
  });

  test('also where a page is asked for', async () => {
    const response = await server().get('/api/v1/snapshot/level?limit=0', { accept: 'text/html' });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'text/html; charset=utf-8',
    ]);
  });
});

describe('values at their bounds are taken', () => {
  test.each([
    ...['limit=1', 'limit=10000', 'lvl=0', 'lvl=1000000', 'min_rss=0', 'min_rss=0.5', 'min_life=1e0'],
    ...['sort=key', 'sort=weak_identity', 'dir=asc', 'window=all', `q=${'a'.repeat(200)}`, 'raw=1', 'host='],
  ])('%s', async (parameter) => {
    const taken = parameter === 'min_life=1e0' ? 400 : 200;
    expect((await server().get(`${LEVEL}?${parameter}`)).status).toBe(taken);
  });

  test('px, cols and height of the overview', async () => {
    expect((await server().get(`${OVERVIEW}?px=50&cols=1&height=200`)).status).toBe(200);
    expect((await server().get(`${OVERVIEW}?px=4000&cols=4&height=2000`)).status).toBe(200);
  });
});

describe('whatever is sent as a query', () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `k${at}=`).join('&');
  const HOSTILE = [
    ...['%ff', '%', 'q=%ff', 'q=%', '&&&===', '?', '=', '#', `q=${encodeURIComponent("'; DROP TABLE t;--")}`],
    ...['q=(a%2B)%2B$', 'file=%00', 'file=../../etc/passwd', 'limit[__proto__]=1', 'q[$gt]=', 'q=%00'],
    `q=${encodeURIComponent('\u202egpj.exe<script>')}`,
    keys.slice(0, 7000),
  ];
  test.each(VIEWS)('%s answers 200, 400 or 404 and is no bug', async (view) => {
    for (const query of HOSTILE) {
      const { status } = await request(server().port, withParameters(view, query));
      expect([200, 400, 404], query.slice(0, 40)).toContain(status);
    }
  });

  test('of 16 KiB is refused before it is parsed', async () => {
    const { status } = await request(server().port, `${LEVEL}?q=${'a'.repeat(16_384)}`);
    expect(status).toBe(431);
  });

  test('of a search is literal: a pattern that would run for ever finds nothing at once', async () => {
    const q = encodeURIComponent('(a+)+$');
    const started = performance.now();
    expect((await server().json<LevelAnswer>(`${LEVEL}?q=${q}`)).matched).toBe(0);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('leaves Object.prototype as it was', async () => {
    await server().get(`${LEVEL}?__proto__[polluted]=1&constructor[prototype][polluted]=1`);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
