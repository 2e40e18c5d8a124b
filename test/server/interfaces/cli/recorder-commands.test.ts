import { describe, expect, test } from 'vitest';
import type { RecorderStatus } from '../../../../server/domain/recorder-status.ts';
import { DEFAULT_RETENTION } from '../../../../server/domain/retention.ts';
import { runCommandLine } from '../../../../server/interfaces/cli/main.ts';
import type { ScheduleRequest } from '../../../../server/interfaces/cli/service-world.ts';
import type { PruneRequest, World } from '../../../../server/interfaces/cli/world.ts';

/** The commands around recording, against a world that notes what it is asked for. */
async function run(argv: readonly string[], given: Partial<World> = {}) {
  const said = { out: '', err: '' };
  const asked: { prune?: PruneRequest; schedule?: ScheduleRequest; status?: string; installed?: string } = {};
  const world = {
    env: {},
    version: '1.2.3',
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    async prune(request: PruneRequest) {
      asked.prune = request;
      const pruned = [
        {
          file: '20261101/sys_mem_20261101_000000Z.csv',
          t: Date.UTC(2026, 10, 1),
          bytes: 8192,
          reason: 'age',
        },
      ] as const;
      return { pruned, dumps: 3, bytes: 24_576, protected: 1, space: { total: 1e12, free: 5e11 } };
    },
    async schedule(request: ScheduleRequest) {
      asked.schedule = request;
      return 'the schedule\n';
    },
    async installUserUnit(text: string) {
      asked.installed = text;
      return '/home/bob/.config/systemd/user/pid-memory-inspector.service';
    },
    askServer: async () => ({ kind: 'none' }),
    async liveCommands() {
      return [
        { pid: 9, argv: ['app', '--token', 'S3CR3T', '\\x1b[2J'] },
        { pid: 7, argv: ['sleep', '60'] },
      ];
    },
    async *inputLines() {
      yield 'mysql -pS3CR3T';
      yield 'ls \u001b[2J';
    },
    ...given,
  } as unknown as World;
  return { exit: await runCommandLine(world, argv), ...said, asked };
}

describe('pmi prune', () => {
  test('says what would go and why, and asks for nothing to be removed', async () => {
    const { exit, out, asked } = await run(['prune', '--dumps', 'd']);
    expect(exit).toBe(0);
    expect(asked.prune).toEqual({ dumps: 'd', limits: DEFAULT_RETENTION, isDryRun: true });
    expect(out).toBe(
      '20261101/sys_mem_20261101_000000Z.csv  8.00 KiB  older than 14d\n' +
        '1 of 3 dumps would be removed, 8.00 KiB of 24.0 KiB, 1 protected; 466 GiB of the disk were free. Add --yes to remove them.\n',
    );
  });

  test('removes with --yes, by the limits that are given', async () => {
    const { out, asked } = await run([
      'prune',
      '--yes',
      '--keep',
      '3d',
      '--max-bytes=1GiB',
      '--keep-free',
      'off',
    ]);
    expect(asked.prune).toEqual({
      dumps: 'dumps/time',
      limits: { keepMs: 3 * 86_400_000, maxBytes: 1024 ** 3, keepFree: null },
      isDryRun: false,
    });
    expect(out).toContain('1 of 3 dumps removed');
  });

  test('as JSON tells the same', async () => {
    const { out } = await run(['prune', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      removed: false,
      freed_bytes: 8192,
      dumps: 3,
      pruned: [{ ts: '2026-11-01T00:00:00.000Z', reason: 'age' }],
    });
  });

  test.each([
    [['--yes', '--dry-run'], '--yes does not go with --dry-run'],
    [['--keep', 'soon'], '--keep must be a time'],
  ])('%j is wrong usage', async (words, message) => {
    const { exit, err } = await run(['prune', ...words]);
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });
});

describe('pmi redact', () => {
  test('--preview lists the rules, and the commands of this host that they change', async () => {
    const { exit, out } = await run(['redact', '--preview']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^ {2}word:password +a name with password, also …password: --password S3CR3T$/m);
    expect(out).toContain('shape:jwt');
    expect(out).toContain('program:redis-cli');
    expect(out).toContain(
      '1 of 2 commands of this host are changed:\n  pid 9\n    - app --token S3CR3T \\x1b[2J\n    + app --token ******** \\x1b[2J\n',
    );
  });

  test('--preview --json is the same for a program', async () => {
    const shown = JSON.parse((await run(['redact', '--preview', '--json'])).out);
    expect(shown.commands).toBe(2);
    expect(shown.redacted).toEqual([
      { pid: 9, before: 'app --token S3CR3T \\x1b[2J', after: 'app --token ******** \\x1b[2J' },
    ]);
    expect(shown.rules[0]).toEqual({
      id: 'word:password',
      matches: expect.any(String),
      example: '--password S3CR3T',
    });
  });

  test('--stdin redacts lines, without control characters', async () => {
    expect((await run(['redact', '--stdin'])).out).toBe('mysql -p********\nls \\x1b[2J\n');
  });

  test('alone is wrong usage', async () => {
    expect((await run(['redact'])).exit).toBe(2);
  });
});

describe('pmi schedule', () => {
  test.each(['cron', 'systemd', 'systemd-user'])('%s prints', async (kind) => {
    const { exit, out, asked } = await run(['schedule', kind, '--interval', '5m', '--out', 'd']);
    expect({ exit, out }).toEqual({ exit: 0, out: 'the schedule\n' });
    expect(asked).toEqual({ schedule: { kind, interval: '5m', out: 'd' } });
  });

  test('systemd-user --install writes, and says what to do next', async () => {
    const { exit, out, asked } = await run(['schedule', 'systemd-user', '--install']);
    expect(exit).toBe(0);
    expect(asked.installed).toBe('the schedule\n');
    expect(out).toContain(
      'systemctl --user daemon-reload && systemctl --user enable --now pid-memory-inspector',
    );
  });

  test.each([
    [[], 'Say for whom'],
    [['at'], 'There is no schedule at'],
    [['cron', '--install'], '--install writes units of a user only'],
    [['systemd', '--install'], '--install writes units of a user only'],
  ])('%j is wrong usage', async (words, message) => {
    const { exit, err, asked } = await run(['schedule', ...words]);
    expect(exit).toBe(2);
    expect(err).toContain(message);
    expect(asked.installed).toBeUndefined();
  });
});

const STATUS: RecorderStatus = {
  alive: true,
  holder: { pid: 7, since: '2026-11-21T11:00:00.000Z' },
  last_sample: '2026-11-21T12:00:00.000Z',
  age_seconds: 4.2,
  interval_seconds: 10,
  cost: { cpu_seconds: 1.5, rss_bytes: 50 * 1024 ** 2, cpu_share: 0.0012, overrun_seconds: 0 },
  gaps: [{ from: '2026-11-21T03:00:00.000Z', to: '2026-11-21T03:12:00.000Z', seconds: 720 }],
  disk: { dumps: 10, bytes: 1e6, bytes_per_day: 1e8, free_bytes: 1e10, total_bytes: 1e11 },
  days_until_full: 100.4,
};
const UNKNOWN: RecorderStatus = {
  alive: false,
  holder: null,
  last_sample: null,
  age_seconds: null,
  interval_seconds: null,
  cost: { cpu_seconds: null, rss_bytes: null, cpu_share: null, overrun_seconds: null },
  gaps: [],
  disk: { dumps: 0, bytes: 0, bytes_per_day: null, free_bytes: 1e10, total_bytes: 1e11 },
  days_until_full: null,
};

describe('pmi status', () => {
  test('tells who records, the last sample, its cost, gaps and disk; 0 where it is alive', async () => {
    const { exit, out } = await run(['status'], { recorderStatus: async () => STATUS });
    expect(exit).toBe(0);
    expect(out.split('\n')).toEqual([
      'recording    alive: process 7 holds the folder since 2026-11-21T11:00:00.000Z',
      'last sample  2026-11-21T12:00:00.000Z, 4s ago; interval 10 s',
      'cost         CPU 0.12 % of a CPU (budget 1 %), RSS 50.0 MiB, overrun 0 s',
      'gaps         1 in the last day: 2026-11-21T03:00:00.000Z to 2026-11-21T03:12:00.000Z (12m 0s)',
      'disk         10 dumps, 977 KiB, 95.4 MiB a day; 9.31 GiB free; days until full: 100 (if nothing were removed)',
      'server       none; pmi open starts one (port 8000)',
      '',
    ]);
  });

  test('says unknown where nothing is known, and is 1 where recording is not alive', async () => {
    const { exit, out } = await run(['status'], { recorderStatus: async () => UNKNOWN });
    expect(exit).toBe(1);
    expect(out).toContain('recording    NOT alive\nlast sample  none\n');
    expect(out).toContain('CPU unknown, RSS unknown, overrun unknown');
    expect(out).toContain('days until full: unknown');
  });

  test('--json is for programs', async () => {
    const { exit, out } = await run(['status', '--json'], { recorderStatus: async () => UNKNOWN });
    expect(exit).toBe(1);
    const server = {
      port: 8000,
      state: 'inactive',
      version: null,
      live_clients: null,
      idle_seconds: null,
      countdown_seconds: null,
    };
    expect(JSON.parse(out)).toEqual({ ...UNKNOWN, server });
  });
});

test.each(['prune', 'redact', 'schedule', 'status', 'top', 'watch', 'open', 'stats', 'service'])(
  'pmi %s --help has examples',
  async (name) => {
    const { exit, out } = await run([name, '--help']);
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: pmi ${name} [^]*\\nExamples:\\n  .+`));
    expect((await run(['--help'])).out).toContain(`  ${name}`);
  },
);
