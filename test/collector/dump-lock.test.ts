import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import { readOwnIdentity } from '../../collector/process-identity.ts';
import { checkDumps } from './check-dumps.ts';
import type { CollectorRun } from './collector-process.ts';
import { bundleProgram, startProgram } from './collector-process.ts';
import { fakeHost, temporaryFolder } from './fake-proc.ts';
import { systemError } from './fake-world.ts';
import { recordInFakeWorld } from './record-in-fake-world.ts';

/** One collector per dump folder, each in a process of its own. */

const CONTENDERS = 20;

let program: Awaited<ReturnType<typeof bundleProgram>>;

beforeAll(async () => {
  program = await bundleProgram('test/collector/doomed-recorder.ts');
});

afterAll(() => program.remove());

function start(host: string, out: string, ...mode: readonly string[]): CollectorRun {
  return startProgram([process.execPath, program.path, host, out, ...mode]);
}

async function startAndWait(host: string, out: string): Promise<CollectorRun> {
  const run = start(host, out, 'every', '20');
  if (run.child.stdout) await once(run.child.stdout, 'data');
  return run;
}

async function kill({ child, ended }: CollectorRun): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

describe.runIf(process.platform === 'linux')('of collectors of one folder', () => {
  test(`${CONTENDERS} started together one records, and the others say which and leave with 0`, async () => {
    const host = fakeHost();
    const out = join(temporaryFolder(), 'new');
    const runs = Array.from({ length: CONTENDERS }, () => start(host, out, 'every', '20'));
    const left: { code: number | null; stdout: string; stderr: string }[] = [];
    for (const { ended } of runs) void ended.then((end) => left.push(end));
    await expect.poll(() => left.length, { timeout: 60_000 }).toBe(CONTENDERS - 1);
    const [winner] = runs.filter(({ child }) => child.exitCode === null);
    for (const { code, stdout, stderr } of left) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\n$/) });
      expect(stderr).toMatch(
        new RegExp(`^another collector holds ${out} \\(pid ${winner.child.pid}, since \\d{4}-.*Z\\)\n$`),
      );
    }
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual(['.collector.lock']);
    await kill(winner);
    const next = await startAndWait(host, out);
    await kill(next);
    expect(checkDumps(out).torn).toEqual([]);
  }, 120_000);

  test('a single run beside a daemon leaves, and takes no sample', async () => {
    const host = fakeHost();
    const out = temporaryFolder();
    const daemon = await startAndWait(host, out);
    const { code, stderr } = await start(host, out, 'kill', '0').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^another collector holds /) });
    daemon.child.kill('SIGSTOP');
    expect((await start(host, out, 'kill', '0').ended).stderr).toMatch(/^another collector holds /);
    await kill(daemon);
  });

  test('those of other folders know nothing', async () => {
    const host = fakeHost();
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const daemon = await startAndWait(host, one);
    expect(await start(host, other, 'kill', '0').ended).toMatchObject({ code: 0, stderr: '' });
    await kill(daemon);
  });

  test('a link to the folder is the same folder', async () => {
    const host = fakeHost();
    const out = temporaryFolder();
    const daemon = await startAndWait(host, out);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(out, link);
    const { stderr } = await start(host, link, 'kill', '0').ended;
    expect(stderr).toMatch(/^another collector holds /);
    await kill(daemon);
  });
});

describe('the lock', () => {
  test('is given back when a recording ends, however it ends', async () => {
    const out = temporaryFolder();
    await recordInFakeWorld({ out, count: 2 });
    await recordInFakeWorld({ out }, { onDump: ({ stop }) => stop() });
    let failures = 0;
    await recordInFakeWorld(
      { out, count: 3 },
      {
        before(call) {
          if (call === 'rename' && failures++ < 3) throw systemError('EIO');
        },
      },
    );
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('keeps a second recorder of the same process out, too', async () => {
    const out = temporaryFolder();
    let second: readonly string[] = [];
    const first = recordInFakeWorld(
      { out, count: 2 },
      {
        world: {
          clock: {
            now: Date.now,
            monotonic: () => performance.now(),
            async sleep() {
              second = (await recordInFakeWorld({ out, once: true })).lines;
            },
          },
        },
      },
    );
    expect((await first).exit).toBe(0);
    expect(second).toEqual([
      expect.stringContaining(`another collector holds ${out} (pid ${process.pid}, since`),
    ]);
  });

  test('that is somebody’s note is not taken away', async () => {
    const out = temporaryFolder();
    mkdirSync(join(out, '.collector.lock'));
    writeFileSync(join(out, '.collector.lock/README'), 'mine');
    const { exit, lines } = await recordInFakeWorld({ out });
    expect({ exit, lines }).toEqual({
      exit: 3,
      lines: [`${out}/.collector.lock is not the lock of a collector. Look at it, and move it away.`],
    });
    expect(readdirSync(join(out, '.collector.lock'))).toEqual(['README']);
  });
});

describe('where the file system has no sockets', () => {
  const fileSystem = {
    ...nodeFileSystem,
    listen: () => Promise.reject(systemError('EOPNOTSUPP')),
  };
  const self = readOwnIdentity();
  const BOOT = '00000000-1111-2222-3333-444444444444';

  async function recordBeside(entry: string) {
    const out = temporaryFolder();
    mkdirSync(join(out, '.collector.lock'));
    writeFileSync(join(out, '.collector.lock', entry), '');
    const { exit, dumps, lines } = await recordInFakeWorld({ out, once: true }, { world: { fileSystem } });
    return {
      exit,
      dumps: dumps.length,
      lines,
      left: readdirSync(out).filter((name) => name.startsWith('.')),
    };
  }

  test('a collector that runs keeps others out', async () => {
    const text = readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
    const startTicks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    expect(await recordBeside(`${process.ppid}.${startTicks}.${self.bootId}`)).toEqual({
      exit: 0,
      dumps: 0,
      lines: [expect.stringContaining(`(pid ${process.ppid}, since`)],
      left: ['.collector.lock'],
    });
  });

  test.each([
    ['that has ended', `4194999.1.${self.bootId}`],
    ['whose pid was given to another', `${process.ppid}.1.${self.bootId}`],
    ['of an earlier boot', `${process.ppid}.1.${BOOT}`],
  ])('a collector %s does not', async (_which, entry) => {
    expect(await recordBeside(entry)).toEqual({ exit: 0, dumps: 1, lines: [], left: [] });
  });
});
