import { expect, test } from 'vitest';
import { encodeShownCsv, encodeShownJson } from '../../web/lib/live-export.ts';

const shown = {
  joined: {
    rows: [
      { t: 0, isLive: false, values: { a: 1 } },
      { t: 1000, isLive: false, values: { a: 2, b: null } },
      { t: 2000, isLive: true, values: { a: 3, b: 0.5 } },
      { t: 3000, isLive: true, values: { a: 4, b: 1 } },
    ],
    gaps: [{ from: 1000, to: 2000, reason: 'idle' }],
  },
  span: { from: 1000, to: 2000 },
  lines: [
    { id: 'a', column: '=cmd|"x", y bytes' },
    { id: 'b', column: 'CPU percent' },
  ],
};

test('The CSV has what is shown: where each point is from, the unknown empty, no formula', () => {
  expect(encodeShownCsv(shown)).toBe(
    [
      `instant,source,"'=cmd|""x"", y bytes",CPU percent`,
      '1970-01-01T00:00:01.000Z,recorded,2,',
      '1970-01-01T00:00:02.000Z,live,3,0.5',
      '',
    ].join('\r\n'),
  );
});

test('The JSON has the same, with the gaps and whose it is', () => {
  expect(JSON.parse(encodeShownJson(shown, { host: 'web-1', watch: undefined }))).toEqual({
    host: 'web-1',
    gaps: shown.joined.gaps,
    rows: [
      { t: 1000, source: 'recorded', '=cmd|"x", y bytes': 2, 'CPU percent': null },
      { t: 2000, source: 'live', '=cmd|"x", y bytes': 3, 'CPU percent': 0.5 },
    ],
  });
});
