import { describe, expect, test } from 'vitest';
import type { FilePosition } from '../../../server/domain/errors.ts';
import { ERROR_CODES, formatPosition, MemoryInspectorError } from '../../../server/domain/errors.ts';

describe('the list of expected failures', () => {
  test('names each once, in words that fit a URL and a log', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    for (const code of ERROR_CODES) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  test('holds those that the HTTP contract promises', () => {
    const promised = [
      'bad_parameter',
      'no_process_dumps',
      'no_system_dumps',
      'unknown_timestamp',
      'no_data_for_pid',
      'no_such_route',
      'internal',
    ];
    expect(ERROR_CODES).toEqual(expect.arrayContaining(promised));
  });
});

describe('an expected failure', () => {
  test('is an Error with a code, a sentence and a stack', () => {
    const error = new MemoryInspectorError('unknown_timestamp', 'Timestamp T unknown');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('MemoryInspectorError');
    expect(error.code).toBe('unknown_timestamp');
    expect(String(error)).toBe('MemoryInspectorError: Timestamp T unknown');
    expect(error.stack).toContain('errors.test.ts');
  });

  test('names field, place, next step and whatever else it was given', () => {
    const position = { file: 'a.csv', line: 3, column: 7 };
    const cause = new Error('EIO');
    const details = { field: 'ts', position, next: 'Try latest.', cause, extra: { nearest: 1 } };
    expect(new MemoryInspectorError('bad_file', 'no', details)).toMatchObject({
      code: 'bad_file',
      ...details,
    });
  });

  test('leaves out what it was not given', () => {
    const error = new MemoryInspectorError('internal', 'no');
    expect([error.field, error.position, error.next]).toEqual([undefined, undefined, undefined]);
    expect(error.extra).toEqual({});
    expect('cause' in error).toBe(false);
  });
});

describe('a place in a file', () => {
  test.each<[FilePosition, string]>([
    [{ file: 'x.csv', line: 2, column: 14 }, 'x.csv:2:14'],
    [{ file: 'x.csv', line: 2, column: null }, 'x.csv:2'],
    [{ file: 'x.csv', line: null, column: null }, 'x.csv'],
    [{ file: 'a\nb\u202e.csv', line: 1, column: null }, 'a\\x0ab\\u{202e}.csv:1'],
  ])('is written for an editor to jump to, its file name harmless: %j', (position, text) => {
    expect(formatPosition(position)).toBe(text);
  });
});
