import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import { describeFolder } from './describe-folder.ts';

const fixtures = new URL('../../../fixtures/dumps/', import.meta.url).pathname;
const HOUR = 3_600_000;

function openFixture(root: string) {
  return openDumpFolder({ root, timeZone: 'Europe/Berlin', now: () => Date.now() + HOUR });
}

/** The folder is the list: a damaged file that was ever met is put there and stays. */
describe.each(['good', 'bad'])('%s dumps', (kind) => {
  const names = readdirSync(join(fixtures, kind));

  test.each(names)('%s', async (name) => {
    const root = join(fixtures, kind, name);
    expect(existsSync(join(root, 'expected.json')), 'a fixture says what it turns into').toBe(true);
    const expected = JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8'));
    expect(await describeFolder(openFixture(root))).toEqual(expected);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.each(names)('%s is listed once', async (name) => {
    const folder = openFixture(join(fixtures, kind, name));
    await folder.list();
    expect(await folder.list()).toEqual({ pairs: [], rejects: [] });
  });
});
