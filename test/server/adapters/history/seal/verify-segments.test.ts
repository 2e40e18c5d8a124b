import { copyFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readManifests, segmentPath } from '../../../../../server/adapters/history/manifests.ts';
import { verifySegments } from '../../../../../server/adapters/history/seal/verify-segments.ts';
import type { SegmentManifest } from '../../../../../server/adapters/history/segment.ts';
import { manifestPath } from '../../../../../server/adapters/history/segment-paths.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import type { WrittenSample } from '../../../../demo-host/write-sample.ts';
import { HISTORY_START, writeHistory } from '../../../../support/dump-builder.ts';
import type { SealedFolder } from '../../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

let sealed: SealedFolder;
let written: readonly WrittenSample[];
let manifest: SegmentManifest;

beforeEach(async () => {
  const dumps = tempFolder();
  const processes = [
    { pid: 1, rss_mb: 10, start: 1 },
    { pid: 2, ppid: 1, start: 2 },
  ];
  written = writeHistory(
    dumps,
    [0, 60, 120].map((t) => ({ t, processes })),
  );
  sealed = await openSealedFolder(dumps);
  await sealed.sealDay(formatDay(HISTORY_START));
  [manifest] = (await readManifests(sealed.index)).manifests;
});

afterEach(() => sealed.sealing.close());

const verify = () => verifySegments(sealed.index, sealed.dumps);

describe('verifying segments', () => {
  test('finds nothing wrong with what was just sealed', async () => {
    const sources = { same: 6, changed: 0, gone: 0 };
    expect(await verify()).toEqual({
      segments: [{ manifest, faults: [], sources, samplesWithoutDump: 0 }],
      rejects: [],
    });
  });

  test('tells which dumps have changed, and which are gone', async () => {
    utimesSync(join(sealed.dumps, written[0].systemFile), 1, 1);
    rmSync(join(sealed.dumps, String(written[1].processFile)));
    const [{ sources, samplesWithoutDump }] = (await verify()).segments;
    expect({ sources, samplesWithoutDump }).toEqual({
      sources: { same: 4, changed: 1, gone: 1 },
      samplesWithoutDump: 0,
    });
  });

  test('finds a file that is gone, cut off, or another', async () => {
    const path = (kind: 'processes' | 'lives' | 'rollup' | 'system') =>
      segmentPath(sealed.index, manifest, kind);
    rmSync(path('rollup'));
    truncateSync(path('lives'), 100);
    copyFileSync(path('system'), path('processes'));
    const [{ faults }] = (await verify()).segments;
    expect(faults).toHaveLength(3);
    expect(faults[0]).toBe(`${path('processes')} has 3 rows, its manifest says 6`);
    expect(faults[1]).toContain(`${path('lives')} cannot be read`);
    expect(faults[2]).toContain(`${path('rollup')} cannot be read`);
  });

  test('names manifests that cannot be used', async () => {
    writeFileSync(manifestPath(sealed.index, manifest), '{}');
    const { segments, rejects } = await verify();
    expect(segments).toEqual([]);
    expect(rejects).toMatchObject([{ reason: 'is of another version than 1 to 5' }]);
  });
});
