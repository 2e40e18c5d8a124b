import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readManifests } from '../../../../../server/adapters/history/manifests.ts';
import { eraseSegments } from '../../../../../server/adapters/history/seal/erase-segments.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import type { WrittenSample } from '../../../../demo-host/write-sample.ts';
import { HISTORY_START, instantOf, writeHistory } from '../../../../support/dump-builder.ts';
import type { SealedFolder } from '../../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const DAY_S = 86_400;
const [TODAY, TOMORROW] = [0, DAY_S].map((t) => formatDay(instantOf(t)));

let sealed: SealedFolder;
let written: readonly WrittenSample[];

beforeEach(async () => {
  const dumps = tempFolder();
  const processes = [{ pid: 1, rss_mb: 10, start: 1 }];
  written = writeHistory(
    dumps,
    [0, 60, DAY_S, DAY_S + 60, DAY_S + 120].map((t) => ({ t, processes })),
  );
  writeHistory(join(dumps, 'db'), [{ t: 0, host: 'db', processes }]);
  sealed = await openSealedFolder(dumps);
  for (const date of [TODAY, TOMORROW]) await sealed.sealDay(date);
});

afterEach(() => sealed.sealing.close());

function erase(request: { host?: string; from?: number; to?: number; dryRun?: boolean }) {
  const { dumps, index } = sealed;
  const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  return eraseSegments(index, { dumps, ...all, ...request });
}

async function kept(): Promise<string[]> {
  return (await readManifests(sealed.index)).manifests.map(({ host, date }) => `${host} ${date}`);
}

describe('erasing segments', () => {
  test('takes those that lie in the stretch, and says what of them cannot be had back', async () => {
    for (const file of [written[0].processFile, written[0].systemFile])
      rmSync(join(sealed.dumps, String(file)));
    const { manifests } = await readManifests(sealed.index);
    const bytes = manifests.filter(({ date }) => date === TODAY).reduce((sum, one) => sum + one.bytes, 0);
    const erased = await erase({ to: HISTORY_START + 60_000 });
    expect(erased).toMatchObject({ days: [TODAY], samples: 3, samplesWithoutDump: 1, bytes });
    expect(erased.segments).toHaveLength(2);
    expect(await kept()).toEqual([`test-1 ${TOMORROW}`]);
    const left = readdirSync(sealed.index, { recursive: true }).map(String);
    expect(left.filter((name) => name.includes(TODAY))).toEqual([]);
    const days = await sealed.sealing.survey(await sealed.pairs());
    expect(days.map(({ unsealed }) => unsealed.length)).toEqual([0, 2]);
  });

  test('leaves a segment that reaches out of the stretch', async () => {
    expect(await erase({ to: HISTORY_START + 59_999 })).toMatchObject({ samples: 1 });
    expect(await kept()).toEqual([`test-1 ${TODAY}`, `test-1 ${TOMORROW}`]);
  });

  test('is of one host where one is named', async () => {
    expect(await erase({ host: 'db' })).toMatchObject({ days: [TODAY], samples: 1, samplesWithoutDump: 0 });
    expect(await kept()).toEqual([`test-1 ${TODAY}`, `test-1 ${TOMORROW}`]);
  });

  test('only tells what would go in a dry run', async () => {
    expect(await erase({ dryRun: true })).toMatchObject({ days: [TODAY, TOMORROW], samples: 6 });
    expect(await kept()).toHaveLength(3);
  });

  test('of nothing is nothing', async () => {
    expect(await erase({ from: 5, to: 4 })).toEqual({
      segments: [],
      days: [],
      samples: 0,
      bytes: 0,
      samplesWithoutDump: 0,
    });
  });
});
