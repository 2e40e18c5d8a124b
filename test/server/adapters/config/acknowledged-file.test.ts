import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAcknowledgedFile } from '../../../../server/adapters/config/acknowledged-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const one = (t: number, rule = 'Memory') => ({ host: 'web-1', rule, t, at: t + 1 });

test('an acknowledgement is there for the next one who opens the file, and only its owner reads it', async () => {
  const file = join(tempFolder(), 'index', 'acknowledged.json');
  expect(await openAcknowledgedFile(file).list()).toEqual([]);
  await openAcknowledgedFile(file).save(one(1));
  expect(await openAcknowledgedFile(file).list()).toEqual([one(1)]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('those of one alert are taken back, others stay', async () => {
  const store = openAcknowledgedFile(join(tempFolder(), 'a.json'));
  for (const t of [1, 5, 9]) await store.save(one(t));
  await store.save(one(5, 'Swap'));
  await store.remove({ host: 'web-1', rule: 'Memory', from: 2, to: 6 });
  await store.remove({ host: 'web-2', rule: 'Memory', from: 0, to: 99 });
  expect(await store.list()).toEqual([one(1), one(9), one(5, 'Swap')]);
});

test('the newest hundred are kept', async () => {
  const file = join(tempFolder(), 'a.json');
  writeFileSync(file, JSON.stringify(Array.from({ length: 100 }, (_, t) => one(t))));
  const store = openAcknowledgedFile(file);
  await store.save(one(100));
  const kept = await store.list();
  expect([kept.length, kept[0], kept[99]]).toEqual([100, one(1), one(100)]);
});

test.each([
  ['no JSON', '[{'],
  ['no list', '{"a": 1}'],
  ['a list of something else', '[1, null, {"host": 1}, {"host": "h", "rule": "r", "t": 0.5, "at": 1}]'],
])('what is %s counts as nothing, and the next one replaces it', async (_, text) => {
  const file = join(tempFolder(), 'a.json');
  writeFileSync(file, text);
  const store = openAcknowledgedFile(file);
  expect(await store.list()).toEqual([]);
  await store.save(one(3));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([one(3)]);
});

test('what cannot be read or written is told', async () => {
  const folder = tempFolder();
  await expect(openAcknowledgedFile(folder).list()).rejects.toMatchObject({ code: 'cannot_read' });
  writeFileSync(join(folder, 'file'), '');
  const store = openAcknowledgedFile(join(folder, 'file', 'a.json'));
  await expect(store.save(one(1))).rejects.toMatchObject({ code: 'cannot_write' });
});
