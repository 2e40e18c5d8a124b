import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openConfigFile } from '../../../../server/adapters/config/config-file.ts';
import { parseJson } from '../../../../server/adapters/config/parse-json.ts';
import { chooseConfigFile, readConfig } from '../../../../server/adapters/config/read-config.ts';
import { MemoryInspectorError } from '../../../../server/domain/errors.ts';
import type { WatchGroup } from '../../../../server/domain/watch-group.ts';
import { decodeConfig } from '../../../../server/interfaces/http/schemas/config.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const isRoot = process.getuid?.() === 0;

function group(name: string, pattern = 'x'): WatchGroup {
  return { name, members: [{ name: 'all', rule: { pattern } }] };
}

/** A file that holds `text`, and the store over it. */
function opened(text?: string) {
  const file = join(tempFolder(), 'config.json');
  if (text !== undefined) writeFileSync(file, text);
  const troubles: MemoryInspectorError[] = [];
  const store = openConfigFile({ file, decode: decodeConfig, onTrouble: (one) => troubles.push(one) });
  return { file, store, troubles, names: () => store.groups().map(({ name }) => name) };
}

function failureOf(work: () => unknown): MemoryInspectorError {
  try {
    work();
  } catch (error) {
    if (error instanceof MemoryInspectorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a text that is no JSON', () => {
  test.each([
    ['', 1, 1, 'ends too early'],
    ['{\n  "a": 1,\n}', 3, 1, 'unexpected "}"'],
    ['{"a" 1}', 1, 6, 'unexpected "1"'],
    ['{"a": [1, 2}', 1, 12, 'unexpected "}"'],
    ['{"a": tru }', 1, 10, 'unexpected " "'],
    ['{"ü": x}', 1, 8, 'unexpected "x"'],
    ['{"a": "b\n"}', 1, 9, 'unexpected "\\n"'],
    ['// no\n{}', 1, 1, 'unexpected "/"'],
    ['{} {}', 1, 4, 'unexpected "{"'],
    ['{"a": 01}', 1, 8, 'unexpected "1"'],
    ['{"a": "\\x"}', 1, 9, 'unexpected "x"'],
    ['{\n "a": [\n  1,\n  2\n', 5, 1, 'ends too early'],
  ])('%j is told to be wrong at line %i, column %i: %s', (text, line, column, what) => {
    const { message, position } = failureOf(() => parseJson('f.json', text));
    expect(position).toEqual({ file: 'f.json', line, column });
    expect(message).toContain(what);
  });

  test('is right up to the place that is told, wherever a character was spoilt', () => {
    const json = JSON.stringify({ a: [1, 2.5, { b: 'c d' }, null, true], e: '' });
    fc.assert(
      fc.property(
        fc.nat(json.length - 1),
        fc.constantFrom('}', ']', ',', ':', 'q', '"', ''),
        (at, spoilt) => {
          const text = json.slice(0, at) + spoilt + json.slice(at + 1);
          fc.pre(!isJson(text));
          const { column } = failureOf(() => parseJson('f', text)).position ?? {};
          expect(column).toBeGreaterThan(Math.min(at, text.length));
          expect(column).toBeLessThanOrEqual(text.length + 1);
        },
      ),
    );
  });
});

describe('a configuration', () => {
  test('that is not there is none', () => {
    const { file, names, troubles } = opened();
    expect(readConfig(file, decodeConfig)).toBeNull();
    expect([names(), troubles]).toEqual([[], []]);
  });

  test.each([
    ['[]', '', 'An object'],
    ['{"watch_groups": {}}', 'watch_groups', 'A list of 0 to 20.'],
    [
      '{"watch_groups": [{"name": "system", "members": [{"name": "a", "rule": {"pid": 1}}]}]}',
      'watch_groups[0].name',
      'not system',
    ],
    [
      '{"watch_groups": [{"name": "a", "members": [{"name": "a", "rule": {"patern": "x"}}]}]}',
      'watch_groups[0].members[0].rule',
      'There is no patern',
    ],
    [
      '{"watch_groups": [{"name": "a", "members": [{"name": "a", "rule": {}}]}]}',
      'watch_groups[0].members[0].rule',
      'At least one of pattern',
    ],
    [
      '{"watch_groups": [{"name": "a", "members": [{"name": "a", "rule": {"pid": "1"}}]}]}',
      'watch_groups[0].members[0].rule.pid',
      'A whole number',
    ],
    [
      '{"watch_groups": [{"name": "a", "members": [{"name": "a", "rule": {"pid": 1}}, {"name": "a", "rule": {"pid": 1}}]}]}',
      'watch_groups[0].members[1].name',
      'a is there twice',
    ],
  ])('%s is refused naming file and field %s', (text, field, next) => {
    const { file, troubles } = opened(text);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toMatchObject({ code: 'bad_file', field, position: { file, line: null } });
    expect(troubles[0].next).toContain(next);
  });

  test('that is a folder, or far too large, is not read', () => {
    const { file } = opened();
    mkdirSync(file);
    expect(failureOf(() => readConfig(file, decodeConfig)).code).toBe('cannot_read');
    const large = opened(' '.repeat(1024 * 1024 + 1));
    expect(large.troubles.map(({ code }) => code)).toEqual(['cannot_read']);
  });

  test('may begin with a byte order mark', () => {
    const { names } = opened(`\uFEFF${JSON.stringify({ watch_groups: [group('a')] })}`);
    expect(names()).toEqual(['a']);
  });

  test('is the one that is asked for, else the user’s', () => {
    expect(chooseConfigFile('./my.json', {})).toBe('./my.json');
    expect(chooseConfigFile(undefined, { XDG_CONFIG_HOME: '/x' })).toBe(
      '/x/pid-memory-inspector/config.json',
    );
    expect(chooseConfigFile(undefined, { XDG_CONFIG_HOME: 'x' })).toMatch(
      /^\/.*\/\.config\/pid-memory-inspector\/config\.json$/,
    );
  });
});

describe('saving', () => {
  test('makes file and folders where there are none, for their owner only', async () => {
    const file = join(tempFolder(), 'a', 'b', 'config.json');
    const store = openConfigFile({ file, decode: decodeConfig, onTrouble: () => undefined });
    await store.save(group('one'));
    expect(store.groups()).toEqual([group('one')]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).toMatch(/^\{\n {2}"watch_groups": \[\n[\s\S]*\}\n$/);
  });

  test('keeps what else the file holds, and the order of all of it', async () => {
    const { file, store } = opened(
      JSON.stringify({ $schema: 's', watch_groups: [group('a'), group('b')], later: { z: 1, a: [2] } }),
    );
    await store.save(group('a', 'new'));
    await store.save(group('c'));
    const after = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(after)).toEqual(['$schema', 'watch_groups', 'later']);
    expect(after.later).toEqual({ z: 1, a: [2] });
    expect(after.watch_groups).toEqual([group('a', 'new'), group('b'), group('c')]);
  });

  test('removes a group, and says whether there was one; without one the file stays as it is', async () => {
    const { file, store, names } = opened(JSON.stringify({ watch_groups: [group('a'), group('b')] }));
    const { ino } = statSync(file);
    expect(await store.remove('c')).toBe(false);
    expect(statSync(file).ino).toBe(ino);
    expect(await store.remove('a')).toBe(true);
    expect(names()).toEqual(['b']);
    expect(readdirSync(dirname(file))).toEqual(['config.json']);
  });

  test('goes up to twenty groups', async () => {
    const { store, names } = opened(
      JSON.stringify({ watch_groups: Array.from({ length: 20 }, (_, at) => group(`g${at}`)) }),
    );
    await expect(store.save(group('more'))).rejects.toMatchObject({ code: 'bad_parameter', field: 'name' });
    await store.save(group('g7', 'other'));
    expect(names()).toHaveLength(20);
  });

  test('follows a link and leaves it one', async () => {
    const { file, store } = opened();
    const real = join(tempFolder(), 'real.json');
    writeFileSync(real, '{"kept": 1}');
    symlinkSync(real, file);
    await store.save(group('a'));
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({ kept: 1, watch_groups: [group('a')] });
    expect(readdirSync(dirname(real))).toEqual(['real.json']);
  });

  test('of many at once loses none, whichever store each went to', async () => {
    const { file, store } = opened();
    const other = openConfigFile({ file, decode: decodeConfig, onTrouble: () => undefined });
    const names = Array.from({ length: 12 }, (_, at) => `g${at}`);
    await Promise.all(names.map((name, at) => (at % 2 ? other : store).save(group(name))));
    const written = JSON.parse(readFileSync(file, 'utf8')).watch_groups;
    expect(written.map(({ name }: WatchGroup) => name).sort()).toEqual([...names].sort());
  });

  test('waits for another writer, takes over what a killed one has left, and gives up in between', async () => {
    const { file, store, names } = opened();
    writeFileSync(`${file}.tmp`, '');
    await expect(store.save(group('a'))).rejects.toMatchObject({ code: 'busy' });
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(`${file}.tmp`, longAgo, longAgo);
    await store.save(group('a'));
    writeFileSync(`${file}.tmp`, '');
    const saving = store.save(group('b'));
    setTimeout(() => rmSync(`${file}.tmp`), 100);
    await saving;
    expect(names()).toEqual(['a', 'b']);
  });

  test('never replaces a file that it does not understand', async () => {
    const { file, store } = opened('{"watch_groups": 3}');
    await expect(store.save(group('a'))).rejects.toMatchObject({ code: 'bad_file' });
    expect(readFileSync(file, 'utf8')).toBe('{"watch_groups": 3}');
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });

  test.skipIf(isRoot)('where it may not write is told with the system’s word', async () => {
    const { file, store, names } = opened(JSON.stringify({ watch_groups: [group('a')] }));
    chmodSync(dirname(file), 0o500);
    await expect(store.save(group('b'))).rejects.toMatchObject({
      code: 'cannot_write',
      next: 'The system says EACCES.',
    });
    chmodSync(dirname(file), 0o700);
    expect(names()).toEqual(['a']);
  });

  test('where the folder is a file is told with the system’s word', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const store = openConfigFile({
      file: join(file, 'config.json'),
      decode: decodeConfig,
      onTrouble: () => undefined,
    });
    await expect(store.save(group('b'))).rejects.toMatchObject({ code: 'cannot_write' });
  });
});

describe('a change by hand', () => {
  test('is seen', async () => {
    const { file, names } = opened(JSON.stringify({ watch_groups: [group('a')] }));
    writeFileSync(file, JSON.stringify({ watch_groups: [group('b'), group('c')] }));
    await expect.poll(names).toEqual(['b', 'c']);
    rmSync(file);
    await expect.poll(names).toEqual([]);
  });

  test('that breaks the file leaves the last good groups, is told once, and is over when it is mended', async () => {
    const { file, store, names, troubles } = opened(JSON.stringify({ watch_groups: [group('a')] }));
    writeFileSync(file, '{"watch_groups": [\n');
    await expect.poll(() => store.trouble()?.position).toEqual({ file, line: 2, column: 1 });
    expect(names()).toEqual(['a']);
    expect(troubles).toHaveLength(1);
    writeFileSync(file, JSON.stringify({ watch_groups: [group('b')] }));
    await expect.poll(names).toEqual(['b']);
    expect([store.trouble(), troubles.length]).toEqual([null, 1]);
  });

  test('and one by the page at the same time are both there', async () => {
    const { file, store } = opened(JSON.stringify({ watch_groups: [group('a')] }));
    writeFileSync(file, JSON.stringify({ watch_groups: [group('a'), group('hand')] }));
    await store.save(group('page'));
    expect(store.groups().map(({ name }) => name)).toEqual(['a', 'hand', 'page']);
  });
});
