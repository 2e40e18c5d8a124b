import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchGroup } from '../../../../server/domain/watch-group.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from '../http/small-recording.ts';
import type { RunningPmi } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();
beforeAll(() => {
  writeHistory(dumps, SMALL_RECORDING);
});

const started: RunningPmi[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

function configOf(content: unknown): string {
  const file = join(tempFolder(), 'watch.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const SHOP: WatchGroup = {
  name: 'shop',
  members: [
    { name: 'Workers', rule: { pattern: 'worker' } },
    { name: 'All of web', rule: { pid: 20 } },
  ],
};

describe('pmi export --shape visualizer', () => {
  const exported = (...args: readonly string[]) =>
    runPmi(['export', '--dumps', dumps, '--shape', 'visualizer', ...args]);

  test('prints each group under its name, or the members of one', async () => {
    const config = configOf({ watch_groups: [SHOP] });
    const { code, out } = await exported('--config', config);
    const { shop, system } = JSON.parse(out);
    expect([code, shop.length, system.length]).toEqual([0, 3, 3]);
    expect(shop[0]).toEqual({
      timestamp: expect.stringMatching(/Z$/),
      rss_mb: 151,
      vms_mb: 302,
      percent: expect.any(Number),
    });
    const file = join(tempFolder(), 'memory.json');
    expect((await exported('--config', config, '--watch', 'shop', '--out', file)).code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['Workers', 'All of web', 'system']);
  });

  test('says why there is nothing to print', async () => {
    expect((await exported()).err).toContain('There is no watch group to export');
    expect((await exported('--format', 'csv')).err).toContain('takes no --format');
    expect((await runPmi(['export', '--shape', 'round'])).err).toContain('--shape: round is not valid');
  });
});

describe('pmi config check', () => {
  test('tells groups, members, what they have on this host now, and what is ambiguous', async () => {
    const rule = { pid: process.pid };
    const file = configOf({
      later: 1,
      watch_groups: [
        {
          name: 'me',
          members: [
            { name: 'Own', rule },
            { name: 'Again', rule },
          ],
        },
      ],
    });
    const { code, out, err } = await runPmi(['config', 'check', file]);
    expect([code, err]).toEqual([0, '']);
    const [head, other, group, own, ...rest] = out.split('\n');
    expect([head, other, group]).toEqual([`${file}: 1 watch group`, 'Not known, kept as it is: later', 'me']);
    expect(own).toMatch(new RegExp(`^  Own \\(pid ${process.pid}\\): \\d+ process`));
    expect(rest.join('\n')).toMatch(new RegExp(`^ +${process.pid} {2}\\S`, 'm'));
    expect(rest.join('\n')).toContain(`  Again (pid ${process.pid}): 0 processes`);
    expect(rest.join('\n')).toMatch(/of several members, counted for the first:\n.*\(Own, Again\)/);
  });

  test('tells which groups ask for regions over time', async () => {
    const members = [{ name: 'Own', rule: { pid: process.pid } }];
    const file = configOf({ watch_groups: [{ name: 'me', members, regions: '5m' }] });
    expect((await runPmi(['config', 'check', file])).out).toContain(
      '\nme: regions over time every 5m\n  Own ',
    );
    const wrong = configOf({ watch_groups: [{ name: 'me', members, regions: true }] });
    const { code, err } = await runPmi(['config', 'check', wrong]);
    expect(code).toBe(3);
    expect(err).toContain('watch_groups[0].regions is not valid\nA time of 10s to 1d, such as 5m.');
  });

  test('tells the same as JSON', async () => {
    const file = configOf({
      watch_groups: [{ name: 'me', members: [{ name: 'Own', rule: { pid: process.pid } }] }],
    });
    const { code, out } = await runPmi(['config', 'check', '--config', file, '--json']);
    const { groups, other_keys } = JSON.parse(out);
    expect([code, other_keys]).toEqual([0, []]);
    expect(groups[0].members[0].processes.map(({ pid }: { pid: number }) => pid)).toContain(process.pid);
  });

  test.each([
    ['{"watch_groups": [\n}', 3, ':2:1: not JSON: unexpected "}"'],
    ['{"watch_groups": [{"name": "a b", "members": []}]}', 3, ': watch_groups[0].name is not valid\nLetters'],
    ['{"watch_groups": 1}', 3, ': watch_groups is not valid\nA list of 0 to 20.'],
  ])('of %j is %i and says where it is wrong', async (text, exit, what) => {
    const file = configOf(text);
    const { code, out, err } = await runPmi(['config', 'check', file]);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toContain(`pmi: ${file}${what}`);
  });

  test('of a file that is not there is 3, of the user’s own it is well', async () => {
    expect(await runPmi(['config', 'check', '/nonexistent/x.json'])).toMatchObject({ code: 3, out: '' });
    expect(await runPmi(['config', 'check'])).toMatchObject({
      code: 0,
      out: 'There is no /nonexistent/pid-memory-inspector/config.json: no watch groups.\n',
    });
  });

  test('says how it is used, where it is used otherwise', async () => {
    for (const args of [['config'], ['config', 'chek'], ['config', 'check', 'a', 'b']])
      expect(await runPmi(args)).toMatchObject({ code: 2, out: '' });
  });
});

test('pmi config example prints a file that can be used', async () => {
  const { code, out } = await runPmi(['config', 'example']);
  expect(code).toBe(0);
  expect((await runPmi(['config', 'check', configOf(out)])).code).toBe(0);
});

describe('--watch', () => {
  const withConfig = (...args: readonly string[]) =>
    runPmi([...args, '--dumps', dumps, '--config', configOf({ watch_groups: [SHOP] })]);
  const pidsOf = (out: string) => JSON.parse(out).rows.map(({ pid }: { pid: number }) => pid);

  test('keeps the processes of the group, in every table', async () => {
    expect(pidsOf((await withConfig('snapshot', '--level', '2', '--watch', 'shop', '--json')).out)).toEqual([
      21, 22,
    ]);
    expect(pidsOf((await withConfig('tree', '--watch', 'shop', '--json')).out)).toEqual([1, 20, 21, 22]);
    const { out } = await withConfig('groups', '--by', 'watch', '--json');
    expect(JSON.parse(out).groups.map(({ name }: { name: string }) => name)).toEqual([
      'shop / All of web',
      'shop / Workers',
      null,
    ]);
    const file = join(tempFolder(), 'r.html');
    expect((await withConfig('report', '--watch', 'shop', '--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toContain('-bash');
  });

  test('of a group that there is not is 1 and names those that there are', async () => {
    const { code, out, err } = await withConfig('snapshot', '--watch', 'nope');
    expect([code, out, err]).toEqual([1, '', 'pmi: There is no watch group nope\nWatch groups: shop.\n']);
  });

  test('of a broken configuration is 3 and says where', async () => {
    const broken = configOf('{');
    const { code, err } = await runPmi(['tree', '--dumps', dumps, '--watch', 'shop', '--config', broken]);
    expect([code, err]).toEqual([
      3,
      expect.stringContaining(`${broken}:1:2: not JSON: the text ends too early`),
    ]);
  });
});

describe('pmi serve', () => {
  test('has the groups of its configuration, and serves without where that is broken, saying so', async () => {
    const file = configOf({ watch_groups: [SHOP] });
    const pmi = startPmi(['serve', '--dumps', dumps, '--port', '0', '--config', file]);
    started.push(pmi);
    const url = await servedAt(pmi);
    const names = async () => {
      const answer = await (await fetch(new URL('/watch', url))).json();
      return answer.groups.map(({ name }: WatchGroup) => name);
    };
    expect(await names()).toEqual(['shop']);
    writeFileSync(file, '{"watch_groups": [');
    await expect
      .poll(async () => (await (await fetch(new URL('/api/v1/status', url))).json()).config.trouble)
      .toContain('line 1, column 19');
    expect(await names()).toEqual(['shop']);
    expect(pmi.err()).toContain(
      `pmi: ${file}:1:19: not JSON: the text ends too early. Watch groups and rules of alerts stay as they were.`,
    );
    expect(pmi.err().match(/not JSON/g)).toHaveLength(1);
  });
});
