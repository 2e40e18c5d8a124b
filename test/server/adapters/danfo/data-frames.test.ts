import { expect, describe as suite, test } from 'vitest';
import { describeFrame, openDataFrames, toDataFrame } from '../../../../server/adapters/danfo/data-frames.ts';
import { viewTable } from '../../../../server/application/view-table.ts';
import type { ProcessRow } from '../../../../server/domain/metrics.ts';
import { PROCESS_METRICS } from '../../../../server/domain/metrics.ts';
import type { Description } from '../../../../server/domain/statistics.ts';
import { describe } from '../../../../server/domain/statistics.ts';
import { historyOf } from '../../application/recorded.ts';
import { SMALL_RECORDING } from '../../interfaces/http/small-recording.ts';

const history = await historyOf(SMALL_RECORDING);
const { rows } = await viewTable(history, {}, 'UTC');
await history.close();

const NUMERIC = PROCESS_METRICS.filter(({ id }) => rows.every((row) => typeof row[id] !== 'string'))
  .map(({ id }) => id)
  .filter((id) => id !== 'weak_identity');
const figures = rows.map((row) => Object.fromEntries(NUMERIC.map((id) => [id, row[id] as number | null])));

/** Our own statistics under the names that Danfo gives them. */
function expected({ count, mean, std, min, median, max }: Description): Record<string, number | null> {
  return { count, mean, std, min, median, max, variance: std === null ? null : std ** 2 };
}

/** Twelve digits: Danfo adds up in another order. */
function rounded(value: number): string {
  return value.toPrecision(12);
}

suite('a DataFrame of a snapshot', () => {
  test('has a row a process and a column a metric, with its values', () => {
    const frame = toDataFrame(rows as unknown as readonly Record<string, string | number | null>[]);
    expect(frame.shape).toEqual([rows.length, PROCESS_METRICS.length]);
    expect([...frame.columns].sort()).toEqual(PROCESS_METRICS.map(({ id }) => id).sort());
    expect(frame.column('rss_bytes').values).toEqual(rows.map(({ rss_bytes }: ProcessRow) => rss_bytes));
    expect(frame.column('cmd').values).toEqual(rows.map(({ cmd }) => cmd));
    expect(frame.column('hwm_bytes').values).toEqual(rows.map(() => Number.NaN));
  });

  test('describes each column as our own statistics do, over its known values', () => {
    const frame = describeFrame(figures);
    expect(NUMERIC).toEqual(
      expect.arrayContaining(['rss_bytes', 'pss_bytes', 'swap_bytes', 'lifetime_seconds']),
    );
    expect(frame.index).toEqual(NUMERIC);
    for (const [at, id] of NUMERIC.entries()) {
      const own = expected(describe(figures.map((row) => row[id])));
      const theirs = (frame.values as number[][])[at];
      expect(Object.keys(own)).toEqual(frame.columns);
      expect(theirs.map(rounded), id).toEqual(
        Object.values(own).map((value) => rounded(value ?? Number.NaN)),
      );
    }
  });

  test('describes as Danfo itself does where every value is known', () => {
    const known = NUMERIC.filter((id) => rows.every((row) => row[id] !== null && row[id] !== undefined));
    const only = figures.map((row) => Object.fromEntries(known.map((id) => [id, row[id]])));
    expect(known.length).toBeGreaterThan(10);
    const theirs = toDataFrame(only).describe();
    const ours = describeFrame(only);
    const columns = theirs.columns.map((id) => theirs.column(id).values as number[]);
    expect(theirs.index).toEqual(ours.columns);
    for (const [at, values] of columns.entries())
      for (const [k, value] of values.entries()) expect(value).toBe((ours.values as number[][])[at][k]);
  });

  test('of nothing is empty', () => {
    expect(toDataFrame([]).shape[0]).toBe(0);
  });

  test('is printed with a line a figure and nothing cut', async () => {
    const text = await openDataFrames().describe(figures);
    const words = ['count', 'mean', 'std', 'min', 'median', 'max'];
    for (const word of [...words, ...NUMERIC]) expect(text.replaceAll('\n', '')).toContain(word.slice(0, 8));
    expect(text.split('\n').filter((line) => /│ \d+ +│/.test(line)).length).toBeGreaterThanOrEqual(
      NUMERIC.length,
    );
    expect(text).not.toContain('...');
  });
});
