import { expect, test } from 'vitest';
import { readLiveProcesses } from '../../../../server/adapters/procfs/live-processes.ts';
import { watchedPids } from '../../../../server/domain/watch-group.ts';

test('the processes of this host have what watch groups look at, this one among them', async () => {
  const processes = await readLiveProcesses();
  const own = processes.find(({ pid }) => pid === process.pid);
  expect(own).toMatchObject({ ppid: process.ppid, cmd: expect.stringContaining('vitest') });
  const group = { name: 'g', members: [{ name: 'm', rule: { pid: process.ppid, pattern: 'VITEST' } }] };
  expect(watchedPids(group, processes)).toContain(process.pid);
});
