import { describe, expect, test } from 'vitest';
import { unescapeToBytes } from '../../../../../server/domain/text-notation.ts';
import { textWidth } from '../../../../../server/interfaces/cli/text-width.ts';
import { openTopFrames } from '../../../../../server/interfaces/cli/top/frame.ts';
import { plainLines, screenLines } from '../../../../../server/interfaces/cli/top/layout.ts';
import { FIRST_STATE } from '../../../../../server/interfaces/cli/top/state.ts';
import { HOSTILE_NAMES } from '../../../../web/support/vectors.ts';
import { sampleOfProcesses, TREE } from './live-samples.ts';

const LOOK = { zone: 'UTC', intervalSeconds: 1, hasColour: false };
const STYLE = /\x1b\[(?:0|1|7|31|32|33)m/g;

async function frameOfTree() {
  return openTopFrames()(await sampleOfProcesses(...TREE));
}

describe('a screen', () => {
  test('says what the host holds, and the processes as a tree', async () => {
    const lines = screenLines(await frameOfTree(), FIRST_STATE, LOOK, { columns: 80, rows: 24 });
    expect(lines[1]).toBe('Memory 4.00 of 8.00 GiB   available 4.00 GiB   swap none   waiting not known');
    expect(lines[2]).toBe('5 processes, RSS at most 492 KiB   by SUBTREE   trend against own peak');
    expect(lines[3].replace(STYLE, '')).toBe('    PID USER       SUBTREE       RSS TREND      COMMAND');
    const rows = lines.slice(4, 9).map((line) => line.replace(STYLE, '').trimEnd());
    expect(rows).toEqual([
      '      1 1000       492 KiB  4.00 KiB          █ ▾ init',
      '     10 1000       288 KiB  8.00 KiB          █  ▾ shell',
      '     12 1000       160 KiB   160 KiB          █     worker b',
      '     11 1000       120 KiB   120 KiB          █     worker a',
      '     20 1000       200 KiB   200 KiB          █    single',
    ]);
    expect(lines[23]).toMatch(/^q quit {2}\? help/);
  });

  test.each([
    [80, 24],
    [200, 50],
    [40, 10],
    [20, 5],
    [8, 3],
    [1, 1],
  ])(
    'of %i × %i is filled exactly, and no line is wider, whatever processes call themselves',
    async (columns, rows) => {
      const named = HOSTILE_NAMES.map((name, at) => ({
        pid: at + 2,
        rss: at,
        cmdline: Buffer.from(unescapeToBytes(name)),
      }));
      const frame = openTopFrames()(
        await sampleOfProcesses(...TREE.slice(0, 1), ...named, { pid: 900, cmdline: '日本語'.repeat(99) }),
      );
      for (const state of [
        FIRST_STATE,
        { ...FIRST_STATE, sort: 'pss' as const },
        { ...FIRST_STATE, isHelp: true },
      ]) {
        const lines = screenLines(frame, state, { ...LOOK, hasColour: true }, { columns, rows });
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          const shown = line.replace(STYLE, '');
          expect(shown).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
          expect(textWidth(shown)).toBeLessThanOrEqual(columns);
        }
      }
    },
  );

  test('follows the cursor down a list that is longer than it', async () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ pid: at + 1, ppid: 0, rss: 100 - at }));
    const frame = openTopFrames()(await sampleOfProcesses(...many));
    const cursor = frame.processes[80].key;
    const lines = screenLines(frame, { ...FIRST_STATE, cursor }, LOOK, { columns: 80, rows: 24 });
    const marked = lines.filter((line) => line.startsWith('\x1b[7m'));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toContain('     81 ');
  });

  test('without colour has none: what is pointed at is reversed, and the share of the peak is a number and a word', async () => {
    const frame = await frameOfTree();
    const wide = { columns: 140, rows: 24 };
    const plain = screenLines(frame, FIRST_STATE, LOOK, wide).join('\n');
    expect(plain).not.toMatch(/\x1b\[3\dm/);
    expect(plain).toContain('100 % high');
    const coloured = screenLines(frame, FIRST_STATE, { ...LOOK, hasColour: true }, wide).join('\n');
    expect(coloured).toContain('\x1b[31m');
  });

  test('can be drawn against the largest instead of its own peak', async () => {
    const frame = await frameOfTree();
    const shared = { ...FIRST_STATE, scale: 'shared' as const };
    const lines = screenLines(frame, shared, LOOK, { columns: 80, rows: 24 });
    expect(lines[2]).toContain('trend against the largest');
    expect(lines[6]).toContain('▃');
  });

  test('says what is filtered, and how many are left', async () => {
    const filtered = { ...FIRST_STATE, filter: 'single', isTyping: true };
    const lines = screenLines(await frameOfTree(), filtered, LOOK, { columns: 80, rows: 24 });
    expect(lines[2]).toMatch(/^filter: single▏ {3}2 of 5 processes/);
  });

  test('paused says so, and folded says how many are away', async () => {
    const frame = await frameOfTree();
    const state = { ...FIRST_STATE, isPaused: true, folded: new Set([frame.processes[1].key]) };
    const lines = screenLines(frame, state, LOOK, { columns: 80, rows: 24 });
    expect(lines[0]).toContain('PAUSED');
    expect(lines[5]).toContain('▸ shell  (+2)');
  });
});

test('a frame as text has every process and every column, nothing cut, no style', async () => {
  const long = 'x'.repeat(500);
  const frame = openTopFrames()(await sampleOfProcesses(...TREE, { pid: 30, cmdline: `${long}\0` }));
  const lines = plainLines(frame, FIRST_STATE, LOOK);
  expect(lines).toHaveLength(4 + 6);
  expect(lines.join('\n')).toContain(long);
  expect(lines.join('\n')).not.toContain('\x1b');
  expect(lines[3]).toMatch(/PID USER +SUBTREE +RSS +PSS +SWAP TREND +OF PEAK +COMMAND$/);
});
