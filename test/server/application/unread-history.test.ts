import { expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import { openIngest } from '../../../server/application/ingest.ts';
import { openUnreadHistory } from '../../../server/application/unread-history.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { sampleOf } from './recorded.ts';

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

test.each([
  { whom: 'somebody', open: openHistory },
  { whom: 'nobody', open: openUnreadHistory },
])('a history that $whom reads refuses a second sample of one host and instant', async ({ open }) => {
  const history = await open();
  const samples = ['a', 'a', 'b', 'a'].map((host) => sampleOf({ ...sampleAt(0), host }));
  const added: string[] = [];
  for (const sample of samples) added.push(await history.append(sample));
  expect(added).toEqual(['added', 'duplicate', 'added', 'duplicate']);
  expect([...history.hosts()].sort()).toEqual(['a', 'b']);
  await history.close();
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
