import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDoc } from './blocks.ts';

/** What was promised before us, and the test that proves that it is kept. */

interface Row {
  readonly id: string;
  readonly state: string;
}

const text = readDoc('docs/parity.md');
const rows = [...text.matchAll(/^\| ([PV]\d+) \| .+ \| (.+) \|$/gm)].map(
  ([, id, state]): Row => ({ id, state }),
);
const testsIn = (words: string) => words.match(/test\/[\w./-]+\.test\.ts/g) ?? [];

describe('the table of parity', () => {
  test('has a row for each promise of the inspector and of the dashboards, once, in order', () => {
    const ids = (letter: string, count: number) =>
      Array.from({ length: count }, (_, k) => `${letter}${k + 1}`);
    expect(rows.map(({ id }) => id)).toEqual([...ids('P', 30), ...ids('V', 53)]);
  });

  test.each(rows)('$id is done or part with a test, or open with what it waits for', ({ state }) => {
    if (/^(done|part)\b/.test(state)) expect(testsIn(state)).not.toEqual([]);
    else expect(state).toMatch(/^(open: waits for .+|not product)/);
  });

  test('names no test that is not there', () => {
    expect(testsIn(text).filter((file) => !existsSync(file))).toEqual([]);
  });
});
