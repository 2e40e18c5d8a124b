import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLifeNames, splitKey } from '../../../../server/adapters/history/life-names.ts';
import { bootPrefix, strongKey, weakKey } from '../../../../server/domain/process-key.ts';

const host = fc.constantFrom('one', 'other host', 'ä');
const pid = fc.integer({ min: 0, max: 4_194_304 });
const keys = fc.oneof(
  fc
    .tuple(host, pid, fc.integer({ min: 0, max: 2 ** 45 }))
    .map(([name, id, ticks]) => strongKey(bootPrefix(name, 'boot'), id, ticks)),
  fc.tuple(host, pid, fc.integer({ min: 0, max: 8.64e15 })).map(([name, id, t]) => weakKey(name, id, t)),
);

describe('numbers of lives', () => {
  test('are given once a key, and say the key again', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 200 }), (all) => {
        const names = openLifeNames();
        const ids = new Map(all.map((key) => [key, names.idOf(key)]));
        expect(new Set(ids.values()).size).toBe(ids.size);
        for (const [key, id] of ids) {
          expect([names.keyOf(id), names.find(key), names.idOf(key)]).toEqual([key, id, id]);
          expect(names.isWeak(id)).toBe(key.startsWith('w'));
          expect(names.pidOf(id)).toBe(splitKey(key)?.pid);
        }
      }),
    );
  });

  test('stay when there come more than there was room for', () => {
    const names = openLifeNames();
    const many = Array.from({ length: 50_000 }, (_, at) => strongKey('sx', at % 300, at * 7));
    const ids = many.map((key) => names.idOf(key));
    expect(many.every((key, at) => names.find(key) === ids[at] && names.keyOf(ids[at]) === key)).toBe(true);
  });

  test.each(['nobody', 'a-b-c', 's1-2', 's1-02-3', 's1-2-3x', ''])('are not found for %j', (text) => {
    expect(openLifeNames().find(text)).toBe(-1);
  });
});
