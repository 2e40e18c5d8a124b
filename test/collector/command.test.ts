import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './fake-proc.ts';

/** The recorder as it is shipped: one file without dependencies, in a process of its own. */
let bundle = '';

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ['collector/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { __VERSION__: '"1.2.3"' },
    write: false,
    metafile: true,
  });
  bundle = outputFiles[0].text;
  expect(Object.keys(metafile.inputs).filter((path) => !/^(collector|server\/domain)\//.test(path))).toEqual(
    [],
  );
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(...argv: readonly string[]): Run {
  const args = ['--input-type=module', '-', ...argv];
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += text));
  child.stderr.on('data', (text) => (output.stderr += text));
  child.stdin.end(bundle);
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }));
  return { child, ended };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('_mem_'));
}

/** @returns the system files that do not tell the truth about their process file */
function findBroken(folder: string): string[] {
  return filesBelow(folder)
    .filter((name) => name.includes('sys_mem'))
    .filter((name) => {
      const [names, values] = readFileSync(join(folder, name), 'latin1').split('\n');
      const cell = (column: string) => values.split(',')[names.split(',').indexOf(column)];
      const processFile = readFileSync(join(folder, name.replace('sys_mem', 'process_mem')));
      const rows = processFile.toString().split('\n').length - 2;
      const sum = crc32(processFile).toString(16).padStart(8, '0');
      return cell('PROC_ROWS') !== String(rows) || cell('PROC_CRC32') !== sum;
    });
}

describe.runIf(process.platform === 'linux')('the recorder as a command', () => {
  test('--once writes one pair of this host, says where, and is done', async () => {
    const out = temporaryFolder();
    const { code, stdout, stderr } = await start('--once', '--out', out).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^recorded .*sys_mem_\d{8}_\d{6}Z\.csv, \d+ processes, [\d.]+ ms\n/);
    expect(filesBelow(out)).toHaveLength(2);
    expect(findBroken(out)).toEqual([]);
    const system = filesBelow(out).find((name) => name.includes('sys_mem')) ?? '';
    expect(readFileSync(join(out, system), 'utf8')).toContain(',1.2.3,redacted,');
  });

  test('into a pipe says one line and is quiet afterwards; with --quiet it says none', async () => {
    const spoken = await start('--interval', '10ms', '--count', '5', '--out', temporaryFolder()).ended;
    // One more for each kind of thing that cannot be seen here.
    const lines = spoken.stderr.split('\n').filter((line) => !/ PSS of | are not visible /.test(line));
    expect(lines).toHaveLength(2);
    const silent = await start('--once', '--quiet', '--out', temporaryFolder()).ended;
    expect(silent).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s at any moment exits 0 and leaves only whole pairs',
    async (signal) => {
      await Promise.all(
        [0, 3, 7, 12].map(async (delay) => {
          const out = temporaryFolder();
          const { child, ended } = start('--interval', '10ms', '--out', out);
          if (child.stderr) await once(child.stderr, 'data');
          await wait(delay);
          child.kill(signal);
          expect((await ended).code).toBe(0);
          const files = filesBelow(out);
          expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
          expect(files.filter((name) => name.includes('sys_mem')).length * 2).toBe(files.length);
          expect(findBroken(out)).toEqual([]);
        }),
      );
    },
  );

  test('--source ps leaves start times empty and does not list ps', async () => {
    const out = temporaryFolder();
    const { code, stderr } = await start('--once', '--source', 'ps', '--out', out).ended;
    if (stderr.includes('ENOENT')) return;
    expect(code).toBe(0);
    const file = filesBelow(out).find((name) => name.includes('process_mem')) ?? '';
    const lines = readFileSync(join(out, file), 'utf8').trim().split('\n').slice(1);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => /^\d+,\d+,[^,]*,,/.test(line))).toBe(true);
    expect(lines.filter((line) => line.includes('user:64='))).toEqual([]);
  });

  test('--help goes to stdout', async () => {
    const { code, stdout, stderr } = await start('--help').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: node dist\/collector\.js \[options\]\n/);
  });

  test('wrong usage is exit code 2 and one line', async () => {
    const { code, stderr } = await start('--interval', '1ms').ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^node dist\/collector\.js: --interval must be .*\. See --help\.\n$/);
  });

  test('a folder that cannot be written to is exit code 3 and one line', async () => {
    const { code, stderr } = await start('--once', '--out', '/dev/null/x').ended;
    expect(code).toBe(3);
    expect(stderr).toBe(
      'node dist/collector.js: cannot write /dev/null/x: not a directory (ENOTDIR). Name a folder with --out.\n',
    );
  });

  test('a reader that closes the pipe does not end the recording', async () => {
    const out = temporaryFolder();
    const { child, ended } = start('--interval', '10ms', '--count', '10', '--out', out);
    child.stderr?.destroy();
    expect((await ended).code).toBe(0);
    expect(filesBelow(out)).toHaveLength(20);
  });
});
