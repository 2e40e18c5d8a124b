import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { openReaderOf } from '../fake-proc.ts';

/** So many processes that do nothing; the first waits for a line, and then counts for ever. */
async function startSleepers(count: number): Promise<readonly number[]> {
  const script = `sh -c 'read line; while :; do :; done' <&3 & echo $!
    i=1; while [ $i -lt ${count} ]; do sleep 86400 & echo $!; i=$((i+1)); done; wait`;
  const shell = spawn('sh', ['-c', `exec 3<&0; ${script}`], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void process.kill(-(shell.pid ?? 0), 'SIGKILL'));
  begin = () => shell.stdin.write('go\n');
  let text = '';
  while (text.split('\n').length <= count)
    text += await new Promise<string>((done) => shell.stdout.once('data', (chunk) => done(String(chunk))));
  return text.trim().split('\n').map(Number);
}

let begin = () => {};

function openWatching(pids: readonly number[]) {
  const watched = new Set(pids);
  const reader = openReaderOf('/proc', {
    passwdPath: '/etc/passwd',
    layout: buildRecordLayout(),
    rollupBudgetMs: 0,
    turns: 1_000_000,
    watched: () => watched,
  });
  return async () => new Map((await reader.read()).processes.map((one) => [Number(one.pid), one]));
}

/** Calls of read and its like since this process began, proc_pid_io(5). */
function readCalls(): number {
  return Number(/^syscr: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

describe.runIf(process.platform === 'linux')('a watched process', () => {
  test('that does not run costs one read more a tick than others do, by a descriptor that stays open', async () => {
    const pids = await startSleepers(200);
    const [none, all] = [openWatching([]), openWatching(pids)];
    const callsOf = async (read: () => Promise<unknown>) => {
      const before = readCalls();
      await read();
      return readCalls() - before;
    };
    for (let tick = 0; tick < 4; tick++) for (const read of [none, all]) await read();
    const extra = (await callsOf(all)) - (await callsOf(none));
    // Some may have been woken; stat by its path would take two reads each, as the end has to be found.
    expect(extra).toBeGreaterThan(190);
    expect(extra).toBeLessThan(300);
  });

  test('that begins to run has its CPU time in the next tick', async () => {
    const [pid, ...others] = await startSleepers(3);
    const read = openWatching([pid, ...others]);
    const cpuOf = async () => Number((await read()).get(pid)?.cpu_seconds);
    const before = await cpuOf();
    expect(await cpuOf()).toBe(before);
    begin();
    await expect.poll(cpuOf, { interval: 50 }).toBeGreaterThan(before + 0.05);
  });
});
