import { describe, expect, test } from 'vitest';
import { SPARK_HEIGHT, SPARK_WIDTH, sparkFigures, sparkPath } from '../../web/lib/sparkline.ts';

const t = [0, 10, 20, 30, 40];

describe('A small line', () => {
  test('begins at the left, ends at the right, and stands on zero', () => {
    const path = sparkPath({ t: [0, 10, 20], bytes: [0, 50, 100] });
    expect(path).toBe(`M1 ${SPARK_HEIGHT - 1}L44 9L${SPARK_WIDTH - 1} 1`);
  });

  test('is broken where the process was not alive; a single sample is a dot', () => {
    const path = sparkPath({ t, bytes: [4, null, 4, 4, null] });
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path).toMatch(/^M1 1h0\.1M44 1L65\.5 1$/);
  });

  test('is nothing where nothing is known', () => {
    expect(sparkPath({ t, bytes: [null, null, null, null, null] })).toBe('');
    expect(sparkFigures({ t: [], bytes: [] })).toBeNull();
  });

  test('of zeros lies on the ground and is no number that is none', () => {
    expect(sparkPath({ t: [5], bytes: [0] })).toBe(`M1 ${SPARK_HEIGHT - 1}h0.1`);
  });

  test('says in words where it begins, ends and is highest', () => {
    expect(sparkFigures({ t, bytes: [null, 3, 9, 4, null] })).toEqual({ first: 3, last: 4, most: 9 });
  });
});
