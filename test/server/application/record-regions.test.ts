import { expect, test } from 'vitest';
import type { Analysis } from '../../../server/application/analysis.ts';
import { recordMoment } from '../../../server/application/record-regions.ts';
import type { AnalysedProcess, MissingReason } from '../../../server/domain/process-analysis.ts';
import { expectedFailure, problemOf } from '../../../server/interfaces/http/problems.ts';

test.each([
  ['permission', 403, 'not_permitted'],
  ['kernel_thread', 404, 'no_data_for_pid'],
  ['zombie', 404, 'no_data_for_pid'],
  ['no_answer', 500, 'source_unavailable'],
] as const)(
  'regions that cannot be had (%s) are refused with %i, saying why',
  async (reason, status, code) => {
    const missing = [{ what: 'smaps', reason: reason satisfies MissingReason, text: 'Run as root.' }];
    const process = { pid: 7, key: 's-7-1' } as AnalysedProcess;
    const analysis: Pick<Analysis, 'regions'> = {
      regions: async () => ({ process, figures: null, missing, measuredAt: 0, readSeconds: 0 }),
    };
    const records = { append: () => Promise.reject(new Error('nothing is to be kept')) };
    const signal = new AbortController().signal;
    const error = await recordMoment(analysis, records, { pid: 7, signal }).catch(expectedFailure);
    expect(error && 'code' in error && problemOf(error)).toMatchObject({
      ...{ status, code, field: 'pid', detail: 'Run as root.' },
    });
  },
);
