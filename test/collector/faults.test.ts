import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import { checkDumps } from './check-dumps.ts';
import { memoryFolder } from './fake-proc.ts';
import type { SystemCall } from './fake-world.ts';
import { systemError } from './fake-world.ts';
import { recordInFakeWorld } from './record-in-fake-world.ts';

/** The system calls of the recorder fail, one after the other. With strace in the real ones: test/torture. */

const CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'EACCES', 'EINTR'];
const ONE_LINE = /^[^\n]+$/;

async function countCalls(): Promise<number> {
  const { calls } = await recordInFakeWorld({ out: join(memoryFolder(), 'new'), once: true });
  return calls.length;
}

/** One sample of which the k-th system call fails. */
async function recordWithFault(out: string, k: number, code: string) {
  let call = 0;
  let failed = '';
  const result = await recordInFakeWorld(
    { out, once: true },
    {
      before(name, path) {
        if (++call !== k) return;
        failed = `${name} ${path}`;
        throw systemError(code);
      },
    },
  );
  return { ...result, failed };
}

function checkIfThere(folder: string) {
  return existsSync(folder) ? checkDumps(folder) : { whole: 0, torn: [], temporaries: [] };
}

describe.each(CODES)('%s', (code) => {
  test('of any system call leaves a whole pair or none, tells of it in one line, and is over with its cause', async () => {
    const total = await countCalls();
    for (let k = 1; k <= total; k++) {
      const out = join(memoryFolder(), 'new');
      const { exit, dumps, lines, failed } = await recordWithFault(out, k, code);
      const report = checkIfThere(out);
      const context = `${code} of call ${k}, ${failed.replace(out, 'OUT')}`;
      expect({ context, torn: report.torn, temporaries: report.temporaries }).toEqual({
        context,
        torn: [],
        temporaries: [],
      });
      expect({ context, whole: report.whole, exit, told: lines.length }).toEqual(
        dumps.length === 1
          ? { context, whole: 1, exit: 0, told: 0 }
          : { context, whole: 0, exit: 3, told: 1 },
      );
      if (lines.length > 0) {
        expect(lines[0]).toMatch(ONE_LINE);
        expect(lines[0]).toContain(out);
        expect(lines[0]).toContain(code);
      }
      const again = await recordInFakeWorld({ out, once: true });
      expect({ context, exit: again.exit }).toEqual({ context, exit: 0 });
    }
  });

  test('that lasts does not end a recording, which resumes within two intervals of its end', async () => {
    for (const failing of ['open', 'write', 'sync', 'rename'] as const) {
      const out = memoryFolder();
      const { dumps, lines, exit } = await recordInFakeWorld(
        { out, count: 9 },
        {
          before(call, _path, { clock }) {
            const now = clock.monotonic();
            if (call === failing && now >= 25_000 && now < 47_000) throw systemError(code);
          },
        },
      );
      const seconds = dumps.map(({ t }) => (t / 1000) % 3600);
      expect(seconds.filter((second) => second < 47)).toEqual([0, 10, 20]);
      expect(seconds[3]).toBeLessThanOrEqual(47 + 2 * 10);
      expect(lines).toEqual([
        expect.stringContaining(code),
        expect.stringMatching(/^recording again after \d failed samples$/),
      ]);
      expect(exit).toBe(3);
      expect(checkDumps(out)).toMatchObject({ torn: [], temporaries: [], uncommitted: [] });
    }
  });
});

describe('a file', () => {
  test('whose sync fails with EIO is written once more, to a new file, and not synced again', async () => {
    const out = memoryFolder();
    const syncs: number[] = [];
    let opened = 0;
    const { exit } = await recordInFakeWorld(
      { out, once: true },
      {
        before(call, path) {
          if (!/process_mem.*tmp$/.test(path)) return;
          if (call === 'open') opened++;
          if (call === 'sync' && syncs.push(opened) === 1) throw systemError('EIO');
        },
      },
    );
    expect(exit).toBe(0);
    expect(syncs).toEqual([1, 2]);
    expect(checkDumps(out)).toMatchObject({ whole: 1, torn: [], temporaries: [] });
  });

  test('whose second sync fails, too, is given up', async () => {
    const out = memoryFolder();
    const { exit, lines } = await recordInFakeWorld(
      { out, once: true },
      {
        before(call, path) {
          if (call === 'sync' && path.endsWith('.tmp')) throw systemError('EIO');
        },
      },
    );
    expect(exit).toBe(3);
    expect(lines).toEqual([expect.stringMatching(/EIO.*dmesg/)]);
    expect(checkDumps(out)).toMatchObject({ whole: 0, torn: [], temporaries: [] });
  });

  test('of which the kernel takes a few bytes at a time is whole', async () => {
    const out = memoryFolder();
    const fileSystem = {
      ...nodeFileSystem,
      write: (fd: number, bytes: Uint8Array, offset: number) =>
        nodeFileSystem.write(fd, bytes.subarray(0, offset + 7), offset),
    };
    await recordInFakeWorld({ out, once: true }, { world: { fileSystem } });
    expect(checkDumps(out)).toMatchObject({ whole: 1, torn: [] });
  });

  test.each([
    ['says that it took what it dropped', (left: number) => left],
    ['takes nothing of', () => 0],
  ])('that the kernel %s never gets a final name', async (_name, taken) => {
    const out = memoryFolder();
    const fileSystem = {
      ...nodeFileSystem,
      write: (_fd: number, bytes: Uint8Array, offset: number) => taken(bytes.length - offset),
    };
    const { exit, lines } = await recordInFakeWorld({ out, once: true }, { world: { fileSystem } });
    expect({ exit, told: lines.length }).toEqual({ exit: 3, told: 1 });
    expect(checkDumps(out)).toMatchObject({ whole: 0, torn: [], temporaries: [], uncommitted: [] });
  });
});

describe('a dump folder', () => {
  test('that is removed under a recording is made again', async () => {
    const out = join(memoryFolder(), 'dumps');
    const { dumps } = await recordInFakeWorld(
      { out, count: 3 },
      { onDump: ({ dumps: { length } }) => length === 1 && rmSync(out, { recursive: true }) },
    );
    expect(dumps).toHaveLength(3);
    expect(checkDumps(out)).toMatchObject({ whole: 2, torn: [] });
  });

  test('may be named by a link, which is followed once', async () => {
    const parent = memoryFolder();
    const [first, second, out] = ['first', 'second', 'out'].map((name) => join(parent, name));
    mkdirSync(first);
    mkdirSync(second);
    symlinkSync(first, out);
    await recordInFakeWorld(
      { out, count: 2 },
      {
        onDump() {
          rmSync(out);
          symlinkSync(second, out);
        },
      },
    );
    expect(checkDumps(first).whole).toBe(2);
    expect(readdirSync(second)).toEqual([]);
  });
});

/** What this process holds open in that folder. */
function openIn(folder: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    const target = readLink(`/proc/self/fd/${fd}`);
    return target.startsWith(folder) ? [target] : [];
  });
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe.runIf(process.platform === 'linux')('descriptors', () => {
  test('are all given back, whatever fails', async () => {
    const parent = memoryFolder();
    const total = await countCalls();
    for (let k = 1; k <= total; k++) {
      let call = 0;
      await recordInFakeWorld(
        { out: join(parent, String(k)), once: true },
        {
          before: (name: SystemCall) => {
            if (++call === k && name !== 'close') throw systemError('ENOSPC');
          },
        },
      );
    }
    expect(openIn(parent)).toEqual([]);
    expect(readFileSync('/proc/self/net/unix', 'utf8')).not.toContain(parent);
  });
});
