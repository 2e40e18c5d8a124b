import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { LifeSpan } from '../../../../server/application/ports.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { withTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

const HOST = 'test-1';

const PROCESSES = [
  { pid: 1, rss_mb: 10, start: 1, cmd: 'init' },
  { pid: 2, ppid: 1, rss_mb: 5, start: 2, cmd: null },
  { pid: 3, ppid: 1, rss_mb: 5, start: 3, cmd: 'late' },
  { pid: 4, ppid: 1, rss_mb: 5, start: 4, cmd: 'late' },
];

/** @returns the commands of these pids, asked for one after the other: the last ones when the file has gone */
async function commandsOf(
  pids: readonly number[],
  afterwards: readonly number[],
): Promise<readonly unknown[]> {
  return withTempFolder(async (index) => {
    await writeSegment(index, placeSamples([sampleOf({ t: 0, host: HOST, processes: PROCESSES })]));
    const history = await openHistory({ index });
    const commands: unknown[] = [];
    const ask = async (spans: readonly LifeSpan[]) => {
      commands.push((await history.withCommands(HOST, spans))[0].cmd);
    };
    const later = await Promise.all(afterwards.map((pid) => history.spansOfPid(HOST, pid)));
    for (const pid of pids) await ask(await history.spansOfPid(HOST, pid));
    for (const manifest of (await readManifests(index)).manifests)
      rmSync(segmentPath(index, manifest, 'lives'));
    for (const spans of later) await ask(spans);
    history.close();
    return commands;
  });
}

test('a command is looked for in its file once; another one is not known when the file has gone', async () => {
  expect(await commandsOf([1, 1], [1, 3])).toEqual(['init', 'init', 'init', null]);
});

test('a file that is asked for a second command tells all', async () => {
  expect(await commandsOf([2, 1], [1, 2, 3, 4])).toEqual([null, 'init', 'init', null, 'late', 'late']);
});

test('commands that are in several files are each of their own life', async () => {
  await withTempFolder(async (index) => {
    const days = [0, 1, 2, 3, 4];
    for (const day of days) {
      const others = Array.from({ length: day }, (_, at) => ({ pid: 2 + at, rss_mb: 1, start: 1 }));
      const processes = [...others, { pid: 9, rss_mb: 1, start: 1 + day, cmd: `of day ${day}` }];
      await writeSegment(index, placeSamples([sampleOf({ t: day * 86_400, host: HOST, processes })]));
    }
    const history = await openHistory({ index });
    const spans = await history.spansOfPid(HOST, 9);
    const told = async (some: readonly LifeSpan[]) =>
      (await history.withCommands(HOST, some)).map(({ cmd }) => cmd);
    expect(await told(spans)).toEqual(days.map((day) => `of day ${day}`));
    expect(await told([...(await history.spansOfPid(HOST, 2)), ...spans].reverse())).toEqual([
      ...days.map((day) => `of day ${day}`).reverse(),
      '/bin/p2',
    ]);
    history.close();
  });
});
