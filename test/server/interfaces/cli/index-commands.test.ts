import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { queryFiles } from '../../../support/sealed-index.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { hasScript, openTerminal } from './open-terminal.ts';
import { PMI, runPmi } from './run-pmi.ts';

const HOUR = 3600;
const CMD = '=cmd|calc "quoted"';

/** Two days and a half, two processes each; long over. */
function recording(): SampleLiteral[] {
  return Array.from({ length: 60 }, (_, at) => ({
    t: at * HOUR,
    processes: [
      { pid: 1, rss_mb: 10, start: 1 },
      { pid: 100 + at, ppid: 1, rss_mb: 3, start: 2, cmd: CMD },
    ],
  }));
}

function recorded(): { dumps: string; pmi: (...args: readonly string[]) => ReturnType<typeof runPmi> } {
  const dumps = tempFolder();
  writeHistory(dumps, recording());
  return { dumps, pmi: (...args) => runPmi([...args, '--dumps', dumps, '--tz', 'UTC']) };
}

describe('pmi index', () => {
  test('reads a folder once, and then has nothing to read', async () => {
    const { dumps, pmi } = recorded();
    const first = await pmi('index', '--json');
    expect([first.code, first.err]).toEqual([0, '']);
    expect(JSON.parse(first.out)).toMatchObject({
      index: join(dumps, '.index'),
      ...{ days: 3, hosts: 1, samples: 60, rows: 120, read: { pairs: 60, rows: 120 }, rejects: 0 },
    });
    const again = await pmi('index');
    expect(again.out).toMatch(/^Read 0 dumps with 0 rows in .*; 0 rejects\.\n/);
    expect(JSON.parse((await pmi('index', '--rebuild', '--json')).out)).toMatchObject({
      read: { pairs: 60 },
    });
  });

  test('puts the index where --index says', async () => {
    const { dumps, pmi } = recorded();
    const index = join(tempFolder(), 'elsewhere');
    expect((await pmi('index', '--index', index)).out).toContain(`${index}: 3 days of 1 hosts`);
    expect(readdirSync(dumps)).not.toContain('.index');
  });
});

describe('pmi verify', () => {
  test('finds nothing in a whole recording: exit code 0', async () => {
    const { pmi } = recorded();
    await pmi('index');
    const { code, out } = await pmi('verify');
    expect(code).toBe(0);
    expect(out).toContain('60 dumps with 120 rows: 0 are not as they were written, 0 rejects.');
    expect(out).toMatch(/: 3 segments with 60 samples, 0 faults;.*\nNothing is lost\.\n$/);
  });

  test('names a dump that was cut, a segment that is damaged, and what of it is lost: exit code 1', async () => {
    const { dumps, pmi } = recorded();
    await pmi('index');
    const day = readdirSync(dumps).filter((name) => /^\d{8}$/.test(name));
    const cut = readdirSync(join(dumps, day[1])).find((name) => name.startsWith('process')) ?? '';
    truncateSync(join(dumps, day[1], cut), 100);
    const files = readdirSync(join(dumps, '.index', 'processes'), { recursive: true, encoding: 'utf8' });
    const damaged = files.find((name) => name.endsWith('.parquet') && name.includes('01-15')) ?? '';
    writeFileSync(join(dumps, '.index', 'processes', damaged), 'PAR1');
    rmSync(join(dumps, day[0]), { recursive: true });
    const { code, out } = await pmi('verify');
    expect(code).toBe(1);
    expect(out).toContain(`${day[1]}/${cut}:`);
    expect(out).toContain(`${damaged} cannot be read`);
    expect(out).toMatch(/Lost: 12 samples of damaged segments whose dumps are gone\.\n$/);
  });
});

describe('pmi export', () => {
  test('writes every row as CSV, guarded against spreadsheets but with --raw', async () => {
    const { pmi } = recorded();
    const { code, out, err } = await pmi('export');
    expect([code, err]).toEqual([0, '']);
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(120);
    expect(rows.map(({ ts }) => ts)).toEqual(rows.map(({ ts }) => ts).sort());
    expect(rows[1]).toMatchObject({
      ts: '2026-01-15T12:00:00.000Z',
      ...{ pid: '100', ppid: '1', level: '1', rss_bytes: String(3 * 2 ** 20), cmd: `'${CMD}` },
    });
    const raw = parse((await pmi('export', '--raw')).out, { columns: true }) as Record<string, string>[];
    expect(raw[1].cmd).toBe(CMD);
  });

  test('writes a stretch of time as NDJSON, whether it is sealed or not', async () => {
    const { pmi } = recorded();
    const { out } = await pmi('export', '--format', 'ndjson', '--from', '-1h');
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ pid }) => pid)).toEqual([1, 158, 1, 159]);
    expect(rows[1]).toMatchObject({ cmd: CMD, weak_identity: false, subtree_processes: 1 });
  });

  test('writes Parquet that another engine reads, under its name only when it is whole', async () => {
    const { pmi } = recorded();
    const folder = tempFolder();
    const file = join(folder, 'rows.parquet');
    const { code, err } = await pmi('export', '--format', 'parquet', '--out', file);
    expect([code, err]).toEqual([0, expect.stringMatching(/^pmi: 120 rows of \S+ in /)]);
    expect(readdirSync(folder)).toEqual(['rows.parquet']);
    const [{ rows, rss }] = await queryFiles(
      `SELECT count(*)::INTEGER AS rows, sum(rss_bytes)::DOUBLE AS rss FROM read_parquet('${file}')`,
    );
    expect([rows, rss]).toEqual([120, 60 * 13 * 2 ** 20]);
  });

  test.each(['csv', 'ndjson', 'parquet'])(
    'writes %s to standard output where the file is -',
    async (format) => {
      const { dumps } = recorded();
      const folder = tempFolder();
      const args = ['export', '--format', format, '--dumps', dumps, '--tz', 'UTC'];
      expect(await runPmi([...args, '--out', join(folder, 'rows')])).toMatchObject({ code: 0, out: '' });
      const pmi = `"${process.execPath}" "${PMI}" ${args.join(' ')} --out -`;
      const piped = spawnSync('/bin/sh', ['-c', `${pmi} | cat >piped; ${pmi} >straight`], { cwd: folder });
      expect(String(piped.stderr)).toBe('');
      expect(readdirSync(folder)).toEqual(['piped', 'rows', 'straight']);
      const socket = spawnSync(process.execPath, [PMI, ...args, '--out', '-']).stdout;
      const rows = readFileSync(join(folder, 'rows'));
      const [pipe, file] = ['piped', 'straight'].map((name) => readFileSync(join(folder, name)));
      for (const found of [pipe, file, socket]) expect(found.equals(rows)).toBe(true);
    },
  );

  test.runIf(hasScript)('writes no Parquet to a terminal', async () => {
    const { dumps } = recorded();
    const args = `--format parquet --out - --dumps ${dumps}`;
    const terminal = openTerminal({ command: 'export', args });
    expect((await terminal.end()).code).toBe(2);
    expect(terminal.out()).toContain('--format parquet is not for a terminal');
  });

  test('says what is wrong with what it is asked for', async () => {
    const { pmi } = recorded();
    expect((await pmi('export', '--format', 'xlsx')).err).toContain('--format: xlsx is none');
    const unwritable = await pmi('export', '--out', '/nowhere/rows.csv');
    expect([unwritable.code, unwritable.err]).toEqual([
      3,
      expect.stringContaining('Cannot write /nowhere/rows.csv'),
    ]);
  });
});

describe('pmi prune --history', () => {
  test('says what would be erased, and erases it with --yes', async () => {
    const { dumps, pmi } = recorded();
    await pmi('index');
    for (const name of readdirSync(dumps))
      if (name !== '.index') rmSync(join(dumps, name), { recursive: true });
    const asked = await pmi('prune', '--history', '--to', '2026-01-16');
    expect(asked.out).toMatch(/^2 segments of 2026-01-15 to 2026-01-16 would be erased: 36 samples/);
    expect(asked.out).toContain('36 of the samples have no dump left and cannot be had back.');
    const done = await pmi('prune', '--history', '--to', '2026-01-16', '--yes', '--json');
    expect(JSON.parse(done.out)).toMatchObject({
      erased: true,
      segments: 2,
      samples: 36,
      samplesWithoutDump: 36,
    });
    const left = await pmi('export');
    expect(parse(left.out, { columns: true })).toHaveLength(48);
  });

  test('needs to know up to when', async () => {
    const { pmi } = recorded();
    expect(await pmi('prune', '--history')).toMatchObject({
      code: 2,
      err: expect.stringContaining('needs --to'),
    });
    expect((await pmi('prune', '--history', '--to', 'soon')).err).toContain('--to: soon is not an instant');
  });
});
