import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { writeHistory } from '../../../support/dump-builder.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from '../http/small-recording.ts';
import type { RunningPmi } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

const started: RunningPmi[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

describe.runIf(process.platform === 'linux')('regions over time of a watch group', () => {
  const OWN = { name: 'me', members: [{ name: 'Own', rule: { pid: process.pid } }], regions: '10s' };

  function start(...args: readonly string[]): RunningPmi {
    const config = join(tempFolder(), 'watch.json');
    writeFileSync(config, JSON.stringify({ watch_groups: [OWN] }));
    const pmi = startPmi([...args, '--config', config, '--port', '0']);
    started.push(pmi);
    return pmi;
  }

  async function keptAt(url: string) {
    const { groups } = await (await fetch(new URL('/api/v1/watch-groups', url))).json();
    return groups[0].regions_kept;
  }

  test('are kept beside the dumps while this host is recorded, and can be compared', async () => {
    const folder = join(tempFolder(), 'time');
    const pmi = start('up', '--dumps', folder, '--interval', '200ms');
    const url = await servedAt(pmi);
    await expect.poll(async () => (await keptAt(url)).last, { timeout: 25_000 }).not.toBeNull();
    const words = ['analyze', String(process.pid), '--compare', 'latest', 'latest', '--dumps', folder];
    const { code, out } = await runPmi(words);
    expect([code, out]).toEqual([0, expect.stringMatching(/^RSS unchanged in 0s: /)]);
    pmi.child.kill('SIGTERM');
    expect(await pmi.finished).toMatchObject({ code: 0, signal: null });
  }, 40_000);

  test('are not kept in a folder that nobody records into, and the reason is told', async () => {
    const copied = tempFolder();
    writeHistory(copied, SMALL_RECORDING);
    const pmi = start('serve', '--dumps', copied);
    const url = await servedAt(pmi);
    await expect
      .poll(() => keptAt(url), { timeout: 8000 })
      .toMatchObject({ obstacle: expect.stringContaining('Nobody records into this folder') });
    expect(existsSync(join(copied, '.regions'))).toBe(false);
  });
});
