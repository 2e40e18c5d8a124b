import { expect, test } from 'vitest';
import { openIngest } from '../../../server/application/ingest.ts';
import { openUnreadHistory } from '../../../server/application/unread-history.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function sampleAt(t: number) {
  return { t, processes: [{ pid: 1, rss_mb: 1, start: 1 }] };
}

async function takeIn(dumps: string) {
  const reasons: string[] = [];
  const history = openUnreadHistory();
  const ingest = openIngest(
    { folder: openFolder(dumps), history, sealer: null },
    {
      once: true,
      onReject: ({ reason }) => reasons.push(reason),
      onFailure: (error) => {
        throw error;
      },
    },
  );
  await ingest.first;
  return { ingest, reasons };
}

test('a history that nobody reads refuses a second sample of one host and instant, as any does', async () => {
  const dumps = tempFolder();
  writeHistory(dumps, [sampleAt(0), sampleAt(60)]);
  const folder = openFolder(dumps);
  const { pairs } = await folder.list();
  const history = openUnreadHistory();
  const { sample } = await folder.read(pairs[0]);
  if (!sample) throw new Error('the sample is there');
  const other = { ...sample, system: { ...sample.system, host: 'another' } };
  expect([await history.append(sample), await history.append(sample), await history.append(other)]).toEqual([
    'added',
    'duplicate',
    'added',
  ]);
  expect(history.hosts()).toEqual([sample.system.host, 'another']);
});

test('a folder that is looked at once is taken in as it was then', async () => {
  const dumps = tempFolder();
  writeHistory(dumps, [sampleAt(0), sampleAt(60)]);
  const { ingest, reasons } = await takeIn(dumps);
  writeHistory(dumps, [sampleAt(120)]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(ingest.status()).toMatchObject({ state: 'idle', pending: 0, read: 2, rows: 2 });
  expect(ingest.dumps.count()).toBe(2);
  await ingest.idle();
  expect(ingest.dumps.count()).toBe(3);
  expect(reasons).toEqual([]);
  await ingest.close();
});
