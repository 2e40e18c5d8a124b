import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootPrefix, firstWord, strongKey, weakKey } from '../../../server/domain/process-key.ts';
import { anyText } from './any-text.ts';

const pid = fc.integer({ min: 1, max: 4_194_304 });
const ticks = fc.integer({ min: 0, max: 2 ** 48 });
const instant = fc.integer({ min: 0, max: 4e12 });

/** What passes through a URL, a file name and a CSS selector unharmed, and looks like no formula in a sheet. */
const URL_SAFE = /^[a-z][a-z0-9-]*$/;

describe('a process key', () => {
  test('is the same for the same life, today and in a year', () => {
    const boot = bootPrefix('web-1', '3f0c5b1e-8f5d-4a58-9d3e-0c9f4f0a7b11');
    expect(strongKey(boot, 812, 4711)).toBe('s1t73iyylm64-812-4711');
    expect(weakKey('web-1', 812, 1_768_478_400_000)).toBe('w84lt2dzock-812-mkfedmo0');
  });

  test('is URL-safe, whatever host and boot id are', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.option(anyText),
        pid,
        ticks,
        instant,
        (host, boot, process, start, firstSeen) => {
          expect(strongKey(bootPrefix(host, boot), process, start)).toMatch(URL_SAFE);
          expect(weakKey(host, process, firstSeen)).toMatch(URL_SAFE);
        },
      ),
    );
  });

  test('differs in pid, start, boot and host', () => {
    const keys = [
      strongKey(bootPrefix('a', 'boot-1'), 12, 3),
      strongKey(bootPrefix('a', 'boot-1'), 1, 23),
      strongKey(bootPrefix('a', 'boot-1'), 12, 4),
      strongKey(bootPrefix('a', 'boot-2'), 12, 3),
      strongKey(bootPrefix('b', 'boot-1'), 12, 3),
      strongKey(bootPrefix('a', null), 12, 3),
      weakKey('a', 12, 3),
      weakKey('a', 12, 4),
      weakKey('b', 12, 3),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('never is the same for two different lives of one boot', () => {
    const life = fc.tuple(pid, ticks);
    const boot = bootPrefix('web-1', 'b');
    fc.assert(
      fc.property(life, life, (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1];
        expect(strongKey(boot, ...one) === strongKey(boot, ...other)).toBe(same);
      }),
    );
  });

  test('tells 20 000 boots apart', () => {
    const prefixes = Array.from({ length: 20_000 }, (_, boot) => bootPrefix('host', `boot-${boot}`));
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
});

describe('the first word of a command', () => {
  test.each([
    ['/bin/sh -c true', '/bin/sh'],
    ['/bin/sh', '/bin/sh'],
    ['postgres: idle', 'postgres:'],
    [' begins with a space', ''],
    ['', ''],
    [null, ''],
  ])('of %j is %j', (cmd, word) => {
    expect(firstWord(cmd)).toBe(word);
  });
});
