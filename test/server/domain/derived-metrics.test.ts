import { describe, expect, test } from 'vitest';
import { DERIVED_PROCESS_METRICS } from '../../../server/domain/derived-metrics.ts';
import { PROCESS_METRICS, STORED_PROCESS_METRICS } from '../../../server/domain/metrics.ts';

describe('what is derived on read', () => {
  test('has no column in a dump', () => {
    for (const metric of DERIVED_PROCESS_METRICS) expect(metric).not.toHaveProperty('stored');
  });

  test('is never unknown: it follows from what is exact in every sample', () => {
    for (const { id, nullable } of DERIVED_PROCESS_METRICS) expect([id, nullable]).toEqual([id, false]);
  });

  test('is never added up: sums of peaks and of subtrees count twice', () => {
    for (const { id, addable } of DERIVED_PROCESS_METRICS) expect([id, addable]).toEqual([id, false]);
  });

  test('stands behind what is stored, in the one catalogue', () => {
    expect(PROCESS_METRICS).toEqual([...STORED_PROCESS_METRICS, ...DERIVED_PROCESS_METRICS]);
  });
});
