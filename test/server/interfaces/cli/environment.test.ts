import { cpSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from '../http/small-recording.ts';
import { runPmi } from './run-pmi.ts';

/** A working folder whose dumps somebody has named otherwise, with a file `.env`. */
const recorded = sharedTempFolder();
writeHistory(recorded, SMALL_RECORDING);

function workingFolder(dotEnv: string): string {
  const cwd = tempFolder();
  const dumps = join(cwd, 'mine');
  cpSync(recorded, dumps, { recursive: true });
  for (const entry of readdirSync(dumps, { recursive: true, withFileTypes: true })) {
    const name = entry.name.replace(/^process_mem_/, 'proc-').replace(/^sys_mem_/, 'system.');
    if (entry.isFile()) renameSync(join(entry.parentPath, entry.name), join(entry.parentPath, name));
  }
  writeFileSync(join(cwd, '.env'), dotEnv);
  return cwd;
}

const snapshot = (cwd: string, env: Record<string, string> = {}) =>
  runPmi(['snapshot', '--json'], { cwd, env: { ...env } });

describe('a file .env in the working folder', () => {
  test('names the folder of the dumps and how they are named', async () => {
    const cwd = workingFolder(
      '# the predecessor\nDUMPS_DIR=mine\nSYS_GLOB="system.*.csv"\nPROC_GLOB=proc-*.csv\n',
    );
    const { code, out, err } = await snapshot(cwd);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out).rows.length).toBeGreaterThan(0);
  });

  test('gives way to what is set', async () => {
    const cwd = workingFolder('DUMPS_DIR=mine\nSYS_GLOB=system.*.csv\nPROC_GLOB=nothing-*.csv\n');
    expect((await snapshot(cwd)).code).not.toBe(0);
    expect((await snapshot(cwd, { PROC_GLOB: 'proc-*.csv' })).code).toBe(0);
  });

  test('sets nothing else', async () => {
    const cwd = workingFolder('DUMPS_DIR=mine\nSYS_GLOB=system.*.csv\nPROC_GLOB=proc-*.csv\nTZ=Asia/Tokyo\n');
    expect((await snapshot(cwd)).out).toBe((await snapshot(cwd, { TZ: 'UTC' })).out);
  });
});

describe('a pattern that is none', () => {
  test.each([
    ['SYS_GLOB', '*_mem_*.csv', 'SYS_GLOB: "*_mem_*.csv" is not a pattern of dump names'],
    ['PROC_GLOB', '../proc_*.csv', 'PROC_GLOB: "../proc_*.csv" is not a pattern of dump names'],
    [
      'SYS_GLOB',
      'process_mem_*.csv',
      'SYS_GLOB: "process_mem_*.csv" is the pattern of the process files, too',
    ],
  ])('%s=%s is refused by name: 2', async (name, text, message) => {
    const { code, err } = await runPmi(['snapshot', '--dumps', recorded], { env: { [name]: text } });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
