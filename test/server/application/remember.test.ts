import { expect, test } from 'vitest';
import { remember } from '../../../server/application/remember.ts';

function openClock(takesMs: number) {
  let now = 0;
  let reads = 0;
  const ask = remember(
    async () => {
      now += takesMs;
      return ++reads;
    },
    () => now,
  );
  return { ask, pass: (ms: number) => (now += ms) };
}

test('what is dear is read anew only after fifty times as long as it took', async () => {
  const { ask, pass } = openClock(100);
  expect(await ask()).toBe(1);
  pass(4999);
  expect(await ask()).toBe(1);
  pass(1);
  expect(await ask()).toBe(2);
});

test('what costs nothing is read once a second at most, and by all who ask at once together', async () => {
  const { ask, pass } = openClock(0);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  pass(999);
  expect(await ask()).toBe(1);
  pass(1);
  expect(await ask()).toBe(2);
});

test('a failure is told, and tried again later', async () => {
  let now = 0;
  let tries = 0;
  const ask = remember(
    async () => {
      if (++tries === 1) throw new Error('no');
      return tries;
    },
    () => now,
  );
  await expect(ask()).rejects.toThrow('no');
  await expect(ask()).rejects.toThrow('no');
  now += 1000;
  expect(await ask()).toBe(2);
});
