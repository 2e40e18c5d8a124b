import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MIB } from '../../../../server/domain/units.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { HOSTILE_NAMES, inDumpNotation } from './hostile-names.ts';
import { runPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();

beforeAll(() => {
  writeHistory(
    dumps,
    [500, 40, 30, 30, 500, 500].map((free, at) => ({
      t: at * 60,
      processes: [{ pid: 1 }, { pid: 7, ppid: 1, rss_mb: 100, cmd: 'hog --all' }],
      system: { mem_total_bytes: 1000 * MIB, mem_available_bytes: free * MIB },
    })),
  );
});

function configOf(rules: readonly object[]): string {
  const file = join(tempFolder(), 'config.json');
  writeFileSync(file, JSON.stringify({ alert_rules: rules }));
  return file;
}

const asked = (...args: readonly string[]) => runPmi(['alerts', '--dumps', dumps, '--tz', 'UTC', ...args]);

describe('pmi alerts', () => {
  test('tells what was over, why and who: exit code 0', async () => {
    const { code, out, err } = await asked();
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'over    2026-01-15 12:02:00 – 12:04:00  Memory is running out (critical)',
      '        MemAvailable 30.0 MiB, below 5 % of 0.977 GiB for 1m. Most was held by hog 7 "--all": at most 100 MiB.',
      'test-1, 2026-01-15 12:00:00 – 2026-01-15 12:05:00: nothing fires at the end, 1 over.',
      '',
    ]);
  });

  test('of what fires at the end of the stretch says 2', async () => {
    const { code, out } = await asked('--to', '20260115_120300Z');
    expect(code).toBe(2);
    expect(out).toMatch(/^FIRING {2}2026-01-15 12:02:00 {2}Memory is running out \(critical\)\n/);
    const json = await asked('--to', '20260115_120300Z', '--json');
    expect([json.code, JSON.parse(json.out).firing[0].culprit.pid]).toEqual([2, 7]);
    const csv = await asked('--csv');
    expect(csv.out).toMatch(/^state,rule,.*\nresolved,Memory is running out,/);
  });

  test('goes by the rules of the configuration, and ends where it cannot be used', async () => {
    const level = configOf([{ name: 'Huge', kind: 'level', limit: '90MiB' }]);
    const { code, out } = await asked('--config', level);
    expect([code, out.split('\n')[1]]).toEqual([
      2,
      '        RSS of one process 100 MiB, above 90.0 MiB for 1m. It was hog 7 "--all": 100 MiB.',
    ]);
    const bad = configOf([{ name: 'Huge', kind: 'level' }]);
    expect(await asked('--config', bad)).toMatchObject({
      code: 3,
      err: `pmi: ${bad}: alert_rules[0].limit is not valid\nA rule of kind level needs it.\n`,
    });
    const lost = configOf([{ name: 'Budget', kind: 'budget', watch: 'shop', limit: '1GiB' }]);
    expect((await asked('--config', lost)).out).toContain('Budget: There is no watch group shop.\n');
  });

  test('says 64 where it is asked wrongly, and 1 where nothing is recorded', async () => {
    expect((await asked('--form', 'x')).code).toBe(64);
    expect((await asked('--from', 'soon')).code).toBe(64);
    expect((await runPmi(['alerts', '--dumps', tempFolder()])).code).toBe(1);
    expect((await runPmi(['alerts', '--help'])).out).toContain('Usage: pmi alerts [--from T]');
  });

  test('of processes with hostile names steers no terminal', async () => {
    const folder = tempFolder();
    writeHistory(
      folder,
      HOSTILE_NAMES.map((name, at) => ({
        t: at * 60,
        processes: [
          { pid: 1, rss_mb: 1 },
          {
            pid: 7,
            ppid: 1,
            start: at * 10,
            rss_mb: 100 * ((at + 1) % 2),
            cmd: inDumpNotation(name),
            comm: inDumpNotation(name).slice(0, 15),
          },
        ],
      })),
    );
    const config = configOf([{ name: 'Huge', kind: 'level', limit: '50MiB', for: '0s', cool_down: '0s' }]);
    for (const form of [[], ['--json'], ['--csv']]) {
      const { out } = await runPmi(['alerts', '--dumps', folder, '--config', config, ...form]);
      expect(out.length).toBeGreaterThan(1000);
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066-\u2069]/);
    }
  });
});

describe('pmi config check', () => {
  test('tells each rule in words, and which is about a group that is not there', async () => {
    const file = configOf([
      { name: 'Memory', kind: 'mem_available', limit: '500MiB', severity: 'critical' },
      { name: 'Budget', kind: 'budget', watch: 'shop', limit: '1GiB', for: '5m' },
    ]);
    const { code, out } = await runPmi(['config', 'check', file]);
    expect([code, out.split('\n').slice(1)]).toEqual([
      0,
      [
        '2 rules of alerts',
        '  Memory (critical): MemAvailable below 500 MiB for 1m',
        '  Budget (warning): RSS of shop above 1.00 GiB for 5m: there is no watch group shop',
        '',
      ],
    ]);
    const json = JSON.parse((await runPmi(['config', 'check', file, '--json'])).out);
    expect(json.alert_rules).toHaveLength(2);
  });
});
