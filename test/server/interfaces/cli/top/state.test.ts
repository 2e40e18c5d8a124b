import { beforeAll, describe, expect, test } from 'vitest';
import type { TopProcess } from '../../../../../server/interfaces/cli/top/frame.ts';
import type { TopState } from '../../../../../server/interfaces/cli/top/state.ts';
import {
  afterKey,
  cursorIndex,
  FIRST_STATE,
  visibleProcesses,
} from '../../../../../server/interfaces/cli/top/state.ts';

function processAt(pid: number, depth: number, rss: number, descendants: number): TopProcess {
  const figures = { subtree: rss, rss, pss: pid === 12 ? Number.NaN : rss, swap: 0 };
  const name = `program ${pid}`;
  return {
    key: `k${pid}`,
    pid,
    user: 'app',
    name,
    depth,
    descendants,
    groups: pid === 12 ? ['db'] : [],
    figures,
    points: [figures],
    peak: figures,
  };
}

const NOTHING = { visible: [], groups: [] };
let processes: readonly TopProcess[];
beforeAll(() => {
  processes = [
    processAt(1, 0, 100, 4),
    processAt(10, 1, 60, 2),
    processAt(11, 2, 30, 0),
    processAt(12, 2, 20, 0),
    processAt(20, 1, 40, 0),
  ];
});

/** What a person types: a name of a key, or a letter. */
function press(state: TopState, ...keys: readonly string[]): TopState {
  return keys.reduce((before, key) => {
    const name = key === '/' || key === '?' ? '' : key;
    const after = afterKey(
      before,
      { name, text: key.length === 1 ? key : '', isControl: false },
      { visible: visibleProcesses(processes, before), groups: ['db', 'web'] },
    );
    if (!after) throw new Error(`${key} quits`);
    return after;
  }, state);
}

const pids = (state: TopState) => visibleProcesses(processes, state).map(({ pid }) => pid);
const pointedAt = (state: TopState) => {
  const visible = visibleProcesses(processes, state);
  return visible[cursorIndex(visible, state)].pid;
};

describe('keys', () => {
  test('move the cursor, and stop at the ends', () => {
    expect(pointedAt(press(FIRST_STATE, 'down', 'j'))).toBe(11);
    expect(pointedAt(press(FIRST_STATE, 'down', 'down', 'k', 'up', 'up'))).toBe(1);
    expect(pointedAt(press(FIRST_STATE, 'end', 'down'))).toBe(20);
    expect(pointedAt(press(FIRST_STATE, 'pagedown', 'home'))).toBe(1);
  });

  test('fold what is below, open it again, and go to parent and child', () => {
    const folded = press(FIRST_STATE, 'down', 'left');
    expect(pids(folded)).toEqual([1, 10, 20]);
    expect(pointedAt(press(folded, 'left'))).toBe(1);
    expect(pids(press(folded, 'right'))).toEqual([1, 10, 11, 12, 20]);
    expect(pointedAt(press(folded, 'right', 'right'))).toBe(11);
    expect(pointedAt(press(FIRST_STATE, 'end', 'right'))).toBe(20);
    expect(pids(press(FIRST_STATE, 'left'))).toEqual([1]);
  });

  test('sort: a list by what is asked for, unknown last, or the tree', () => {
    expect(pids(press(FIRST_STATE, 'p'))).toEqual([1, 10, 20, 11, 12]);
    expect(pids(press(FIRST_STATE, 'r'))).toEqual([1, 10, 20, 11, 12]);
    expect(pids(press(FIRST_STATE, 'w'))).toEqual([1, 10, 11, 12, 20]);
    expect(pids(press(FIRST_STATE, 'r', 's'))).toEqual([1, 10, 11, 12, 20]);
  });

  test('filter while they are typed: the ways to what matches, folded or not', () => {
    const typing = press(press(FIRST_STATE, 'down', 'left'), '/', '1', '2', 'x', 'backspace');
    expect(typing).toMatchObject({ filter: '12', isTyping: true });
    expect(pids(typing)).toEqual([1, 10, 12]);
    expect(pids(press(typing, 'return', 'r'))).toEqual([12]);
    expect(press(typing, 'return').isTyping).toBe(false);
    expect(press(typing, 'escape').filter).toBe('');
    expect(press(typing, 'q').filter).toBe('12q');
  });

  test('keep one watch group after the other, then all again', () => {
    const first = press(FIRST_STATE, 'f');
    expect([first.group, pids(first)]).toEqual(['db', [1, 10, 12]]);
    expect(pids(press(first, 'r'))).toEqual([12]);
    expect(pids(press(first, 'f'))).toEqual([]);
    expect(press(first, 'f', 'f').group).toBeNull();
    expect(press(first, 'escape').group).toBeNull();
  });

  test('that are no text are not typed', () => {
    const typing = press(FIRST_STATE, '/');
    for (const text of ['\x1b', '\x00', '\u202e', '', 'a\nb'])
      expect(afterKey(typing, { name: '', text, isControl: false }, NOTHING)?.filter).toBe('');
  });

  test('pause, help and the scale are switched and switched back', () => {
    expect(press(FIRST_STATE, 'space').isPaused).toBe(true);
    expect(press(FIRST_STATE, 'space', 'space').isPaused).toBe(false);
    expect(press(FIRST_STATE, '?').isHelp).toBe(true);
    expect(press(FIRST_STATE, '?', 'escape').isHelp).toBe(false);
    expect(press(FIRST_STATE, 'x').scale).toBe('shared');
    expect(press(FIRST_STATE, 'x', 'x').scale).toBe('own');
  });

  test('q and Ctrl-C quit, the latter while typing, too', () => {
    const control = { name: 'c', text: '\x03', isControl: true };
    expect(afterKey(FIRST_STATE, { name: 'q', text: 'q', isControl: false }, NOTHING)).toBeNull();
    expect(afterKey(FIRST_STATE, control, NOTHING)).toBeNull();
    expect(afterKey(press(FIRST_STATE, '/'), control, NOTHING)).toBeNull();
    expect(afterKey(FIRST_STATE, { ...control, name: 'd' }, NOTHING)).toBe(FIRST_STATE);
  });

  test('of nothing do nothing', () => {
    const nothing = { ...FIRST_STATE, filter: 'no such thing' };
    for (const name of ['down', 'left', 'right', 'end'])
      expect(afterKey(nothing, { name, text: '', isControl: false }, NOTHING)).toEqual(nothing);
  });
});

test('a cursor whose process has ended is at the first', () => {
  expect(cursorIndex(processes, { ...FIRST_STATE, cursor: 'gone' })).toBe(0);
});
