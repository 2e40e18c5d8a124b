import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROCESS_METRICS } from '../../../../server/domain/metrics.ts';
import type { ProcessLiteral } from '../../../support/dump-builder.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { NEWEST, SECOND, SMALL_RECORDING } from '../http/small-recording.ts';
import { HOSTILE_NAMES, inDumpNotation } from './hostile-names.ts';
import type { Finished } from './run-pmi.ts';
import { runPmi } from './run-pmi.ts';

const COMMANDS = [
  'up',
  'collect',
  'serve',
  'demo',
  'who',
  'snapshot',
  'tree',
  'groups',
  'export',
  'report',
  'index',
  'verify',
  'describe',
  'config',
];
const dumps = sharedTempFolder();
const empty = sharedTempFolder();

beforeAll(() => {
  writeHistory(dumps, SMALL_RECORDING);
});

const pmi = (...args: readonly string[]) => runPmi([...args, '--dumps', dumps]);

describe('pmi', () => {
  test('without a command, with help or --help tells every command and ends well', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      const { code, out, err } = await runPmi(args);
      expect([code, err]).toEqual([0, '']);
      for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command} +\\S`, 'm'));
    }
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
    );
    expect(await runPmi(['--version'])).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
  });

  test('does not know a command: 2, and tells those that there are', async () => {
    const { code, out, err } = await runPmi(['sanpshot\x1b[2J']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('there is no command sanpshot\\x1b[2J');
    for (const command of COMMANDS) expect(err).toContain(`  ${command} `);
  });

  test.each([
    ['--status', 'pmi status'],
    ['--stop', 'pmi session stop NAME'],
    ['--interval', 'pmi collect --interval'],
    ['--no-leak-detection', 'nothing to switch off'],
    ['--port=8001', 'pmi serve --port N'],
    ['--no-browser', 'pmi open --no-browser'],
    ['--auto-start', 'pmi service install'],
  ])('the dashboards’ %s leads to what does the same', async (flag, here) => {
    const { code, out, err } = await runPmi([flag]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('needs a command before it');
    expect(err).toContain(here);
  });

  test.each(COMMANDS)('%s --help tells its use, its options and examples', async (command) => {
    const { code, out, err } = await runPmi([command, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: pmi ${command}\\b`));
    expect(out).toMatch(/^Options.*:$/m);
    expect(out).toMatch(/^Examples:\n {2}(pmi|\* )/m);
    for (const line of out.split('\n').slice(1)) expect(line).not.toMatch(/undefined|\[object/);
  });

  test.each(COMMANDS)('%s with an option that it does not know is 2 and names it', async (command) => {
    const { code, err } = await runPmi([command, '--frobnicate']);
    expect(code).toBe(2);
    expect(err).toContain('--frobnicate');
    expect(err).not.toMatch(/\bat \S+ \(/);
  });
});

describe('pmi snapshot', () => {
  test('is a table of the newest level 0 with where and when it is of', async () => {
    const { code, out, err } = await pmi('snapshot');
    expect([code, err]).toEqual([0, '']);
    const [head, blank, heading, row] = out.split('\n');
    expect(head).toBe(`Level 0 at ${NEWEST} on test-1    levels: 0 (1) | 1 (2) | 2 (2)`);
    expect(blank).toBe('');
    expect(heading).toMatch(/PID +USER +LIFETIME +RSS +RSS MAX +SUBTREE RSS +SUBTREE MAX +COMMAND/);
    expect(row).toMatch(/^ +1 +root +18m 40s +10\.0 MiB +10\.0 MiB +155 MiB +185 MiB +\/sbin\/init$/);
  });

  test('takes instant, level, filters, sort and limit, and tells what it leaves out', async () => {
    const { out } = await pmi(
      'snapshot',
      '--ts',
      '-60s',
      '--level',
      '2',
      '--limit',
      '1',
      '--sort',
      'rss_bytes',
    );
    expect(out).toContain(`Level 2 at ${SECOND}`);
    expect(out).toContain('/usr/bin/web worker');
    expect(out).toContain('1 of 2 shown; the others hold 20.0 MiB.');
    const filtered = await pmi('snapshot', '--level', '1', '--min-rss', '4000');
    expect(filtered.out).toContain('No rows after filtering: 2 processes are hidden (75.0 MiB).');
    expect(filtered.code).toBe(0);
  });

  test('--base tells what each subtree has gained, what is new and what is gone', async () => {
    const { out } = await pmi('snapshot', '--level', '1', '--base', '-2m');
    const [, , heading, web, shell] = out.split('\n');
    expect(heading).toContain('Δ SUBTREE');
    expect(web).toMatch(/ −11\.0 MiB {2}\/usr\/bin\/web --all$/);
    expect(shell).toMatch(/ new {2}-bash$/);
    expect(out).toContain(
      'Compared with 2026-01-15T12:00:00.000Z, when 2.00 GiB were used; 0 processes of then are gone (0 B).',
    );
  });

  test.each([
    ['--user', 'www', ['/usr/bin/web --all']],
    ['--exe', 'bash', ['-bash']],
    ['--state', 'R', []],
    ['--cgroup', '/', ['/usr/bin/web --all', '-bash']],
  ])('%s %s keeps %j', async (flag, value, kept) => {
    const { out } = await pmi('snapshot', '--level', '1', '--json', flag, value);
    expect(JSON.parse(out).rows.map(({ cmd }: { cmd: string }) => cmd)).toEqual(kept);
  });

  test('--json is what the HTTP API answers', async () => {
    const { code, out } = await pmi('snapshot', '--level', '1', '--json');
    const view = JSON.parse(out);
    expect(code).toBe(0);
    expect(view).toMatchObject({ ts: NEWEST, level: 1, matched: 2, totals: { known: { pss: 1, swap: 1 } } });
    expect(Object.keys(view.rows[0]).sort()).toEqual(PROCESS_METRICS.map(({ id }) => id).sort());
  });

  test('--csv has every column, formulas guarded', async () => {
    const { out } = await pmi('snapshot', '--level', '1', '--csv');
    const rows: Record<string, string>[] = parse(out, { columns: true });
    expect(Object.keys(rows[0] ?? {})).toEqual(PROCESS_METRICS.map(({ id }) => id));
    expect(rows.map(({ cmd }) => cmd)).toEqual(['/usr/bin/web --all', "'-bash"]);
  });

  test('reads the folder that DUMPS_DIR names, and --dumps goes before it', async () => {
    const env = { DUMPS_DIR: dumps };
    expect((await runPmi(['snapshot'], { env })).out).toContain(NEWEST);
    expect((await runPmi(['snapshot', '--dumps', empty], { env })).code).toBe(1);
  });

  test('tells rejected lines on stderr and goes on', async () => {
    const folder = tempFolder();
    const [{ processFile }] = writeHistory(folder, SMALL_RECORDING.slice(0, 1));
    const path = join(folder, processFile ?? '');
    writeFileSync(path, `${readFileSync(path, 'utf8')}x,y\n`);
    const { code, out, err } = await runPmi(['snapshot', '--dumps', folder]);
    expect(code).toBe(0);
    expect(out).toContain('/sbin/init');
    expect(err).toMatch(/^pmi: \d{8}\/process_mem_\d{8}_\d{6}Z\.csv:6(:\d+)?: .+$/m);
  });
});

describe('pmi groups', () => {
  test('puts programs together, says what is an upper bound and of how many a sum is known', async () => {
    const { code, out } = await pmi('groups');
    const [head, , heading, web, init] = out.split('\n');
    expect([code, head]).toEqual([0, `5 processes at ${NEWEST} on test-1, RSS together at most 155 MiB`]);
    expect(heading).toMatch(/^ +RSS +PSS +SWAP +PROCESSES +LARGEST +EXE$/);
    expect(web).toMatch(/^≤ 140 MiB +40\.0 MiB \(1 known\) +– +3 +20 +web$/);
    expect(init).toMatch(/^ +10\.0 MiB +8\.00 MiB +– +1 +1 +init$/);
  });

  test('by user, compared, as a table, JSON or CSV', async () => {
    const asked = ['groups', '--by', 'user', '--base', '-2m', '--limit', '1'];
    const { out } = await pmi(...asked);
    expect(out).toMatch(/^≤ 140 MiB +−11\.0 MiB .+ www$/m);
    expect(out).toContain('and 1 more groups');
    const json = JSON.parse((await pmi(...asked, '--json')).out);
    expect(json).toMatchObject({ by: 'user', groups_total: 2, groups: [{ name: 'www', processes: 3 }] });
    const rows: Record<string, string>[] = parse((await pmi(...asked, '--csv')).out, { columns: true });
    expect(rows).toMatchObject([{ name: 'www', known_pss: '1', base_rss_bytes: String(151 * 2 ** 20) }]);
  });

  test('by what there is not is 2 and names the flag', async () => {
    const { code, err } = await pmi('groups', '--by', 'pid');
    expect([code, err]).toEqual([2, expect.stringContaining('--by')]);
  });
});

describe('pmi who', () => {
  test('is the sentence, then those that hold most and those that grew', async () => {
    const { code, out } = await pmi('who', '--since', '2m');
    expect(code).toBe(0);
    const [sentence, blank, head, ...rows] = out.trimEnd().split('\n');
    expect(sentence).toMatch(
      / used at 2026-01-15 12:02, as much as at 12:00\. Most is held by web 20 "--all" and 2 processes below it: at most 110 MiB\./,
    );
    expect(blank).toBe('');
    expect(head.trim().split(/ +/)).toEqual(['MEMORY', 'GROWTH', 'SHARE', 'PROCESSES', 'PID', 'COMMAND']);
    expect(rows[0]).toMatch(/≤ 110 MiB +−31\.0 MiB +– +3 +20 +\/usr\/bin\/web --all$/);
  });

  test('takes a time of day, and --json is what the HTTP API answers', async () => {
    const { out } = await pmi('who', '--at', '12:01', '--since', '1m', '--json');
    expect(JSON.parse(out)).toMatchObject({ ts: SECOND, from: '2026-01-15T12:00:00.000Z', host: 'test-1' });
  });

  test.for<[readonly string[], number, RegExp]>([
    [
      ['--at', '20200101_000000'],
      1,
      /Timestamp 20200101_000000 unknown\nThe first snapshot is 2026-01-15T12:00/,
    ],
    [['--at', 'noon'], 2, /--at: noon is not valid\nWrite 03:12/],
    [['--since', '0'], 2, /--since: 0 is not valid\nWrite it as 30m/],
    [['--host', 'nobody'], 1, /Host nobody unknown/],
  ])('%j ends with %i and says what to write', async ([args, expected, message]) => {
    const { code, out, err } = await pmi('who', ...args);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toMatch(message);
  });
});

describe('pmi tree', () => {
  test('--base and --exe: ancestors stay, what is gone is told', async () => {
    const { out } = await pmi('tree', '--exe', 'web', '--base', '-1m');
    expect(out).toMatch(/ −30\.0 MiB {2}\/sbin\/init$/m);
    expect(out).toMatch(/ \+10\.0 MiB {6}\/usr\/bin\/web worker$/m);
    expect(out).not.toContain('-bash');
  });

  test('is every root with its descendants, indented', async () => {
    const { code, out } = await pmi('tree');
    expect(code).toBe(0);
    const names = out.split('\n').flatMap((line) => / MiB {2}(?!.* MiB {2})(.*)$/.exec(line)?.[1] ?? []);
    expect(names).toEqual([
      '/sbin/init',
      '  /usr/bin/web --all',
      '    /usr/bin/web worker',
      '    /usr/bin/web worker',
      '  -bash',
    ]);
  });

  test('--pid is that process, as a table, JSON or CSV', async () => {
    const { out } = await pmi('tree', '--pid', '20', '--json');
    expect(JSON.parse(out)).toMatchObject({ process: { pid: 20 }, ancestors: [{ pid: 1 }], matched: 3 });
    const csv = await pmi('tree', '--pid', '20', '--csv');
    const rows: Record<string, string>[] = parse(csv.out, { columns: true });
    expect(rows.map(({ pid }) => pid).sort()).toEqual(['20', '21', '22']);
    expect((await pmi('tree', '--pid', '20')).out).toContain('  /usr/bin/web worker');
  });
});

describe('pmi describe', () => {
  test('is a table of statistics, a line a figure', async () => {
    const { code, out, err } = await pmi('describe');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`5 processes at ${NEWEST} on test-1`);
    for (const word of ['count', 'mean', 'std', 'min', 'median', 'max', 'RSS MiB', 'Swap MiB'])
      expect(out).toContain(word);
    expect(out).toMatch(/RSS MiB +│ 5 +│ 31 +│ /);
  });

  test('--json gives them in bytes, null where nothing is known', async () => {
    const { out } = await pmi('describe', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ts: NEWEST,
      host: 'test-1',
      statistics: {
        rss_bytes: { count: 5, mean: 31 * 2 ** 20, max: 70 * 2 ** 20 },
        hwm_bytes: { mean: null },
      },
    });
  });
});

describe('exit codes', () => {
  test.each([
    ['1: nothing is there', ['snapshot', '--dumps', empty], 1, 'No process dumps found'],
    ['1: before the first', ['snapshot', '--dumps', dumps, '--ts', '20200101_000000'], 1, 'unknown'],
    ['1: no such process', ['tree', '--dumps', dumps, '--pid', '77'], 1, 'No data for PID 77'],
    ['1: no such host', ['describe', '--dumps', dumps, '--host', 'h'], 1, 'Host h unknown'],
    ['2: a bad number', ['snapshot', '--dumps', dumps, '--limit', '0'], 2, '--limit'],
    ['2: a bad choice', ['snapshot', '--dumps', dumps, '--sort', '__proto__'], 2, '--sort'],
    ['2: a bad instant', ['snapshot', '--dumps', dumps, '--ts', 'noon'], 2, 'ts is not an instant'],
    ['2: a bad zone', ['snapshot', '--dumps', dumps, '--tz', 'Mars/Base'], 2, '--tz'],
    ['2: a bad level', ['snapshot', '--dumps', dumps, '--level', '-1'], 2, '--level'],
    ['2: a word too many', ['snapshot', 'now'], 2, 'now'],
    ['2: a bad port', ['serve', '--dumps', dumps, '--port', '70000'], 2, '--port'],
    ['2: a bad interval', ['collect', '--interval', '1ms'], 2, '--interval'],
    ['2: a bad interval for up', ['up', '--interval', 'never', '--dumps', empty], 2, '--interval'],
    ['3: no folder', ['snapshot', '--dumps', '/nonexistent/dumps'], 3, '/nonexistent/dumps'],
    ['3: no folder to serve', ['serve', '--port', '0', '--dumps', '/nonexistent'], 3, '/nonexistent'],
    ['3: no token file', ['serve', '--dumps', dumps, '--token-file', '/nonexistent/t'], 3, 'ENOENT'],
  ])('%s', async (_, args, code, message) => {
    const finished = await runPmi(args);
    expect(finished.err).toContain(message);
    expect(finished).toMatchObject({ code, out: '' });
    expect(finished.err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    expect(finished.err).not.toMatch(/\bat \S+ \(/);
  });
});

describe('a reader that has seen enough', () => {
  test('is no failure: pmi snapshot | head -1', async () => {
    const folder = tempFolder();
    const processes = Array.from({ length: 5000 }, (_, at) => ({
      pid: at + 1,
      cmd: `/bin/${'x'.repeat(200)}`,
    }));
    writeHistory(folder, [{ t: 0, processes }]);
    for (const form of [[], ['--json'], ['--csv']]) {
      const args = ['snapshot', '--dumps', folder, '--limit', '10000', ...form];
      const { code, signal, err } = await runPmi(args, { closesEarly: true });
      expect([form, code, signal, err]).toEqual([form, 0, null, '']);
    }
  });
});

describe('names that processes have given themselves', () => {
  const folder = sharedTempFolder();
  const HOST = inDumpNotation('V17');
  beforeAll(() => {
    const processes = HOSTILE_NAMES.map((name, at): ProcessLiteral => {
      const text = inDumpNotation(name);
      return {
        pid: at + 2,
        ppid: at % 2,
        cmd: text,
        comm: text.slice(0, 15),
        user: text.slice(0, 40),
        cgroup: text,
      };
    });
    writeHistory(folder, [{ t: 0, host: HOST, processes: [{ pid: 1 }, ...processes] }]);
    // Raw bytes that no recorder of ours writes: a dump may come from anywhere.
    const raw =
      'PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD\n1,0,\x1b[31m,1,1,1,"\x1b[2J\u009b31m\u2028\u202e\x07"\n';
    const hostile = join(folder, 'h\x1b]0;pwn\x07\u202e');
    writeHistory(hostile, [{ t: 60, host: '', processes: [] }], { layout: 'flat' });
    writeFileSync(join(hostile, 'process_mem_20260115_120100Z.csv'), raw);
  });

  const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/;
  const DIRECTION = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

  const commands = [
    ['snapshot'],
    ['snapshot', '--level', '1'],
    ['tree'],
    ['describe'],
    ['snapshot', '--json'],
    ['tree', '--json'],
    ['describe', '--json'],
    ['snapshot', '--csv'],
  ];

  test.each(commands)('leave no control byte on a terminal: pmi %s %s %s', async (...args) => {
    const words = args.filter(Boolean);
    expectClean(await runPmi([...words, '--host', HOST, '--dumps', folder]), words);
  });

  test('nor does a folder that names a host, or a dump with raw bytes in it', async () => {
    for (const form of [[], ['--json'], ['--csv']])
      expectClean(await runPmi(['snapshot', ...form, '--dumps', folder]), form);
  });

  function expectClean({ code, out, err }: Finished, args: readonly string[]): void {
    expect([code, err]).toEqual([0, expect.not.stringContaining('bug')]);
    expect(CONTROL.exec(out)?.[0].codePointAt(0)).toBeUndefined();
    expect(CONTROL.exec(err)?.[0].codePointAt(0)).toBeUndefined();
    expect(DIRECTION.test(err)).toBe(false);
    if (!args.includes('--csv')) expect(DIRECTION.exec(out)).toBeNull();
    expect(out).not.toContain('\ufffd');
  }

  test('nor does an error that repeats what was typed, or names hosts', async () => {
    const { code, err } = await runPmi(['snapshot', '--host', '\x1b[2J\u202e', '--dumps', folder]);
    expect(code).toBe(1);
    expect(err).toContain('Recorded hosts:');
    expect(CONTROL.test(err) || DIRECTION.test(err)).toBe(false);
  });

  test('come out of --json as they went in', async () => {
    const { out } = await runPmi([
      'snapshot',
      '--host',
      HOST,
      '--limit',
      '1000',
      '--json',
      '--dumps',
      folder,
    ]);
    const cmds: string[] = JSON.parse(out).rows.map(({ cmd }: { cmd: string }) => cmd);
    const roots = HOSTILE_NAMES.filter((_, at) => at % 2 === 0).map(inDumpNotation);
    expect(cmds.sort()).toEqual(['/bin/p1', ...roots].sort());
  });
});
