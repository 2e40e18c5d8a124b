import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCgroup, parseCommandLine, textOf } from '../../../collector/sources/process-texts.ts';
import { escapeBytes, unescapeToBytes } from '../../../server/domain/text-notation.ts';

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function commandOf(cmdline: string | Buffer): string {
  const bytes = Buffer.from(cmdline);
  return parseCommandLine(bytes, bytes.length);
}

describe('any bytes', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Uint8Array.from(Buffer.from(text))),
  );

  test('come back from dump notation, and are one line without control characters in it', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = textOf(Buffer.from(bytes), 0, bytes.length);
        expect(text).toBe(escapeBytes(bytes));
        expect(text).not.toMatch(CONTROL);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(unescapeToBytes(text)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('in the middle of a buffer are read without their neighbours', () => {
    expect(textOf(Buffer.from('abc\ndef'), 2, 5)).toBe('c\\x0ad');
  });
});

describe('a command line', () => {
  test.each<[string, string | Buffer, string]>([
    ['is its arguments joined by a space', 'sleep\x0060\0', 'sleep 60'],
    ['is empty for a kernel thread', '', ''],
    ['is empty when it is all NULs', '\0\0\0', ''],
    ['keeps NULs in front as spaces', '\0\0/usr/bin/docker\0-H\0fd://\0', '  /usr/bin/docker -H fd://'],
    ['loses empty arguments at its end', 'x\0\0\0', 'x'],
    ['may begin with an empty argument', '\0a\0', ' a'],
    ['may be a title that the process wrote over it', 'postgres: writer ', 'postgres: writer '],
    ['keeps quotes and commas', 'a,b"c\0', 'a,b"c'],
    ['has its newlines escaped', 'sh\0-c\0echo\nls\0', 'sh -c echo\\x0als'],
    ['doubles backslashes', 'a\\x0a\0', 'a\\\\x0a'],
    ['escapes what is not UTF-8', Buffer.from('ok\xe2\x82\0', 'latin1'), 'ok\\xe2\\x82'],
    ['escapes a lone surrogate', Buffer.from('\xed\xa0\x80', 'latin1'), '\\xed\\xa0\\x80'],
    ['escapes C1 controls', Buffer.from('\xc2\x9b31m', 'latin1'), '\\xc2\\x9b31m'],
    ['escapes line separators', '\u2028</script><!--', '\\xe2\\x80\\xa8</script><!--'],
    ['escapes terminal sequences', '\x1b[2J\x1b]8;;http://evil\x07', '\\x1b[2J\\x1b]8;;http://evil\\x07'],
    ['keeps direction marks', '\u202egpj.exe', '\u202egpj.exe'],
    ['keeps other scripts', 'größe 猫 🐈', 'größe 猫 🐈'],
    ['keeps what looks like a formula', '=1+1', '=1+1'],
    ['keeps what looks like a property', '__proto__\0constructor', '__proto__ constructor'],
  ])('%s', (_what, cmdline, expected) => {
    expect(commandOf(cmdline)).toBe(expected);
  });

  test('of 2 MiB in 30 000 arguments is kept whole', () => {
    const words = Array.from({ length: 30_000 }, (_, k) => `argument-${k}-${'x'.repeat(55)}`);
    expect(commandOf(`${words.join('\0')}\0`)).toBe(words.join(' '));
  });
});

describe('a cgroup file', () => {
  const cgroupOf = (text: string) => parseCgroup(Buffer.from(text), Buffer.byteLength(text));

  test.each([
    ['names the unified path', '0::/system.slice/a.service\n', '/system.slice/a.service'],
    ['without an end of line', '0::/a', '/a'],
    ['of version 1 names the memory path', '5:devices:/d\n4:memory:/m\n1:cpu:/c\n', '/m'],
    ['with joined controllers names it too', '4:cpu,memory:/m\n', '/m'],
    ['of both prefers the unified path', '4:memory:/m\n0::/u\n', '/u'],
    ['of both, with the unified one unused, names the memory path', '4:memory:/m\n0::/\n', '/m'],
    ['of both roots is the root', '4:memory:/\n0::/\n', '/'],
    ['may have colons in its path', '0::/a:b:c\n', '/a:b:c'],
    ['may have odd bytes in its path', '0::/a\tb\n', '/a\\x09b'],
    ['without memory is not known', '1:cpu:/c\n', null],
    ['that is empty is not known', '', null],
    ['that makes no sense is not known', 'hello\n:\n::\nx', null],
  ])('%s', (_what, text, expected) => {
    expect(cgroupOf(text)).toBe(expected);
  });

  test('is read no further than its length', () => {
    expect(parseCgroup(Buffer.from('1:cpu:/c\n0::/stale\n'), 9)).toBeNull();
  });
});
