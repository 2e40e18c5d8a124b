import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { installUserUnit, userUnitFolder } from '../../collector/install-unit.ts';
import type { ScheduleRequest } from '../../collector/schedule.ts';
import { formatSchedule, formatServerUnit } from '../../collector/schedule.ts';
import { temporaryFolder } from './fake-proc.ts';

const request: ScheduleRequest = {
  kind: 'cron',
  node: '/usr/bin/node',
  script: '/opt/pmi/collector.js',
  out: '/var/dumps',
  interval: null,
};

/** What cron(8) gives to sh of a crontab line: all behind five fields, `\%` as `%`, and nothing behind a bare one. */
function commandOfCron(line: string): string {
  const [command] = line.replace(/^(?:\S+ ){5}/, '').split(/(?<!\\)%/, 1);
  return command.replaceAll('\\%', '%').trimEnd();
}

function fieldsOf(interval: string): string {
  return formatSchedule({ ...request, interval })
    .split(' ')
    .slice(0, 5)
    .join(' ');
}

describe('a crontab line', () => {
  test('names node, the program and the folder by whole paths', () => {
    expect(formatSchedule(request)).toBe(
      '* * * * * /usr/bin/node /opt/pmi/collector.js --once --quiet --interval 1m --out /var/dumps\n',
    );
  });

  test.each([
    ['1m', '* * * * *'],
    ['60s', '* * * * *'],
    ['5m', '*/5 * * * *'],
    ['1h', '0 * * * *'],
    ['6h', '0 */6 * * *'],
    ['24h', '0 0 * * *'],
  ])('every %s is %s', (interval, fields) => {
    expect(fieldsOf(interval)).toBe(fields);
  });

  test.each(['10s', '7m', '90s', '5h'])('every %s is refused, and it says what goes', (interval) => {
    expect(() => fieldsOf(interval)).toThrow(`cron cannot run every ${interval}`);
  });

  test('run as cron would run it, records, whatever is in its paths', async () => {
    const folder = join(temporaryFolder(), `100% "of" $HOME 'it' ü`);
    mkdirSync(folder);
    const script = join(folder, 'collector.mjs');
    const { outputFiles } = await build({
      entryPoints: ['collector/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    writeFileSync(script, outputFiles[0].text);
    const out = join(folder, 'dumps');
    const line = formatSchedule({ ...request, node: process.execPath, script, out });
    expect(line.split('\n')).toHaveLength(2);
    const { status, stderr } = spawnSync('/bin/sh', ['-c', commandOfCron(line)], {
      env: {},
      encoding: 'utf8',
      cwd: '/',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.csv'))).toHaveLength(2);
    const system = files.find((name) => name.includes('sys_mem_')) ?? '';
    const [names, values] = readFileSync(join(out, system), 'utf8').split('\n');
    expect(values.split(',')[names.split(',').indexOf('INTERVAL_S')]).toBe('60');
  });

  test('cannot hold a path with a line break', () => {
    expect(() => formatSchedule({ ...request, out: '/a\n* * * * * rm -rf /' })).toThrow('line break');
  });
});

const WANTED = [
  'NoNewPrivileges=yes',
  'MemoryMax=256M',
  'UMask=0027',
  'StateDirectoryMode=0750',
  'Restart=on-failure',
];

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}

describe('a unit file', () => {
  test.each(['systemd', 'systemd-user'] as const)('of %s takes what it needs and no more', (kind) => {
    const text = formatSchedule({ ...request, kind, out: null });
    for (const line of WANTED) expect(text).toContain(`\n${line}\n`);
    expect(text).toContain(
      '\nExecStart=:/usr/bin/node /opt/pmi/collector.js --quiet --interval 10s --out %S/pid-memory-inspector/time\n',
    );
    // Node asks for more system calls than the set has: that must not kill it.
    expect(text).toContain('\nSystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM\n');
    // These would hide what is to be recorded, or stop V8.
    expect(text).not.toMatch(/ProtectProc|ProcSubset|MemoryDenyWriteExecute/);
  });

  test('of the system has a user of its own and one capability', () => {
    const text = formatSchedule({ ...request, kind: 'systemd', out: null });
    expect(text).toContain('\nUser=pid-memory-inspector\n');
    expect(text.match(/CAP_\w+/g)).toEqual(['CAP_SYS_PTRACE', 'CAP_SYS_PTRACE']);
    expect(formatSchedule({ ...request, kind: 'systemd-user', out: null })).not.toMatch(/User=pid|CAP_/);
  });

  test('of a user has nothing that needs a name space of users, in which all others are nobody', () => {
    const [system, user] = (['systemd', 'systemd-user'] as const).map((kind) =>
      formatSchedule({ ...request, kind, out: '/srv/dumps' }),
    );
    const NEEDS = /^(PrivateUsers|Protect\w+|PrivateTmp|PrivateDevices|PrivateNetwork|ReadWritePaths)=/m;
    expect(user).not.toMatch(NEEDS);
    expect(system).toMatch(/^ProtectSystem=strict$/m);
  });

  test('has its words escaped', () => {
    const odd = { ...request, kind: 'systemd' as const, script: '/opt/50% "x"\\$y/c.js', out: '/srv/a b%c' };
    const text = formatSchedule(odd);
    expect(text).toContain('ExecStart=:/usr/bin/node "/opt/50%% \\"x\\"\\\\$y/c.js" --quiet');
    expect(text).toContain(' --out "/srv/a b%%c"\n');
    expect(text).toContain('\nReadWritePaths="/srv/a b%%c"\n');
  });

  test.for(['systemd', 'systemd-user'] as const)('of %s passes systemd-analyze verify', (kind, { skip }) => {
    if (!hasProgram('systemd-analyze')) skip('skipped: needs systemd-analyze');
    const folder = temporaryFolder();
    const path = join(folder, 'pid-memory-inspector.service');
    const script = '/opt/50% "x" $y/c.js';
    writeFileSync(path, formatSchedule({ ...request, kind, node: process.execPath, script, out: null }));
    const whose = kind === 'systemd' ? [] : ['--user'];
    const said = execFileSync('systemd-analyze', ['verify', ...whose, path], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(said).toBe('');
  });

  test('of the server passes systemd-analyze verify, whatever is in its paths', ({ skip }) => {
    if (!hasProgram('systemd-analyze')) skip('skipped: needs systemd-analyze');
    const folder = temporaryFolder();
    const path = join(folder, 'pid-memory-inspector-server.service');
    const program = { node: process.execPath, script: '/opt/50% "x" $y/pmi.js' };
    for (const dumps of [null, '/srv/a b%c']) {
      writeFileSync(path, formatServerUnit({ ...program, dumps, port: 8000 }));
      const said = execFileSync('systemd-analyze', ['verify', '--user', path], {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(said).toBe('');
    }
  });

  test('is installed for its user, and again over an earlier one', () => {
    const config = join(temporaryFolder(), 'config');
    const env = { XDG_CONFIG_HOME: config, HOME: '/nowhere' };
    const path = installUserUnit('first', env);
    expect(path).toBe(join(config, 'systemd/user/pid-memory-inspector.service'));
    expect(installUserUnit('second', env)).toBe(path);
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(config, 'systemd/user'))).toEqual(['pid-memory-inspector.service']);
  });

  test('goes below HOME where no other place is named', () => {
    expect(userUnitFolder({ HOME: '/home/bob' })).toBe('/home/bob/.config/systemd/user');
    expect(userUnitFolder({ HOME: '/home/bob', XDG_CONFIG_HOME: 'relative' })).toBe(
      '/home/bob/.config/systemd/user',
    );
  });
});
