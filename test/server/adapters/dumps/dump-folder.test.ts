import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Caps } from '../../../../server/adapters/dumps/caps.ts';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import type { DumpFolder, DumpListing } from '../../../../server/application/dump-ports.ts';
import { MemoryInspectorError } from '../../../../server/domain/errors.ts';
import { describeDump, describeFolder, formatReject } from './describe-folder.ts';
import { exampleDump } from './process-files.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return { ...fs, openSync: vi.fn(fs.openSync) };
});

const PROCESSES = 'PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD\n7,1,ann,5,4,8,/bin/a\n';
const SYSTEM = 'TIMESTAMP,HOST,MemTotal_KB\n,node-1,1000\n';
const SEED_PROCESSES = 'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n7,1,ann,4,8,/bin/a\n';
const SEED_SYSTEM = 'MemTotal_MB\n1000\n';

let root: string;
let clock: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dump-folder-'));
  clock = Date.now();
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, content: string | Buffer): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function putPair(stamp: string, folder = ''): void {
  put(`${folder}process_mem_${stamp}.csv`, stamp.endsWith('Z') ? PROCESSES : SEED_PROCESSES);
  put(`${folder}sys_mem_${stamp}.csv`, stamp.endsWith('Z') ? SYSTEM : SEED_SYSTEM);
}

function open(caps: Partial<Caps> = {}): DumpFolder {
  return openDumpFolder({ root, timeZone: 'Europe/Berlin', now: () => clock, caps });
}

function files({ pairs }: DumpListing): readonly (string | null)[] {
  return pairs.map(({ processFile, systemFile }) => processFile ?? systemFile);
}

async function listFiles(folder: DumpFolder) {
  return files(await folder.list());
}

describe('listing', () => {
  test('says what to do about a folder that is not there', async () => {
    const missing = openDumpFolder({ root: join(root, 'none'), timeZone: 'UTC' });
    const error = await missing.list().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MemoryInspectorError);
    expect(error).toMatchObject({ code: 'cannot_read', message: expect.stringContaining('does not exist') });
    expect(error).toHaveProperty('next', expect.stringContaining('pmi collect'));
  });

  test('refuses a time zone that does not exist', () => {
    expect(() => openDumpFolder({ root, timeZone: 'Europe/Atlantis' })).toThrow(
      expect.objectContaining({ code: 'bad_parameter', field: 'tz' }),
    );
  });

  test('a folder that appears later is listed then', async () => {
    const folder = openDumpFolder({ root: join(root, 'later'), timeZone: 'UTC' });
    await expect(folder.list()).rejects.toThrow('does not exist');
    putPair('20260301_000000Z', 'later/');
    expect(await listFiles(folder)).toHaveLength(1);
  });

  test('orders pairs of both formats, of all folders, by their instant', async () => {
    putPair('20260301_000200Z');
    putPair('20260301_010100');
    putPair('20260301_000300Z', '20260301/');
    putPair('20260301_000000Z', 'alpha/20260301/');
    clock += 10_000;
    const { pairs } = await open().list();
    expect(pairs.map(({ stampInstant }) => new Date(stampInstant).toISOString().slice(11, 16))).toEqual([
      '00:00',
      '00:01',
      '00:02',
      '00:03',
    ]);
    expect(pairs.map(({ folder }) => folder)).toEqual(['alpha', '', '', '']);
  });

  test('looks two levels deep and no deeper', async () => {
    putPair('20260301_000000Z', 'alpha/20260301/');
    putPair('20260301_000100Z', 'alpha/beta/');
    putPair('20260301_000200Z', '20260301/alpha/');
    putPair('20260301_000300Z', '.hidden/');
    expect(await listFiles(open())).toEqual(['alpha/20260301/process_mem_20260301_000000Z.csv']);
  });

  test('leaves odd names alone, and they stop nothing', async () => {
    const odd = [
      '<img src=x onerror=alert(1)>.csv',
      'a\nb.csv',
      '-rf.csv',
      '..csv',
      'CON.csv',
      `${'x'.repeat(251)}.csv`,
    ];
    for (const name of odd) put(name, 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff]), Buffer.from('.csv')]), 'x');
    putPair('20260301_000000Z');
    const listing = await open().list();
    expect(files(listing)).toHaveLength(1);
    expect(listing.rejects).toEqual([]);
  });

  test('tells of a name that is a dump’s but not a file, once', async () => {
    putPair('20260301_000000Z');
    symlinkSync('/etc/passwd', join(root, 'process_mem_20260301_000100Z.csv'));
    mkdirSync(join(root, 'process_mem_20260301_000200Z.csv'));
    execFileSync('mkfifo', [join(root, 'process_mem_20260301_000300Z.csv')]);
    put('process_mem_20260230_000000Z.csv', PROCESSES);
    const folder = open();
    const { pairs, rejects } = await folder.list();
    expect(pairs).toHaveLength(1);
    expect(rejects.map(formatReject).sort()).toEqual([
      'process_mem_20260230_000000Z.csv: names a day or a time that does not exist',
      'process_mem_20260301_000100Z.csv: is a symbolic link; links are not followed',
      'process_mem_20260301_000200Z.csv: is a directory',
      'process_mem_20260301_000300Z.csv: is not a regular file',
    ]);
    expect((await folder.list()).rejects).toEqual([]);
  });
});

describe('a pair is ready', () => {
  test('at once where our recorder has written both files', async () => {
    const folder = open();
    put('process_mem_20260301_000000Z.csv', PROCESSES);
    expect(await listFiles(folder)).toEqual([]);
    put('sys_mem_20260301_000000Z.csv', SYSTEM);
    expect(await listFiles(folder)).toHaveLength(1);
    expect(await listFiles(folder)).toEqual([]);
  });

  test('without its other half after ten seconds', async () => {
    put('process_mem_20260301_000000Z.csv', PROCESSES);
    put('sys_mem_20260301_000100Z.csv', SYSTEM);
    const folder = open();
    clock += 9_000;
    expect(await listFiles(folder)).toEqual([]);
    clock += 2_000;
    const { pairs } = await folder.list();
    const samples = await Promise.all(pairs.map(async (pair) => (await folder.read(pair)).sample));
    expect(samples.map((sample) => [sample?.processes?.count, sample?.incomplete])).toEqual([
      [1, true],
      [undefined, false],
    ]);
  });

  test('of the seed’s when both files have rested for two seconds', async () => {
    putPair('20260301_010000');
    const folder = open();
    expect(await listFiles(folder)).toEqual([]);
    clock += 1_000;
    expect(await listFiles(folder)).toEqual([]);
    clock += 2_000;
    expect(await listFiles(folder)).toHaveLength(1);
  });

  test('though the clock of the file system runs ahead', async () => {
    putPair('20260301_010000');
    for (const name of ['process', 'sys'])
      utimesSync(join(root, `${name}_mem_20260301_010000.csv`), clock / 1000 + 3600, clock / 1000 + 3600);
    const folder = open();
    expect(await listFiles(folder)).toEqual([]);
    clock += 3_000;
    expect(await listFiles(folder)).toHaveLength(1);
  });
});

describe('listing again', () => {
  test('takes in what is new and opens nothing else', async () => {
    putPair('20260301_000000Z', '20260301/');
    putPair('20260301_000100Z', '20260301/');
    const folder = open();
    for (const pair of (await folder.list()).pairs) await folder.read(pair);
    vi.mocked(openSync).mockClear();
    putPair('20260301_000200Z', '20260301/');
    putPair('20260302_000000Z', '20260302/');
    const { pairs } = await folder.list();
    for (const pair of pairs) await folder.read(pair);
    const opened = vi.mocked(openSync).mock.calls.map(([path]) => String(path).slice(root.length + 1));
    expect(opened.filter((path) => path.includes('mem')).sort()).toEqual([
      '20260301/process_mem_20260301_000200Z.csv',
      '20260301/sys_mem_20260301_000200Z.csv',
      '20260302/process_mem_20260302_000000Z.csv',
      '20260302/sys_mem_20260302_000000Z.csv',
    ]);
  });

  test('finds a dump that comes to a folder that was quiet for long', async () => {
    putPair('20260301_000000Z', '20260301/');
    const folder = open();
    for (let k = 0; k < 3; k++) {
      await folder.list();
      clock += 60_000;
    }
    putPair('20260301_000100Z', '20260301/');
    expect(await listFiles(folder)).toEqual(['20260301/process_mem_20260301_000100Z.csv']);
  });

  test('finds a dump whose coming the folder’s time stamp does not show', async () => {
    putPair('20260301_000000Z', '20260301/');
    const day = join(root, '20260301');
    const { atime, mtime } = statSync(day);
    const folder = open();
    utimesSync(day, atime, mtime);
    await folder.list();
    clock += 1_000;
    putPair('20260301_000100Z', '20260301/');
    utimesSync(day, atime, mtime);
    expect(await listFiles(folder)).toEqual(['20260301/process_mem_20260301_000100Z.csv']);
  });

  test('is not disturbed by retention', async () => {
    putPair('20260301_000000Z', '20260301/');
    putPair('20260302_000000Z', '20260302/');
    const folder = open();
    await folder.list();
    rmSync(join(root, '20260301'), { recursive: true });
    putPair('20260302_000100Z', '20260302/');
    expect(await listFiles(folder)).toEqual(['20260302/process_mem_20260302_000100Z.csv']);
  });

  test('at the same time as another listing gives each pair once', async () => {
    putPair('20260301_000000Z');
    const folder = open();
    const listings = await Promise.all([folder.list(), folder.list(), folder.list()]);
    expect(listings.flatMap(files)).toHaveLength(1);
  });
});

describe('reading a file that became another since it was listed', () => {
  async function readAfter(change: (path: string) => void) {
    putPair('20260301_000000Z');
    const folder = open();
    const [pair] = (await folder.list()).pairs;
    change(join(root, 'process_mem_20260301_000000Z.csv'));
    const { sample, rejects } = await folder.read(pair);
    expect(sample).toMatchObject({ processes: null, incomplete: true, system: { host: 'node-1' } });
    return rejects.map(({ reason }) => reason);
  }

  test('a pipe does not block', async () => {
    const reasons = await readAfter((path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    });
    expect(reasons).toEqual(['is not a regular file']);
  });

  test('a link is not followed', async () => {
    const reasons = await readAfter((path) => {
      renameSync(path, `${path}.elsewhere`);
      symlinkSync(`${path}.elsewhere`, path);
    });
    expect(reasons).toEqual(['is a symbolic link; links are not followed']);
  });

  test('a device is not read', async () => {
    const reasons = await readAfter((path) => {
      rmSync(path);
      symlinkSync('/dev/zero', path);
    });
    expect(reasons).toEqual(['is a symbolic link; links are not followed']);
  });

  test('a directory is none', async () => {
    const reasons = await readAfter((path) => {
      rmSync(path);
      mkdirSync(path);
    });
    expect(reasons).toEqual(['is not a regular file']);
  });

  test('one that is gone is told', async () => {
    expect(await readAfter((path) => rmSync(path))).toEqual(['has vanished']);
  });
});

describe('reading a file that grows meanwhile', () => {
  const bytes = exampleDump(3 * 2 ** 20);

  async function readWhile(grow: (path: string, more: string) => Promise<void>, system = SYSTEM) {
    const path = put('process_mem_20260301_000000Z.csv', bytes);
    put('sys_mem_20260301_000000Z.csv', system);
    const folder = open();
    const [pair] = (await folder.list()).pairs;
    const reading = folder.read(pair);
    await grow(path, '4000000,1,ann,5,S,1,4,8,,,,,/c,n,/bin/n\n');
    return describeDump(await reading);
  }

  test('starts anew and takes it in as it is then', async () => {
    const { lines, rejects, processes } = await readWhile(async (path, more) => {
      await nextTurn();
      appendFileSync(path, more);
    });
    expect(rejects).toEqual([]);
    expect(lines).toBe(`${processes} accepted, 0 rejected, 0 blank`);
  });

  test('takes in what its commit record tells of, whatever comes after that', async () => {
    const rows = bytes.filter((byte) => byte === 0x0a).length - 1;
    const commit = `HOST,PROC_ROWS,PROC_CRC32\nnode-1,${rows},${crc32(bytes).toString(16).padStart(8, '0')}\n`;
    const { lines, rejects, marks } = await readWhile(async (path, more) => {
      await nextTurn();
      appendFileSync(path, more);
    }, commit);
    expect(rejects).toEqual([]);
    expect(lines).toBe(`${rows} accepted, 0 rejected, 0 blank`);
    expect(marks).toBe('');
  });

  test('says so where it does not stop growing', async () => {
    const { rejects, marks } = await readWhile(async (path, more) => {
      for (let k = 0; k < 20; k++) {
        await nextTurn();
        appendFileSync(path, more);
      }
    });
    expect(rejects).toContain('process_mem_20260301_000000Z.csv: changed while it was read');
    expect(marks).toBe('incomplete');
  });
});

describe('caps', () => {
  async function readOne(name: string, content: string | Buffer, caps: Partial<Caps> = {}) {
    put(name, content);
    put('sys_mem_20260301_000000Z.csv', SYSTEM);
    const { samples } = await describeFolder(open(caps));
    return samples[0];
  }

  test('a file of ten gigabytes is refused unread', async () => {
    truncateSync(put('process_mem_20260301_000000Z.csv', PROCESSES), 10 * 2 ** 30);
    put('sys_mem_20260301_000000Z.csv', SYSTEM);
    const { samples } = await describeFolder(open());
    expect(samples[0].rejects).toEqual(['process_mem_20260301_000000Z.csv: is larger than 2048 MiB']);
  });

  test('a gzip bomb is stopped early', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const started = performance.now();
    const { rejects, marks } = await readOne('process_mem_20260301_000000Z.csv.gz', bomb);
    expect(rejects[0]).toMatch(/unpacks to more than \d+ MiB/);
    expect(marks).toBe('incomplete');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('an unpacked size beyond the cap ends the file there', async () => {
    const caps = { inflatedBytes: 100_000 };
    const file = gzipSync(exampleDump(2_000_000));
    const { processes, rejects } = await readOne('process_mem_20260301_000000Z.csv.gz', file, caps);
    expect(rejects[0]).toContain('unpacks to more than 100000 bytes');
    expect(processes === null || Number(processes) >= 0).toBe(true);
  });

  test('a line longer than the cap is one reject, its neighbours are rows', async () => {
    const long = `9,1,ann,5,4,8,${'x'.repeat(3 * 2 ** 20)}`;
    const { lines, rejects } = await readOne(
      'process_mem_20260301_000000Z.csv',
      `${PROCESSES}${long}\n${long}\n8,1,ann,5,4,8,/bin/b\n`,
    );
    expect(lines).toBe('2 accepted, 2 rejected, 0 blank');
    expect(rejects).toEqual([
      'process_mem_20260301_000000Z.csv:3:1048577: is longer than 1 MiB',
      'process_mem_20260301_000000Z.csv:4:1048577: is longer than 1 MiB',
    ]);
  });

  test('a line as long as the cap is a row', async () => {
    const start = '9,1,ann,5,4,8,';
    const line = start + 'x'.repeat(2 ** 20 - start.length);
    const { lines } = await readOne('process_mem_20260301_000000Z.csv', `${PROCESSES}${line}\n`);
    expect(lines).toBe('2 accepted, 0 rejected, 0 blank');
  });

  test('50 000 columns are refused', async () => {
    const header = Array.from({ length: 50_000 }, (_, k) => `C${k}`).join(',');
    const { rejects } = await readOne('process_mem_20260301_000000Z.csv', `${header}\n1\n`);
    expect(rejects).toEqual(['process_mem_20260301_000000Z.csv: has more than 256 columns']);
  });

  test('a file of several megabytes is read whole, plain or packed', async () => {
    const file = exampleDump(2.5 * 2 ** 20);
    const plain = await readOne('process_mem_20260301_000000Z.csv', file);
    rmSync(join(root, 'process_mem_20260301_000000Z.csv'));
    const packed = await readOne('process_mem_20260301_000000Z.csv.gz', gzipSync(file));
    expect(plain.lines).toMatch(/^\d{5,} accepted, 0 rejected, 0 blank$/);
    expect(packed).toEqual(plain);
  });
});
