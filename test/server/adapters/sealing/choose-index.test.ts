import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseIndex } from '../../../../server/adapters/sealing/choose-index.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('the index', () => {
  test('is the one that is asked for', () => {
    expect(chooseIndex(tempFolder(), '/elsewhere', {})).toBe('/elsewhere');
  });

  test('is beside dumps that are ours', () => {
    const dumps = tempFolder();
    expect(chooseIndex(dumps, undefined, {})).toBe(join(dumps, '.index'));
  });

  test('of a folder that is not ours is in the cache, each folder having one of its own', () => {
    const cache = { XDG_CACHE_HOME: '/cache' };
    const index = chooseIndex('/nowhere/a', undefined, cache);
    expect(index).toMatch(/^\/cache\/pid-memory-inspector\/[0-9a-f]{16}$/);
    expect(chooseIndex('/nowhere/a', undefined, cache)).toBe(index);
    expect(chooseIndex('/nowhere/b', undefined, cache)).not.toBe(index);
  });

  test('is in the home where the environment names no cache, or one that is not absolute', () => {
    for (const env of [{}, { XDG_CACHE_HOME: 'cache' }])
      expect(chooseIndex('/nowhere/a', undefined, env)).toMatch(
        /\/\.cache\/pid-memory-inspector\/[0-9a-f]{16}$/,
      );
  });
});
