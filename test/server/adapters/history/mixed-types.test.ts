import { expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import { MIB } from '../../../../server/domain/units.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { openSealedFolder } from '../../../support/seal-folder.ts';
import { queryFiles } from '../../../support/sealed-index.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';

/** A column has another type on a day that needs it: what is read of several days is exact of each. */

const DAY_S = 86_400;
const HUGE = 64 * 1024 * MIB + 1024;
const dumps = sharedTempFolder();

test('days whose figures fit 32 bits and days whose figures do not are read together, each as it was', async () => {
  writeHistory(dumps, [
    { t: 0, processes: [{ pid: 1, rss_mb: 10, start: 1 }] },
    { t: DAY_S, processes: [{ pid: 1, rss_mb: HUGE / MIB, start: 1 }] },
  ]);
  const { index, sealDay } = await openSealedFolder(dumps);
  for (const day of ['2026-01-15', '2026-01-16']) await sealDay(day);
  const { manifests } = await readManifests(index);
  const types = await Promise.all(
    manifests.map((one) =>
      queryFiles(`SELECT typeof(rss_bytes) AS type FROM '${segmentPath(index, one, 'processes')}'`),
    ),
  );
  expect(types.flat()).toEqual([{ type: 'FLOAT' }, { type: 'DOUBLE' }]);
  const history = await openHistory({ index });
  try {
    const read = await history.readInstants('test-1', [instantOf(0), instantOf(DAY_S)], ['rss_bytes']);
    expect([...read.values.rss_bytes]).toEqual([10 * MIB, HUGE]);
  } finally {
    await history.close();
  }
});
