import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Caps } from '../../../../server/adapters/dumps/caps.ts';
import { DEFAULT_CAPS } from '../../../../server/adapters/dumps/caps.ts';
import {
  endDecoding,
  openProcessDecoder,
  pushBytes,
} from '../../../../server/adapters/dumps/decode-process.ts';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import { openLayoutCache } from '../../../../server/adapters/dumps/layout-cache.ts';
import { internWord, openWordCache } from '../../../../server/adapters/dumps/word-cache.ts';
import { describeFolder, formatReject } from './describe-folder.ts';

const parsed = vi.hoisted(() => ({ lines: 0 }));

vi.mock('csv-parse/sync', async (original) => {
  const csv = await original<typeof import('csv-parse/sync')>();
  const parse = (...args: Parameters<typeof csv.parse>) => {
    parsed.lines++;
    return csv.parse(...args);
  };
  return { ...csv, parse };
});

const HEADER = 'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bounds-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function decode(text: string, changed: Partial<Caps> = {}, pieces = text.length) {
  const caps = { ...DEFAULT_CAPS, ...changed };
  const decoder = openProcessDecoder({ file: 'f', format: 'seed', caps, layouts: openLayoutCache(caps) });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += pieces) pushBytes(decoder, bytes.subarray(at, at + pieces));
  return endDecoding(decoder, () => true);
}

function reasonsOf({ rejects }: ReturnType<typeof decode>): readonly string[] {
  return rejects.map(formatReject);
}

describe('a line as long as the cap', () => {
  const line = `7,1,ann,4,8,${'x'.repeat(88)}`;
  const text = `${HEADER}${line}\r\n8,1,ann,4,8,b\r\n`;

  test('is a row whatever pieces its bytes come in, and whichever line end it has', () => {
    for (let pieces = 1; pieces <= text.length; pieces++)
      expect(decode(text, { lineBytes: line.length }, pieces).lines, `${pieces} bytes`).toEqual({
        accepted: 2,
        rejected: 0,
        blank: 0,
      });
  });

  test('and one byte longer is one reject in whatever pieces', () => {
    for (let pieces = 1; pieces <= text.length; pieces++)
      expect(reasonsOf(decode(text, { lineBytes: line.length - 1 }, pieces))).toEqual([
        'f:2:100: is longer than 99 bytes',
      ]);
  });
});

describe('a header', () => {
  test('that is too long is refused in whatever pieces it comes', () => {
    const text = `${'X'.repeat(200)},${HEADER}7,1,ann,4,8,a\n`;
    for (let pieces = 1; pieces <= text.length; pieces++) {
      const decoded = decode(text, { lineBytes: 100 }, pieces);
      expect(reasonsOf(decoded), `${pieces} bytes`).toEqual(['f: is longer than 100 bytes']);
      expect(decoded.lines).toEqual({ accepted: 0, rejected: 1, blank: 0 });
    }
  });

  test('with one name twice is refused in few words, however long the name is', () => {
    const name = `\x1b\x7f${'x'.repeat(100_000)}`;
    const [reason] = reasonsOf(decode(`${name},${name},${HEADER}`));
    expect(reason).toMatch(/^f: has the column "\\x1b\\x7fx{78}…" twice$/);
  });
});

describe('what one file may take of memory', () => {
  const rows = Array.from({ length: 1000 }, (_, k) => `${k + 1},1,ann,4,8,b\n`).join('');

  test('is bounded: rows beyond are rejects, and the sample is incomplete', async () => {
    const decoded = decode(HEADER + rows, { tableBytes: 100_000 });
    const { accepted, rejected } = decoded.lines;
    expect(accepted).toBeGreaterThan(100);
    expect(accepted + rejected).toBe(1000);
    expect(decoded.table?.count).toBe(accepted);
    expect(reasonsOf(decoded)[0]).toMatch(
      /^f:\d+:1: the rows before it fill 100000 bytes, the most that a sample may take$/,
    );
    writeFileSync(join(root, 'process_mem_20260301_000000.csv'), HEADER + rows);
    writeFileSync(join(root, 'sys_mem_20260301_000000.csv'), 'MemTotal_MB\n1000\n');
    const now = () => Date.now() + 60_000;
    const { samples } = await describeFolder(
      openDumpFolder({ root, timeZone: 'UTC', now, caps: { tableBytes: 100_000 } }),
    );
    expect(samples[0].marks).toBe('weak incomplete');
  });

  test('counts long texts too', () => {
    const long = Array.from({ length: 20 }, (_, k) => `${k + 1},1,ann,4,8,${'x'.repeat(20_000)}\n`).join('');
    expect(decode(HEADER + long, { tableBytes: 100_000 }).lines).toEqual({
      accepted: 4,
      rejected: 16,
      blank: 0,
    });
  });

  test('does not stay: a long user name is not kept for the next file', () => {
    const words = openWordCache();
    const bytes = Buffer.from('u'.repeat(100_000));
    expect(internWord(words, bytes, 0, bytes.length, 7)).toHaveLength(100_000);
    expect(words.every((word) => word.length === 0)).toBe(true);
  });
});

describe('a file that is nothing but damage', () => {
  test.each([
    ['too few cells', 'x,1\n'],
    ['no numbers', ',,,,,\n'],
    ['a quote that is not closed', '1,1,",1,1,\n'],
    ['a quote inside a cell', '1,1,a"b,1,1,\n'],
    ['something after a closing quote', '1,1,"a"b,1,1,\n'],
  ])('costs no parsing of CSV line by line: %s', (_name, line) => {
    parsed.lines = 0;
    expect(decode(HEADER + line.repeat(5000)).lines.rejected).toBe(5000);
    expect(parsed.lines).toBeLessThan(10);
  });
});

describe('a packed file that is damaged', () => {
  const rows = Array.from(
    { length: 200 },
    (_, k) => `${k + 1},1,ann,4,${k * k},/bin/worker-${k ** 3}\n`,
  ).join('');
  const packed = gzipSync(HEADER + rows);

  async function read(bytes: Buffer) {
    writeFileSync(join(root, 'process_mem_20260301_000000.csv.gz'), bytes);
    writeFileSync(join(root, 'sys_mem_20260301_000000.csv'), 'MemTotal_MB\n1000\n');
    const now = () => Date.now() + 60_000;
    const { samples } = await describeFolder(openDumpFolder({ root, timeZone: 'UTC', now }));
    return samples[0];
  }

  test('by what follows it serves all its rows, and says so', async () => {
    const { lines, rejects, marks } = await read(Buffer.concat([packed, Buffer.from('trailing')]));
    expect(lines).toBe('200 accepted, 0 rejected, 0 blank');
    expect(rejects).toEqual([
      'process_mem_20260301_000000.csv.gz: is followed by something that is not gzip',
    ]);
    expect(marks).toBe('weak incomplete');
  });

  test('in its middle serves the rows before, and says so', async () => {
    const struck = Buffer.from(packed);
    const middle = packed.length >> 1;
    struck.fill(0xff, middle, middle + 8);
    const { lines, rejects, marks } = await read(struck);
    expect(Number.parseInt(lines, 10)).toBeGreaterThan(80);
    expect(rejects[0]).toBe('process_mem_20260301_000000.csv.gz: its gzip stream is damaged');
    expect(marks).toBe('weak incomplete');
  });

  test('in its checksum serves all its rows, and says so', async () => {
    const struck = Buffer.from(packed);
    struck[packed.length - 6] ^= 1;
    const { lines, rejects } = await read(struck);
    expect(lines).toBe('200 accepted, 0 rejected, 0 blank');
    expect(rejects).toEqual(['process_mem_20260301_000000.csv.gz: its gzip stream is damaged']);
  });

  test('and is a bomb too is not unpacked any further', async () => {
    const { rejects } = await read(
      Buffer.concat([gzipSync(Buffer.alloc(64 * 2 ** 20)), Buffer.from('trailing')]),
    );
    expect(rejects[0]).toMatch(/unpacks to more than \d+ MiB/);
  });
});

describe('a host’s folder with an odd name', () => {
  test('is told in dump notation, as any host', async () => {
    const folder = join(root, 'a\nb\x1b[2J');
    mkdirSync(folder);
    writeFileSync(join(folder, 'process_mem_20260301_000000.csv'), `${HEADER}7,1,ann,4,8,a\n`);
    writeFileSync(join(folder, 'sys_mem_20260301_000000.csv'), 'MemTotal_MB\n1000\n');
    const now = () => Date.now() + 60_000;
    const { samples } = await describeFolder(openDumpFolder({ root, timeZone: 'UTC', now }));
    expect(samples[0].host).toBe('a\\x0ab\\x1b[2J');
  });
});

describe('a commit record of which half is there', () => {
  test.each([
    ['PROC_CRC33', 'PROC_ROWS,PROC_CRC33'],
    ['PROC_ROVS', 'PROC_ROVS,PROC_CRC32'],
  ])('is damaged, since a recorder writes both: %s', async (_name, names) => {
    writeFileSync(
      join(root, 'process_mem_20260301_000000Z.csv'),
      'PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD\n7,1,ann,5,4,8,/bin/a\n',
    );
    writeFileSync(
      join(root, 'sys_mem_20260301_000000Z.csv'),
      `HOST,${names},MemTotal_KB\nnode-1,1,0fd7a3c2,1000\n`,
    );
    const { samples } = await describeFolder(openDumpFolder({ root, timeZone: 'UTC' }));
    expect(samples[0].marks).toBe('incomplete');
    expect(samples[0].rejects[0]).toMatch(
      /^sys_mem_20260301_000000Z\.csv: lacks the column PROC_(?:ROWS|CRC32)$/,
    );
  });
});
