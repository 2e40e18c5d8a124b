import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import type { Probe } from './probe.ts';
import type { Outcome, Target } from './target.ts';
import { grouped } from './target.ts';

/** T16: more and larger than any dump. */

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const HEADER = 'PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD\n';
const ROW = '7,1,ann,5,4,8,/bin/a\n';
const NEXT_ROW = '8,1,ann,5,4,8,/bin/b\n';
const PROCESS = 'process_mem_20260301_000000Z.csv';
const SYSTEM = 'sys_mem_20260301_000000Z.csv';
const PROBE = 'node_modules/.cache/torture/reader/probe.mjs';

interface Extreme {
  readonly name: string;
  readonly put: (root: string) => void;
  readonly caps?: object;
  /** Free disk that it needs. */
  readonly needsBytes?: number;
  readonly expect: (probe: Probe) => readonly boolean[];
  readonly tell: (probe: Probe) => string;
}

function putSystem(root: string): void {
  writeFileSync(join(root, SYSTEM), 'HOST,MemTotal_KB\nnode-1,1000\n');
}

function putProcess(root: string, content: string | Buffer, name = PROCESS): string {
  putSystem(root);
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const MINUTE = 60_000;

function stampOf(t: number, format: DumpFormat): string {
  const digits = new Date(t).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return digits.replace('T', '_') + (format === 'v2' ? 'Z' : '');
}

/** Empty dumps of the minutes from 2026 on. */
function putMany(count: number, format: DumpFormat, folderOf: (stamp: string) => string) {
  return (root: string) => {
    for (let k = 0; k < count / 2; k++) {
      const stamp = stampOf(Date.UTC(2026, 0, 1) + k * MINUTE, format);
      const folder = join(root, folderOf(stamp));
      if (k % 1440 === 0) mkdirSync(folder, { recursive: true });
      for (const role of ['process', 'sys'])
        closeSync(openSync(join(folder, `${role}_mem_${stamp}.csv`), 'w'));
    }
  };
}

const FILES = 100_000;
const isListed = ({ pairs, refused, listMs, peakMib }: Probe) => [
  pairs === FILES / 2,
  refused === 0,
  listMs <= 2000,
  peakMib <= 300,
];
const tellListed = ({ listMs, peakMib }: Probe) =>
  `listed in ${listMs.toFixed(0)} ms, ${peakMib.toFixed(0)} MiB at most`;
const tellRead = ({ readMs, baseMib, peakMib, rejects }: Probe) =>
  `${rejects[0]?.replace(/^[^:]*:/, '').trim() ?? 'read'}; ${readMs.toFixed(0)} ms, ${peakMib.toFixed(0)} MiB at most (+${(peakMib - baseMib).toFixed(0)})`;
const isBombStopped = ({ rejects, readMs, incomplete, baseMib, peakMib }: Probe) => [
  /unpacks to more than/.test(rejects[0]),
  readMs <= 1000,
  incomplete === 1,
  peakMib - baseMib <= 64,
];

function putSparse(bytes: number, after: string) {
  return (root: string) => {
    const path = putProcess(root, HEADER + ROW);
    truncateSync(path, bytes);
    appendFileSync(path, after);
  };
}

/** Every pid there can be: a row takes a tenfold of its bytes once it is read. */
function putEveryPid(root: string): void {
  const fd = openSync(putProcess(root, HEADER), 'w');
  writeSync(fd, HEADER);
  for (let pid = 1; pid < 4_194_304; ) {
    let text = '';
    for (let k = 0; k < 50_000 && pid < 4_194_304; k++, pid++) text += `${pid},1,a,1,1,1,c${pid}\n`;
    writeSync(fd, text);
  }
  closeSync(fd);
}

function putLongRows(root: string): void {
  const fd = openSync(putProcess(root, HEADER), 'w');
  writeSync(fd, HEADER);
  const tail = Buffer.alloc(MIB - 100, 'x');
  for (let pid = 1; pid <= 1000; pid++)
    for (const part of [Buffer.from(`${pid},1,a,1,1,1,`), tail, Buffer.from('\n')]) writeSync(fd, part);
  closeSync(fd);
}

function putWide(root: string): void {
  const names = Array.from({ length: 50_000 }, (_, k) => `C${k}_KB`).join(',');
  putProcess(root, `${HEADER.trimEnd()},${names}\n${ROW.trimEnd()}${',1'.repeat(50_000)}\n`);
  writeFileSync(join(root, SYSTEM), `HOST,${names}\nnode-1${',1'.repeat(50_000)}\n`);
}

const EXTREMES: readonly Extreme[] = [
  {
    name: '100 000 files in one folder',
    put: putMany(FILES, 'v2', () => ''),
    expect: isListed,
    tell: tellListed,
  },
  {
    name: '100 000 files in day folders',
    put: putMany(FILES, 'v2', (stamp) => stamp.slice(0, 8)),
    expect: isListed,
    tell: tellListed,
  },
  {
    name: "100 000 of the predecessor's files",
    put: putMany(FILES, 'seed', () => ''),
    expect: isListed,
    tell: tellListed,
  },
  {
    name: '10 GiB, sparse',
    put: putSparse(10 * GIB, ''),
    expect: ({ rejects, peakMib }) => [/is larger than 2048 MiB/.test(rejects[0]), peakMib <= 512],
    tell: tellRead,
  },
  {
    name: '10 GiB, sparse, with the cap lifted',
    put: putSparse(10 * GIB, `\n${NEXT_ROW}`),
    caps: { fileBytes: 11 * GIB },
    expect: ({ accepted, rejected, peakMib }) => [accepted === 2, rejected === 1, peakMib <= 512],
    tell: tellRead,
  },
  {
    name: 'a line of 1 GiB between two rows',
    put: putSparse(GIB, `\n${NEXT_ROW}`),
    expect: ({ accepted, rejected, peakMib }) => [accepted === 2, rejected === 1, peakMib <= 512],
    tell: tellRead,
  },
  {
    name: '4 194 303 rows',
    put: putEveryPid,
    needsBytes: GIB,
    expect: ({ accepted, rejected, incomplete, peakMib }) => [
      accepted + rejected === 4_194_303,
      accepted >= 500_000,
      incomplete === 1,
      peakMib <= 512,
    ],
    tell: (probe) => `${grouped(probe.accepted)} rows taken; ${tellRead(probe)}`,
  },
  {
    name: '1000 rows of 1 MiB',
    put: putLongRows,
    needsBytes: 2 * GIB,
    expect: ({ accepted, rejected, peakMib }) => [
      accepted + rejected === 1000,
      accepted >= 200,
      peakMib <= 512,
    ],
    tell: (probe) => `${probe.accepted} rows taken; ${tellRead(probe)}`,
  },
  {
    name: 'a gzip bomb of 256 MiB',
    put: (root) => void putProcess(root, gzipSync(Buffer.alloc(256 * MIB)), `${PROCESS}.gz`),
    expect: isBombStopped,
    tell: tellRead,
  },
  {
    name: 'a gzip bomb of 4096 members',
    put(root) {
      const member = gzipSync(Buffer.alloc(MIB));
      putProcess(root, Buffer.concat(new Array<Buffer>(4096).fill(member)), `${PROCESS}.gz`);
    },
    expect: isBombStopped,
    tell: tellRead,
  },
  {
    name: '50 000 columns',
    put: putWide,
    expect: ({ rejects, accepted, peakMib }) => [
      rejects.filter((reject) => /has more than 256 columns/.test(reject)).length === 2,
      accepted === 0,
      peakMib <= 300,
    ],
    tell: tellRead,
  },
];

function isTooFull(root: string, needsBytes: number): boolean {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize < needsBytes;
}

async function tryExtreme({ name, put, caps = {}, needsBytes = 0, expect, tell }: Extreme): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'pmi-sizes-'));
  try {
    if (isTooFull(root, needsBytes))
      return { figures: `${name}: skipped: needs ${needsBytes / GIB} GiB free`, faults: [] };
    put(root);
    const out = execFileSync(process.execPath, [PROBE, root, JSON.stringify(caps)], { encoding: 'utf8' });
    const probe: Probe = JSON.parse(out);
    const isGood = expect(probe).every(Boolean);
    return { figures: `${name}: ${tell(probe)}`, faults: isGood ? [] : [`${name}: ${out.trim()}`] };
  } catch (error) {
    return { figures: `${name}: failed`, faults: [`${name}: ${error}`] };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function tryExtremes(): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const extreme of EXTREMES) outcomes.push(await tryExtreme(extreme));
  return {
    figures: outcomes.map(({ figures }) => figures).join('; '),
    faults: outcomes.flatMap(({ faults }) => faults),
  };
}

export const sizes: Target = {
  id: 'T16',
  asks: 'more and larger than any dump, each in a process of its own: refused or read within its bounds of time and memory',
  run: tryExtremes,
};
