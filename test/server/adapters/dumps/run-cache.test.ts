import { describe, expect, test } from 'vitest';
import type { LineBytes } from '../../../../server/adapters/dumps/cells.ts';
import { viewLines } from '../../../../server/adapters/dumps/cells.ts';
import { buildLayout } from '../../../../server/adapters/dumps/layout.ts';
import type { RunCache } from '../../../../server/adapters/dumps/run-cache.ts';
import { findRun, keepRun, openRunCache, storeRun } from '../../../../server/adapters/dumps/run-cache.ts';
import {
  numberIn,
  openTableBuilder,
  storeNumber,
  storeText,
} from '../../../../server/adapters/dumps/table-builder.ts';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../../server/domain/metrics.ts';

const NAMES = ['PID', 'PPID', 'USER', 'RSS_MB', 'VSZ_MB', 'CMD'];
const PPID = NUMBER_COLUMNS.indexOf('ppid');
const CMD = TEXT_COLUMNS.indexOf('cmd');

function openCache(): RunCache {
  const layout = buildLayout(NAMES, 'seed');
  if ('refusal' in layout) throw new Error(layout.refusal.reason);
  return openRunCache(layout.columns.filter(({ name }) => name === 'PPID' || name === 'CMD'));
}

function linesOf(text: string): LineBytes {
  return viewLines(Buffer.from(text, 'latin1'));
}

function keep(cache: RunCache, pid: number, ppid: number, cmd: string, table = openTableBuilder(1)): void {
  const text = `${ppid},${cmd}\n`;
  storeNumber(table, PPID, ppid);
  storeText(table, CMD, cmd);
  keepRun(cache, pid, linesOf(text), 0, text.length, table);
}

/** What is found of a pid where a line goes on like this; `null`: nothing. */
function find(cache: RunCache, pid: number, text: string, start = 0) {
  const place = findRun(cache, pid, linesOf(text), start);
  if (place === 0) return null;
  const table = openTableBuilder(1);
  const bytes = storeRun(cache, place, table);
  return { bytes, ppid: numberIn(table, PPID), cmd: table.texts[CMD][0], characters: table.rowCharacters };
}

describe('what a process showed before', () => {
  test('is found again wherever its bytes stand', () => {
    const cache = openCache();
    keep(cache, 7, 41, '/bin/worker --id=7');
    const found = { bytes: 22, ppid: 41, cmd: '/bin/worker --id=7', characters: 18 };
    expect(find(cache, 7, '41,/bin/worker --id=7\n')).toEqual(found);
    expect(find(cache, 7, '7,41,/bin/worker --id=7\n8,1,a\n', 2)).toEqual(found);
  });

  test('is not where one byte is another, the text ends before, or the pid is another', () => {
    const cache = openCache();
    const text = '41,/bin/worker --id=7\n';
    keep(cache, 7, 41, '/bin/worker --id=7');
    for (let at = 0; at < text.length; at++) {
      expect(find(cache, 7, `${text.slice(0, at)}~${text.slice(at + 1)}`)).toBeNull();
      expect(find(cache, 7, text.slice(0, at))).toBeNull();
    }
    expect(find(cache, 8, text)).toBeNull();
  });

  test('is what it showed last', () => {
    const cache = openCache();
    keep(cache, 7, 1, '/bin/before');
    keep(cache, 7, 1, '/bin/after');
    expect(find(cache, 7, '1,/bin/before\n')).toBeNull();
    expect(find(cache, 7, '1,/bin/after\n')?.cmd).toBe('/bin/after');
  });

  test('is forgotten when many times as many processes were kept as there are', () => {
    const cache = openCache();
    const table = openTableBuilder(100);
    for (let pid = 1; pid <= 1600; pid++) keep(cache, pid, pid, '/bin/worker', table);
    expect(find(cache, 1, '1,/bin/worker\n')).not.toBeNull();
    keep(cache, 1601, 1601, '/bin/worker', table);
    expect(find(cache, 1, '1,/bin/worker\n')).toBeNull();
    expect(find(cache, 1601, '1601,/bin/worker\n')).not.toBeNull();
    expect(cache.texts).toHaveLength(1);
  });

  test('takes 8 MiB at most, however many processes there are', () => {
    const cache = openCache();
    const table = openTableBuilder(20_000);
    const cmd = 'x'.repeat(1000);
    for (let pid = 1; pid <= 20_000; pid++) keep(cache, pid, pid, cmd, table);
    expect(cache.memory.byteLength).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(cache.texts.length).toBeLessThan(10_000);
    expect(find(cache, 1, `1,${cmd}\n`)).toBeNull();
    expect(find(cache, 20_000, `20000,${cmd}\n`)?.cmd).toBe(cmd);
  });

  test('is not kept where it is very long', () => {
    const cache = openCache();
    keep(cache, 7, 1, 'x'.repeat(100_000));
    expect(cache.end).toBe(1);
  });
});
