import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What stands in a dump folder, judged without a line of the product: names by a pattern, rows by counting line ends,
 * CRC-32 bit by bit.
 */
export interface FolderReport {
  /** Process and system file there, rows and CRC as the system file tells. */
  readonly whole: number;
  /** Final names of which that is not true, each with the reason. */
  readonly torn: readonly string[];
  /** Process files without a system file: a collector was killed between the two. Each is complete in itself. */
  readonly uncommitted: readonly string[];
  /** Unfinished files. */
  readonly temporaries: readonly string[];
  /** Names that no collector writes. */
  readonly foreign: readonly string[];
}

const FINAL = /^(\d{8}\/)?(process|sys)_mem_\d{8}_\d{6}(_\d{3})?Z?\.csv$/;
const TEMPORARY = /^(\d{8}\/)?\..*\.\d+\.tmp$/;
const LOCK = /^\.collector\.lock(\.\d+\.tmp)?(\/\d+\.\d+\.[0-9a-f-]+)?$/;

function crc32(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

function countRows(bytes: Buffer): number {
  return bytes.toString('latin1').split('\n').length - 2;
}

function endsWithLine(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes[bytes.length - 1] === 10;
}

/** Why a pair is torn; `null` where it is not. */
function faultOf(systemFile: Buffer, processFile: Buffer | null): string | null {
  if (processFile === null) return 'no process file';
  if (!endsWithLine(systemFile) || !endsWithLine(processFile)) return 'no line end at the end';
  const lines = systemFile.toString('latin1').split('\n');
  if (lines.length !== 3) return `${lines.length - 1} lines in the system file`;
  const [names, cells] = lines.map((line) => line.split(','));
  if (names.length !== cells.length) return 'a system row of another width than its header';
  const cell = (name: string) => cells[names.indexOf(name)];
  if (cell('PROC_ROWS') !== String(countRows(processFile)))
    return `${countRows(processFile)} rows, not ${cell('PROC_ROWS')}`;
  return cell('PROC_CRC32') === crc32(processFile) ? null : 'another CRC';
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !lstatSync(join(folder, name)).isDirectory());
}

export function checkDumps(folder: string): FolderReport {
  const names = filesBelow(folder);
  const temporaries = names.filter((name) => TEMPORARY.test(name));
  const finals = names.filter((name) => FINAL.test(name));
  const systemFiles = finals.filter((name) => name.includes('sys_mem_'));
  const processFiles = finals.filter((name) => name.includes('process_mem_'));
  const faults = systemFiles.flatMap((name) => {
    const processFile = read(join(folder, name.replace('sys_mem_', 'process_mem_')));
    const fault = faultOf(readFileSync(join(folder, name)), processFile);
    return fault === null ? [] : [`${name}: ${fault}`];
  });
  const uncommitted = processFiles.filter(
    (name) => !systemFiles.includes(name.replace('process_mem_', 'sys_mem_')),
  );
  const cut = uncommitted.filter((name) => !endsWithLine(readFileSync(join(folder, name))));
  return {
    whole: systemFiles.length - faults.length,
    torn: [...faults, ...cut.map((name) => `${name}: no line end at the end`)],
    uncommitted,
    temporaries,
    foreign: names.filter((name) => !FINAL.test(name) && !TEMPORARY.test(name) && !LOCK.test(name)),
  };
}
