import { expect, test } from 'vitest';
import type { Joined } from '../../web/lib/join-lines.ts';
import { lineAlong } from '../../web/lib/join-lines.ts';
import { bandIds, stepRows } from '../../web/lib/step-rows.ts';

const JOINED: Joined = {
  rows: [
    { t: 1000, isLive: false, values: { used: 1, swap: 5 } },
    { t: 9000, isLive: false, values: { used: 3, swap: null } },
    { t: 12_000, isLive: true, values: { used: 8, swap: 7 } },
    { t: 19_000, isLive: true, values: { used: null } },
  ],
  gaps: [],
  stepMs: 8000,
};

test('Each step of a line is the mean of its points, and of the lead also the smallest and the largest', () => {
  const stepped = stepRows(JOINED, ['used', 'swap'], 'used', 10_000);
  const { least, most } = bandIds('used');
  expect(lineAlong(stepped, 'used')).toEqual({ t: [5000, 15_500], values: [2, 8] });
  expect(lineAlong(stepped, 'swap').values).toEqual([5, 7]);
  expect([lineAlong(stepped, least).values, lineAlong(stepped, most).values]).toEqual([
    [1, 8],
    [3, 8],
  ]);
  expect(stepped.rows.map(({ isLive }) => isLive)).toEqual([false, true]);
});

test('No step reaches across a gap', () => {
  const gaps = [{ from: 1000, to: 9000, reason: 'idle' }];
  expect(lineAlong(stepRows({ ...JOINED, gaps }, ['used'], 'used', 60_000), 'used')).toEqual({
    t: [1000, 14_000],
    values: [1, 5.5],
  });
});
