import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { descriptorBudget } from '../../../collector/sources/kept-descriptors.ts';
import type { SeenProcess } from '../fake-proc.ts';
import { openReaderOf } from '../fake-proc.ts';

/** Without PSS: this is about what is kept from sample to sample. */
function openThisHost(options: { readonly descriptors?: number | null } = {}) {
  return openReaderOf('/proc', {
    passwdPath: '/etc/passwd',
    layout: buildRecordLayout(),
    rollupBudgetMs: 0,
    ...options,
  });
}

async function startNode(
  script: string,
): Promise<{ readonly pid: number; say(line: string): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    async say(line) {
      const answer = once(child.stdout, 'data');
      child.stdin.write(`${line}\n`);
      await answer;
    },
  };
}

/** Evaluates each line that it is given, and answers. */
const OBEDIENT = `
  process.stdin.on('data', (text) => { eval(String(text)); process.stdout.write('done'); });
  process.stdout.write('ready');
`;

function keptFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return /^\/proc\/\d+\/statm$/.test(path) ? [path] : [];
    } catch {
      return [];
    }
  });
}

describe.runIf(process.platform === 'linux')('in the steady state', () => {
  test('one descriptor a process is kept, and closed when it ends', async () => {
    const child = await startNode(OBEDIENT);
    const own = `/proc/${child.pid}/statm`;
    const reader = openThisHost();
    const before = keptFiles().length;
    await reader.read();
    expect(keptFiles()).toContain(own);
    expect(keptFiles().length).toBeGreaterThan(before);
    process.kill(child.pid, 'SIGKILL');
    await expect.poll(() => existsSync(`/proc/${child.pid}`)).toBe(false);
    await reader.read();
    expect(keptFiles()).not.toContain(own);
  });

  test('no more are kept than allowed, and none with off; the figures are the same', async () => {
    const child = await startNode(OBEDIENT);
    const before = keptFiles().length;
    const [few, none] = [openThisHost({ descriptors: 3 }), openThisHost({ descriptors: 0 })];
    const find = (processes: readonly SeenProcess[]) => processes.find(({ pid }) => pid === child.pid);
    for (let tick = 0; tick < 2; tick++) {
      const [a, b] = [find((await few.read()).processes), find((await none.read()).processes)];
      expect(a).toMatchObject({ ppid: process.pid, rss_bytes: b?.rss_bytes, cmd: b?.cmd });
    }
    expect(keptFiles().length).toBe(before + 3);
  });

  test.each([
    [20_000, 8192],
    [1024, 768],
    [256, 192],
    [4, 3],
  ])('of a limit of %d files, %d are kept', (limit, kept) => {
    expect(descriptorBudget(limit)).toBe(kept);
  });

  test('RSS and VSZ are those of now in every sample', async () => {
    const child = await startNode(OBEDIENT);
    const reader = openThisHost();
    const find = async () => (await reader.read()).processes.find(({ pid }) => pid === child.pid);
    const before = await find();
    await child.say(`globalThis.kept = Buffer.alloc(64 * 1024 * 1024, 1)`);
    // Stopped, so that it does not grow between our look and the one that it is compared with.
    process.kill(child.pid, 'SIGSTOP');
    await expect.poll(async () => readFileSync(`/proc/${child.pid}/stat`, 'latin1')).toMatch(/\) T /);
    // So that nothing moves between the two reads.
    process.kill(child.pid, 'SIGSTOP');
    const after = await find();
    expect(Number(after?.rss_bytes) - Number(before?.rss_bytes)).toBeGreaterThan(60 * 2 ** 20);
    const told = readFileSync(`/proc/${child.pid}/statm`, 'latin1').split(' ').map(Number);
    expect(Number(after?.vsz_bytes)).toBe(told[0] * 4096);
  });

  test('a title that is written, and a user that is changed, show up within ten samples', async (context) => {
    context.skip(process.getuid?.() !== 0, 'needs root');
    const child = await startNode(OBEDIENT);
    const reader = openThisHost();
    const find = async () => (await reader.read()).processes.find(({ pid }) => pid === child.pid);
    expect(await find()).toMatchObject({ user: 'root' });
    await child.say(`process.title = 'new title'; process.setuid(65534)`);
    let seen = await find();
    for (let tick = 0; tick < 9; tick++) seen = await find();
    expect(seen?.cmd).toBe('new title');
    expect(seen?.user).toBe(nameOf(65534));
  });

  test('a child whose parent ends has its new parent in the same sample', async () => {
    const script = `
      const child = require('node:child_process').spawn('sleep', ['60'], { detached: true });
      child.on('spawn', () => process.stdout.write(String(child.pid)));
      setInterval(() => {}, 1e9);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = await once(parent.stdout, 'data');
    const pid = Number(text);
    onTestFinished(() => {
      process.kill(pid, 'SIGKILL');
    });
    const reader = openThisHost();
    const ppidOf = async () => (await reader.read()).processes.find((seen) => seen.pid === pid)?.ppid;
    for (let tick = 0; tick < 3; tick++) expect(await ppidOf()).toBe(parent.pid);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const now = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
    expect(now).not.toBe(parent.pid);
    expect(await ppidOf()).toBe(now);
  });

  test('the recorder’s own CPU time is that of now in every sample', async () => {
    const reader = openThisHost();
    const cpu = async () => {
      const seen = (await reader.read()).processes.find(({ pid }) => pid === process.pid);
      return Number(seen?.cpu_seconds);
    };
    const before = await cpu();
    for (const end = performance.now() + 60; performance.now() < end; );
    expect(await cpu()).toBeGreaterThan(before);
  });
});

function nameOf(uid: number): string {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? String(uid);
}
