import { expect, test } from 'vitest';
import type { LineSink } from '../../../../server/adapters/dumps/line-blocks.ts';
import { endLines, openLineBlocks, pushLines } from '../../../../server/adapters/dumps/line-blocks.ts';

const EVENTS: LineSink<string[]> = {
  takeBlock: (events, block) => void events.push(block.toString()),
  takeLongLine: (events) => void events.push('(long)'),
};

function openSplit(lineBytes: number) {
  const events: string[] = [];
  const blocks = openLineBlocks(lineBytes);
  return {
    events,
    push: (text: string) => pushLines(blocks, Buffer.from(text), EVENTS, events),
    end: () => endLines(blocks, EVENTS, events).toString(),
  };
}

test('whole lines come in blocks, and what is left at the end', () => {
  const { events, push, end } = openSplit(100);
  for (const piece of ['a\nb', 'c\n', '', 'd', 'e', '\n\nf']) push(piece);
  expect(events).toEqual(['a\n', 'bc\n', 'de\n\n']);
  expect(end()).toBe('f');
});

test('a line that never ends is not kept', () => {
  const { events, push, end } = openSplit(100);
  push('a\n');
  for (let k = 0; k < 1000; k++) push('x'.repeat(64));
  expect(end()).toBe('');
  expect(events).toEqual(['a\n', '(long)']);
});

test('the line after a long one is whole', () => {
  const { events, push, end } = openSplit(10);
  for (const piece of ['0123456789ab', 'cd', 'ef\nnext\nla', 'st']) push(piece);
  expect(events).toEqual(['(long)', 'next\n']);
  expect(end()).toBe('last');
});
