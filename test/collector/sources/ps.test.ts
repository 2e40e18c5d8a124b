import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { openPsSource, parsePs } from '../../../collector/sources/ps.ts';
import { tableOf } from '../../../collector/take-sample.ts';
import { temporaryFolder } from '../fake-proc.ts';

const asIs = (command: string) => command;

const layout = buildRecordLayout();

function parse(text: string | Buffer, ownPid = -1) {
  const reading = parsePs(Buffer.from(text), layout, ownPid, asIs);
  return { ...tableOf(reading, layout), unreadable: reading.unreadable };
}

describe('what ps prints', () => {
  test('is fixed columns followed by the command, spaces and all', () => {
    const { numbers, texts } = parse('   42     7 S   3  5448  9000 1-02:03:04 ann        sh -c  a  b,"c \n');
    expect(Object.fromEntries(Object.entries(numbers).map(([id, [value]]) => [id, value]))).toEqual({
      pid: 42,
      ppid: 7,
      start_ticks: Number.NaN,
      threads: 3,
      rss_bytes: 5448 * 1024,
      vsz_bytes: 9000 * 1024,
      hwm_bytes: Number.NaN,
      pss_bytes: Number.NaN,
      swap_bytes: Number.NaN,
      cpu_seconds: 93_784,
    });
    expect(texts).toMatchObject({
      user: ['ann'],
      state: ['S'],
      cmd: ['sh -c  a  b,"c '],
      comm: [null],
      cgroup: [null],
    });
  });

  test('names a process without a command in brackets: that is its name, and its command is empty', () => {
    const { texts } = parse(
      '2 0 S 1 0 0 00:00:00 root [kthreadd]\n3 2 Z 1 0 0 00:00:01 root [sh] <defunct>\n4 1 S 1 8 9 00:00:00 root [not a thread]\n',
    );
    expect(texts.comm).toEqual([null, 'kthreadd', 'sh']);
    expect(texts.cmd).toEqual(['[not a thread]', '', '']);
  });

  test('is sorted by RSS, without the row of ps itself', () => {
    const { numbers } = parse(
      '1 0 S 1 5 5 00:00:00 a x\n9 1 R 1 99 5 00:00:00 a ps\n2 0 S 1 6 5 00:00:00 a y\n',
      9,
    );
    expect([...numbers.pid]).toEqual([2, 1]);
  });

  test('that cannot be understood is counted', () => {
    const { count, unreadable } = parse('PID PPID\n\n1 0 S 1 x 5 00:00:00 a x\n1 0 S 1 5 - odd a x\n');
    expect({ count, unreadable }).toEqual({ count: 1, unreadable: 3 });
  });

  test('may hold bytes that are not UTF-8', () => {
    expect(parse(Buffer.from('1 0 S 1 5 5 00:00:00 a x\xff\n', 'latin1')).texts.cmd).toEqual(['x\\xff']);
  });
});

describe('running ps', () => {
  test('that is not there is an error that names the way out', async () => {
    const missing = openPsSource(layout, asIs, '/nowhere/ps').read();
    await expect(missing).rejects.toMatchObject({
      code: 'source_unavailable',
      message: 'cannot run /nowhere/ps: no such file or directory (ENOENT)',
      next: 'Install procps, or leave out --source ps',
    });
  });

  test('that refuses its columns is an error in its own words', async () => {
    const ps = join(temporaryFolder(), 'ps');
    writeFileSync(ps, '#!/bin/sh\necho "ps: bad -o argument" >&2\necho usage >&2\nexit 1\n');
    chmodSync(ps, 0o755);
    await expect(Promise.resolve(openPsSource(layout, asIs, ps).read())).rejects.toThrow(
      `cannot run ${ps}: ps: bad -o argument`,
    );
  });
});
