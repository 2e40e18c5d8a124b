import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { withTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

const HOST = 'test-1';

test('a command is looked for in its file once', async () => {
  await withTempFolder(async (index) => {
    const processes = [
      { pid: 1, rss_mb: 10, start: 1, cmd: 'init' },
      { pid: 2, ppid: 1, rss_mb: 5, start: 2, cmd: null },
      { pid: 3, ppid: 1, rss_mb: 5, start: 3, cmd: 'late' },
    ];
    await writeSegment(index, placeSamples([sampleOf({ t: 0, host: HOST, processes })]));
    const history = await openHistory({ index });
    const before = await Promise.all([1, 2].map((pid) => livesOfPid(history, HOST, pid)));
    expect(before.flat().map(({ cmd }) => cmd)).toEqual(['init', null]);
    for (const manifest of (await readManifests(index)).manifests)
      rmSync(segmentPath(index, manifest, 'lives'));
    expect(await Promise.all([1, 2].map((pid) => livesOfPid(history, HOST, pid)))).toEqual(before);
    // That of another one is in the file, which has gone.
    expect(await livesOfPid(history, HOST, 3)).toMatchObject([{ cmd: null }]);
    history.close();
  });
});
