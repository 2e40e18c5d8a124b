import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import { isPrivateGroup } from '../../collector/folder-safety.ts';
import { readOwnIdentity } from '../../collector/process-identity.ts';
import { addProtected } from '../../collector/protected-list.ts';
import { checkDumps } from './check-dumps.ts';
import { temporaryFolder } from './fake-proc.ts';
import { isUntouched, putOutside } from './outside-folder.ts';
import { recordInFakeWorld } from './record-in-fake-world.ts';

/** Somebody who may put names into the dump folder wants us to write elsewhere. */

const DAY = '20261121';
const { pid, startTicks, bootId } = readOwnIdentity();
const IS_ROOT = process.getuid?.() === 0;

/** Every name that a recorder uses for its first dump. */
const TARGETS: Readonly<Record<string, string>> = {
  'a temporary': `${DAY}/.process_mem_20261121_120000Z.csv.${pid}.tmp`,
  'a temporary of the system file': `${DAY}/.sys_mem_20261121_120000Z.csv.${pid}.tmp`,
  'a final name': `${DAY}/process_mem_20261121_120000Z.csv`,
  'the name that commits': `${DAY}/sys_mem_20261121_120000Z.csv`,
  'the lock': '.collector.lock',
  'a lock that is being taken': `.collector.lock.${pid}.tmp`,
  'the entry of the lock': `.collector.lock/${pid}.${startTicks}.${bootId}`,
  'the day': DAY,
};

const PLANTS: Readonly<Record<string, (path: string, outside: string) => void>> = {
  'a link': (path, outside) => symlinkSync(join(outside, 'victim'), path),
  'a link to a folder': (path, outside) => symlinkSync(outside, path),
  'a dangling link': (path, outside) => symlinkSync(join(outside, 'new'), path),
  'a FIFO': (path) => spawnSync('mkfifo', [path]),
  'a folder with something in it': (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'note'), 'mine');
  },
  'a hard link': (path, outside) => linkSync(join(outside, 'victim'), path),
};

function expectUntouched(outside: string): void {
  expect(isUntouched(outside)).toBe(true);
}

describe.each(Object.keys(PLANTS))('%s', (plant) => {
  test.each(Object.entries(TARGETS))('under the name of %s leads nowhere', async (_target, name) => {
    const parent = temporaryFolder();
    const outside = putOutside(parent);
    const out = join(parent, 'out');
    mkdirSync(dirname(join(out, name)), { recursive: true });
    PLANTS[plant](join(out, name), outside);
    const planted = lstatSync(join(out, name));
    const { exit, dumps, lines } = await recordInFakeWorld({ out, once: true });
    expectUntouched(outside);
    expect({ exit, told: lines.length }).toEqual(
      dumps.length === 1 ? { exit: 0, told: 0 } : { exit: 3, told: 1 },
    );
    for (const { systemFile } of dumps) expect(lstatSync(systemFile).isFile()).toBe(true);
    if (existsSync(join(out, name)) && planted.ino === lstatSync(join(out, name)).ino)
      expect(lstatSync(join(out, name)).mode).toBe(planted.mode);
  });
});

test.each(Object.keys(PLANTS))(
  '%s under the name of the list of protected dumps is not written to',
  (plant) => {
    const parent = temporaryFolder();
    const outside = putOutside(parent);
    const path = join(parent, 'protected.csv');
    PLANTS[plant](path, outside);
    const dump = { file: 'a.csv', until: 0, reason: 'scarce' };
    expect(() => addProtected(nodeFileSystem, path, dump)).toThrow(/E[A-Z]+|not a file of ours/);
    expectUntouched(outside);
  },
);

describe('a folder that is swapped for a link', () => {
  const MOMENTS: readonly [string, RegExp][] = [
    ['the temporary is opened', /^open .*process_mem.*tmp /],
    ['the first file gets its name', /^rename .*process_mem/],
    ['the second file gets its name', /^rename .*sys_mem/],
    ['the lock is taken', /^rename .*collector\.lock/],
    ['the day is made', /^makeFolder .*\/20261121 /],
  ];

  test.each(MOMENTS)('when %s leads nowhere', async (_moment, pattern) => {
    for (const swapped of ['out', `out/${DAY}`, 'out/.collector.lock']) {
      const parent = temporaryFolder();
      const outside = putOutside(parent);
      const [out, moved] = [join(parent, 'out'), join(parent, 'moved')];
      const { exit, calls, dumps } = await recordInFakeWorld(
        { out, once: true },
        {
          before(_call, _path, { fileSystem }) {
            const path = join(parent, swapped);
            const now = fileSystem.calls[fileSystem.calls.length - 1];
            if (!pattern.test(now) || existsSync(moved) || !existsSync(path)) return;
            renameSync(path, moved);
            symlinkSync(outside, path);
          },
        },
      );
      expectUntouched(outside);
      expect(calls.some((call) => pattern.test(call))).toBe(true);
      expect(exit).toBe(dumps.length === 1 ? 0 : 3);
      if (swapped === 'out' && existsSync(moved))
        expect(checkDumps(moved)).toMatchObject({ whole: 1, torn: [] });
    }
  });
});

describe('a dump folder', () => {
  test.each([
    ['0777', 0o777],
    ['0722', 0o722],
    ['0702', 0o702],
  ])('that others may write to (%s) is refused and left as it is', async (_text, mode) => {
    const out = join(temporaryFolder(), 'out');
    mkdirSync(out);
    chmodSync(out, mode);
    const { exit, lines, dumps } = await recordInFakeWorld({ out });
    expect({ exit, dumps }).toEqual({ exit: 3, dumps: [] });
    expect(lines).toEqual([
      `refuses to write into ${out}: other users may write to it (mode ${mode.toString(8)}). Forbid it with chmod go-w, or name another folder with --out.`,
    ]);
    expect((statSync(out).mode & 0o7777).toString(8)).toBe(mode.toString(8));
    expect(readdirSync(out)).toEqual([]);
  });

  test('that others may write to, but not rename in, is safe', async () => {
    const out = join(temporaryFolder(), 'out');
    mkdirSync(out);
    chmodSync(out, 0o1777);
    expect((await recordInFakeWorld({ out, once: true })).exit).toBe(0);
  });

  test.runIf(IS_ROOT)('that belongs to somebody else is refused', async () => {
    const out = join(temporaryFolder(), 'out');
    mkdirSync(out);
    chownSync(out, 12345, 12345);
    const { exit, lines } = await recordInFakeWorld({ out, once: true });
    expect({ exit, lines }).toEqual({
      exit: 3,
      lines: [
        expect.stringMatching(/^refuses to write into .*: it belongs to uid 12345, and this is uid 0\. /),
      ],
    });
  });

  test.runIf(IS_ROOT)(
    'is not made in a folder that belongs to somebody else, or that others may write to',
    async () => {
      for (const [owner, mode] of [
        [12345, 0o755],
        [0, 0o777],
      ]) {
        const parent = join(temporaryFolder(), 'parent');
        mkdirSync(parent);
        chownSync(parent, owner, owner);
        chmodSync(parent, mode);
        expect((await recordInFakeWorld({ out: join(parent, 'a/b'), once: true })).exit).toBe(3);
        expect(readdirSync(parent)).toEqual([]);
      }
    },
  );

  test('whose day folder others may write to takes no dump of that day', async () => {
    const out = temporaryFolder();
    mkdirSync(join(out, DAY));
    chmodSync(join(out, DAY), 0o777);
    const { exit, lines } = await recordInFakeWorld({ out, once: true });
    expect({ exit, lines }).toEqual({
      exit: 3,
      lines: [expect.stringContaining(`${DAY}: other users may write`)],
    });
  });
});

test('a group that is its user’s alone is as good as the user; root’s and others are not', () => {
  const etc = temporaryFolder();
  writeFileSync(
    join(etc, 'passwd'),
    'root:x:0:0::/:\nann:x:1000:1000::/:\nbob:x:1001:1001::/:\neve:x:1002:1001::/:\n',
  );
  writeFileSync(join(etc, 'group'), 'root:x:0:\nann:x:1000:\nbob:x:1001:\nann2:x:1003:\nann:x:1004:eve\n');
  expect(isPrivateGroup(1000, 1000, etc)).toBe(true);
  expect(isPrivateGroup(1001, 1001, etc)).toBe(false);
  expect(isPrivateGroup(1000, 1003, etc)).toBe(false);
  expect(isPrivateGroup(1000, 1004, etc)).toBe(false);
  expect(isPrivateGroup(0, 0, etc)).toBe(false);
  expect(isPrivateGroup(1000, 1000, join(etc, 'nowhere'))).toBe(false);
});

/** `file 640`, of everything in a folder that is no socket. */
function modesBelow(folder: string): readonly string[] {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  const entries = names.map((name) => lstatSync(join(folder, name))).filter((status) => !status.isSocket());
  return entries.map(
    (status) => `${status.isDirectory() ? 'folder' : 'file'} ${(status.mode & 0o7777).toString(8)}`,
  );
}

describe('modes', () => {
  test.each(['000', '022', '027', '077'])('are 0640 in 0750 with umask %s', async (mask) => {
    const umask = process.umask(Number.parseInt(mask, 8));
    onTestFinished(() => {
      process.umask(umask);
    });
    const out = join(temporaryFolder(), 'a/b');
    let modes: readonly string[] = [];
    const onDump = () => {
      modes = modesBelow(out);
    };
    expect((await recordInFakeWorld({ out, count: 2 }, { onDump })).exit).toBe(0);
    expect(modes).toHaveLength(7);
    expect([...new Set(modes)].sort()).toEqual(['file 640', 'folder 750']);
  });
});
