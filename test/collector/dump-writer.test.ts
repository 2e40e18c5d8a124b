import {
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DumpFileSystem } from '../../collector/dump-file-system.ts';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import type { DumpWriterOptions } from '../../collector/dump-writer.ts';
import { openDumpWriter } from '../../collector/dump-writer.ts';
import { openDumpFolder } from '../../collector/open-folder.ts';
import { guarded } from '../../collector/write-failure.ts';
import { temporaryFolder } from './fake-proc.ts';
import { systemError, watchFileSystem } from './fake-world.ts';

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0, 250);
const PROCESS_FILE = Buffer.from('PID\n1\n');
const SYSTEM_FILE = Buffer.from('TIMESTAMP\nnow\n');

function openWriter(out: string, options: Partial<DumpWriterOptions> = {}) {
  const { fileSystem = nodeFileSystem } = options;
  const folder = guarded(out, () => openDumpFolder(fileSystem, out));
  onTestFinished(() => nodeFileSystem.close(folder.fd));
  const writer = openDumpWriter({
    folder,
    format: 'v2',
    milliseconds: false,
    fileSystem,
    pid: 77,
    ...options,
  });
  return {
    ...writer,
    /** @returns the names of the pair, relative to the folder */
    put(t: number): readonly string[] {
      const place = writer.findPlace(t);
      writer.write(place, PROCESS_FILE, SYSTEM_FILE);
      return [place.processFile, place.systemFile].map((path) => relative(out, path));
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !lstatSync(join(folder, name)).isDirectory())
    .sort();
}

describe('a pair of ours', () => {
  test('goes into a folder of its UTC day, 0640 in 0750, with its instant in its names', () => {
    const out = join(temporaryFolder(), 'dumps/time');
    const umask = process.umask(0o022);
    onTestFinished(() => {
      process.umask(umask);
    });
    expect(openWriter(out).put(NOON)).toEqual([
      '20261121/process_mem_20261121_120000Z.csv',
      '20261121/sys_mem_20261121_120000Z.csv',
    ]);
    expect(readFileSync(join(out, '20261121/process_mem_20261121_120000Z.csv'))).toEqual(PROCESS_FILE);
    const modeOf = (name: string) => (statSync(join(out, name)).mode & 0o777).toString(8);
    expect(['.', '20261121', '20261121/sys_mem_20261121_120000Z.csv'].map(modeOf)).toEqual([
      '750',
      '750',
      '640',
    ]);
  });

  test('has milliseconds in its names when samples come faster than one a second', () => {
    const names = openWriter(temporaryFolder(), { milliseconds: true }).put(NOON);
    expect(names[1]).toBe('20261121/sys_mem_20261121_120000_250Z.csv');
  });

  test('is written so that a crash leaves no torn file: the process file whole, then the system file', () => {
    const out = temporaryFolder();
    mkdirSync(join(out, '20261121'));
    const fileSystem = watchFileSystem();
    openWriter(out, { fileSystem }).put(NOON);
    const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const steps = (kind: string) => {
      const temporary = `20261121/.${kind}_20261121_120000Z.csv.77.tmp`;
      return [
        `open ${temporary} ${newFile} 640`,
        `write ${temporary}`,
        `sync ${temporary}`,
        `close ${temporary}`,
        `rename ${temporary} 20261121/${kind}_20261121_120000Z.csv`,
        'sync 20261121',
      ];
    };
    const calls = fileSystem.calls.map((call) => call.replaceAll(`${out}/`, ''));
    const folder = constants.O_RDONLY | constants.O_DIRECTORY;
    expect(calls).toEqual([
      `open ${out} ${folder} 0`,
      `open 20261121 ${folder | constants.O_NOFOLLOW} 0`,
      ...steps('process_mem'),
      ...steps('sys_mem'),
      'close 20261121',
    ]);
  });

  test('makes each missing folder durable in the one above it', () => {
    const out = temporaryFolder();
    const fileSystem = watchFileSystem();
    openWriter(join(out, 'a'), { fileSystem }).put(NOON);
    const made = fileSystem.calls.filter((call) =>
      /^(makeFolder|sync) [^.]*$/.test(call.replaceAll(out, 'OUT')),
    );
    expect(made.map((call) => call.replaceAll(out, 'OUT')).slice(0, 4)).toEqual([
      'makeFolder OUT/a 750',
      'sync OUT',
      'makeFolder OUT/a/20261121 750',
      'sync OUT/a',
    ]);
  });

  test('is whole when the kernel takes a few bytes at a time', () => {
    const out = temporaryFolder();
    const fileSystem: DumpFileSystem = {
      ...nodeFileSystem,
      write: (fd, bytes, offset) => nodeFileSystem.write(fd, bytes.subarray(0, offset + 2), offset),
    };
    const [processFile] = openWriter(out, { fileSystem }).put(NOON);
    expect(readFileSync(join(out, processFile))).toEqual(PROCESS_FILE);
  });
});

describe('an existing dump', () => {
  test('is never overwritten: the next sample of the same second gets milliseconds, then the next free one', () => {
    const writer = openWriter(temporaryFolder());
    const stamps = [writer.put(NOON), writer.put(NOON), writer.put(NOON)].map((names) => names[1].slice(17));
    expect(stamps).toEqual(['20261121_120000Z.csv', '20261121_120000_250Z.csv', '20261121_120000_251Z.csv']);
    expect(writer.findPlace(NOON).t).toBe(NOON + 2);
  });

  test.each([
    'process_mem_20261121_120000Z.csv',
    'sys_mem_20261121_120000Z.csv',
    'sys_mem_20261121_120000Z.csv.gz',
  ])('counts with one half of it, too: %s', (name) => {
    const out = temporaryFolder();
    mkdirSync(join(out, '20261121'));
    writeFileSync(join(out, '20261121', name), 'precious');
    expect(openWriter(out).put(NOON)[1]).toBe('20261121/sys_mem_20261121_120000_250Z.csv');
    expect(readFileSync(join(out, '20261121', name), 'utf8')).toBe('precious');
  });

  test('counts as a dangling link, too, and no link is followed', () => {
    const out = temporaryFolder();
    mkdirSync(join(out, '20261121'));
    symlinkSync(join(out, 'victim'), join(out, '20261121/sys_mem_20261121_120000Z.csv'));
    symlinkSync(join(out, 'victim'), join(out, '20261121/.process_mem_20261121_120000_251Z.csv.77.tmp'));
    const writer = openWriter(out);
    expect(writer.put(NOON)[1]).toBe('20261121/sys_mem_20261121_120000_250Z.csv');
    expect(() => writer.put(NOON)).toThrow(/EEXIST/);
    expect(filesBelow(out)).not.toContain('victim');
  });
});

describe('the predecessor’s format', () => {
  test('is flat, with the local wall clock in the names and no Z', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Asia/Kolkata';
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    expect(openWriter(temporaryFolder(), { format: 'seed' }).put(NOON)).toEqual([
      'process_mem_20261121_173000.csv',
      'sys_mem_20261121_173000.csv',
    ]);
  });
});

describe('a failure', () => {
  test('says which file, why, and what to do', () => {
    const fileSystem = watchFileSystem((call) => {
      if (call === 'write') throw systemError('ENOSPC');
    });
    const out = temporaryFolder();
    let thrown: unknown;
    try {
      openWriter(out, { fileSystem }).put(NOON);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'cannot_write',
      message: `cannot write ${out}/20261121/process_mem_20261121_120000Z.csv: no space left on device (ENOSPC)`,
      next: 'Free some space, or name another folder with --out',
    });
  });

  test('to find a folder is one that names it, not an endless search', () => {
    expect(() => openWriter('/dev/null/x').put(NOON)).toThrow(/ENOTDIR/);
    expect(() => openWriter('/proc/nowhere').put(NOON)).toThrow(/cannot write/);
  });
});
