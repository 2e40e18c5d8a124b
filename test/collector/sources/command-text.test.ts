import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCommandOf, openLineOf, parseArguments } from '../../../collector/sources/command-text.ts';
import { parseCommandLine } from '../../../collector/sources/process-texts.ts';

const full = { mode: 'full', longest: null } as const;
const redacted = { mode: 'redacted', longest: null } as const;

function commandOf(recording: Parameters<typeof openCommandOf>[0], cmdline: string): string {
  const bytes = Buffer.from(cmdline);
  return openCommandOf(recording)(bytes, bytes.length);
}

describe('the arguments of a process', () => {
  test.each<[string, string, readonly string[]]>([
    ['end at a NUL', 'sleep\x0060\0', ['sleep', '60']],
    ['may be empty in front and in between', '\0a\0\0b\0', ['', 'a', '', 'b']],
    ['are none for a kernel thread', '', []],
    ['are none when all are empty', '\0\0\0', []],
    ['are in dump notation', 'a\nb\0c\\d\0', ['a\\x0ab', 'c\\\\d']],
    ['may end without a NUL', 'postgres: writer', ['postgres: writer']],
  ])('%s', (_what, cmdline, expected) => {
    const bytes = Buffer.from(`${cmdline}left over\0`);
    expect(parseArguments(bytes, Buffer.byteLength(cmdline))).toEqual(expected);
  });

  test('joined are what the kernel gave, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const joined = openCommandOf(full)(Buffer.from(bytes), bytes.length);
        expect(joined).toBe(parseCommandLine(Buffer.from(bytes), bytes.length));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a command as it is recorded', () => {
  test('is redacted by its arguments, not by its words', () => {
    const cmdline = 'app\0--password\0two words\0--port\x0080\0';
    expect(commandOf(redacted, cmdline)).toBe('app --password ******** --port 80');
    expect(commandOf(full, cmdline)).toBe('app --password two words --port 80');
    expect(commandOf({ mode: 'argv0', longest: null }, cmdline)).toBe('app');
    expect(commandOf({ mode: 'none', longest: null }, cmdline)).toBe('');
  });

  test('with bytes that are no text is redacted as well', () => {
    const bytes = Buffer.from('app\0--password=S3\xff\x01CR3T\0x\0', 'latin1');
    expect(openCommandOf(redacted)(bytes, bytes.length)).toBe('app --password=******** x');
  });

  test('is cut with a mark', () => {
    expect(commandOf({ mode: 'full', longest: 6 }, 'sleep\x0060\0x\0')).toBe('sleep \\…');
  });

  test('of ps is redacted as a line', () => {
    expect(openLineOf(redacted)('java -password      S3CR3T -x')).toBe('java -password      ******** -x');
    expect(openLineOf(full)('java -password S3CR3T')).toBe('java -password S3CR3T');
  });
});
