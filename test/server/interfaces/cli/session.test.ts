import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SessionSummaryView } from '../../../../server/application/view-session.ts';
import type { ComparisonView } from '../../../../server/application/view-session-comparison.ts';
import type { SessionsView, SessionView } from '../../../../server/application/view-sessions.ts';
import { encodeSession } from '../../../../server/domain/session.ts';
import type { SessionItem } from '../../../../server/interfaces/http/schemas/sessions.ts';
import type { HealthAnswer } from '../../../../server/interfaces/http/schemas.ts';
import { checkDumps } from '../../../collector/check-dumps.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { DONE, writeSession } from '../../../support/write-session.ts';
import type { RunningPmi } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

/** Real sessions of this host, of a few samples. */

const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;
const FAST = ['--interval', '200ms'];

function openHouse() {
  const dumps = join(tempFolder(), 'time');
  const folder = (name: string) => join(dumps, '..', 'sessions', name);
  return {
    dumps,
    folder,
    run: (...words: readonly string[]) => runPmi(['session', ...words, '--dumps', dumps]),
    start(...words: readonly string[]): RunningPmi {
      const running = startPmi(['session', 'start', ...words, '--dumps', dumps]);
      onTestFinished(() => void running.child.kill('SIGKILL'));
      return running;
    },
    async json<View>(...words: readonly string[]): Promise<View> {
      const { out, err, code } = await runPmi(['session', ...words, '--dumps', dumps, '--json']);
      if (out === '') throw new Error(`${code}: ${err}`);
      return JSON.parse(out);
    },
    async stateOf(name: string): Promise<SessionView | undefined> {
      const { out } = await runPmi(['session', 'list', '--dumps', dumps, '--json']);
      const { sessions }: SessionsView = JSON.parse(out);
      return sessions.find((session) => session.name === name);
    },
  };
}

const QUICK = { interval_seconds: 0.2 };

/** A server over the dumps that the sessions are beside. */
async function serveBeside({ dumps }: ReturnType<typeof openHouse>) {
  mkdirSync(dumps, { recursive: true });
  const server = startPmi(['serve', '--port', '0', '--dumps', dumps]);
  onTestFinished(() => void server.child.kill('SIGKILL'));
  const { origin } = new URL(await servedAt(server));
  return {
    ...server,
    async health(): Promise<HealthAnswer> {
      return (await fetch(`${origin}/healthz`)).json();
    },
    async list(): Promise<SessionsView> {
      return (await fetch(`${origin}/api/v1/sessions`)).json();
    },
    async post(path: string, body: object = {}): Promise<SessionItem> {
      const headers = { origin, 'content-type': 'application/json' };
      const response = await fetch(`${origin}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
  };
}

async function untilRecording(pmi: RunningPmi): Promise<void> {
  await expect.poll(pmi.err).toContain('sample');
}

describe('pmi session start', () => {
  test('records the whole host into a folder of its own, until the time is over', async () => {
    const house = openHouse();
    const { code, out, err } = await house.run(
      'start',
      'before',
      ...FAST,
      '--duration',
      '2s',
      '--label',
      'old',
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^before: done; \d+ samples in [12]s, .* used\. pmi session show/),
    ]);
    expect(err).toMatch(/^before: 1 sample, last at \d\d:\d\d:\d\dZ, next in 0\.\d s, [12]s left$/m);
    const { whole, torn } = checkDumps(house.folder('before'));
    expect(torn).toEqual([]);
    // A busy machine misses some.
    expect(whole).toBeGreaterThan(2);
    expect(whole).toBeLessThan(11);
    expect(out).toContain(`${whole} samples`);
    const session = JSON.parse(readFileSync(join(house.folder('before'), 'session.json'), 'utf8'));
    expect(session).toMatchObject({
      name: 'before',
      label: 'old',
      state: 'done',
      interval_seconds: 0.2,
    });
    expect(session.peak_used_bytes).toBeGreaterThan(0);
    // An ordinary recording, with its label.
    const { out: rows } = await runPmi(['snapshot', '--dumps', house.folder('before'), '--json']);
    expect(JSON.parse(rows).rows.length).toBeGreaterThan(0);
    expect(existsSync(house.dumps)).toBe(false);
  });

  test('two at once record beside each other; a name that is taken is refused with what to do', async () => {
    const house = openHouse();
    const one = house.start('one', ...FAST, '--duration', '20s');
    await untilRecording(one);
    const two = await house.run('start', 'two', ...FAST, '--duration', '1s');
    expect([two.code, two.out]).toEqual([0, expect.stringMatching(/^two: done; [1-5] samples?/)]);
    const again = await house.run('start', 'one', ...FAST);
    expect([again.code, again.err]).toEqual([
      3,
      expect.stringMatching(/session one already\n.*pmi session rm one\n$/),
    ]);
    one.child.kill('SIGINT');
    const { code, out } = await one.finished;
    expect([code, out]).toEqual([0, expect.stringContaining('one: stopped; ')]);
    expect((await house.stateOf('one'))?.state).toBe('stopped');
  });

  test('refuses names, times and labels that cannot be, and makes nothing', async () => {
    const house = openHouse();
    const refused = async (...words: readonly string[]) => {
      const { code, err } = await house.run('start', ...words);
      return [code, err.split('\n')[0]];
    };
    for (const name of ['../x', 'a/b', '..', 'compare', 'x'.repeat(61)])
      expect(await refused(name)).toEqual([2, expect.stringContaining('cannot be the name of a session')]);
    expect(await refused('a', '--interval', '50ms')).toEqual([2, 'pmi: The interval is not valid']);
    expect(await refused('a', '--interval', 'soon')).toEqual([2, 'pmi: --interval: soon is not a time']);
    expect(await refused('a', '--duration', '2d')).toEqual([2, 'pmi: The duration is not valid']);
    expect(await refused('a', '--label', 'x\u001b[2J')).toEqual([2, 'pmi: The label is not valid']);
    expect(await refused('a', '--group', 'nobody')).toEqual([1, 'pmi: There is no watch group nobody']);
    expect(await refused()).toEqual([2, expect.stringContaining('takes NAME')]);
    expect(existsSync(house.folder('.'))).toBe(false);
  });

  test('does not record where others may write', async () => {
    const house = openHouse();
    mkdirSync(house.folder('.'), { recursive: true });
    chmodSync(house.folder('.'), 0o777);
    const { code, err } = await house.run('start', 'a');
    expect([code, err]).toEqual([3, expect.stringContaining('other users may write to it')]);
    expect(existsSync(house.folder('a'))).toBe(false);
  });
});

describe('a session', () => {
  test('is stopped from another terminal, and says itself how it ended', async () => {
    const house = openHouse();
    const running = house.start('long', ...FAST, '--duration', '1h');
    await untilRecording(running);
    expect((await house.stateOf('long'))?.state).toBe('recording');
    const early = await house.run('rm', 'long', '--yes');
    expect([early.code, early.err]).toEqual([1, 'pmi: The session long is being recorded\nStop it first.\n']);
    const { code, out } = await house.run('stop', 'long');
    expect([code, out]).toEqual([0, expect.stringMatching(/^long: stopped, \d+ samples?, /)]);
    expect((await running.finished).code).toBe(0);
    const twice = await house.run('stop', 'long');
    expect([twice.code, twice.err]).toEqual([1, 'pmi: The session long does not record: it is stopped\n']);
  });

  test('whose recorder was killed is interrupted at its last sample', async () => {
    const house = openHouse();
    const running = house.start('doomed', ...FAST, '--duration', '1h');
    await untilRecording(running);
    running.child.kill('SIGKILL');
    await running.finished;
    const session = await house.stateOf('doomed');
    expect(session?.state).toBe('interrupted');
    expect(session?.ended).toBe(session?.last_sample);
    const { session: shown, coverage } = await house.json<SessionSummaryView>('show', 'doomed');
    expect([shown.state, coverage?.samples]).toEqual(['interrupted', session?.samples]);
    expect((await house.run('rm', 'doomed')).out).toMatch(
      /^The session doomed with .* would be removed\. Add --yes/,
    );
    expect(existsSync(house.folder('doomed'))).toBe(true);
    expect((await house.run('rm', 'doomed', '--yes')).out).toMatch(
      /^The session doomed with .* removed\.\n$/,
    );
    expect(existsSync(house.folder('doomed'))).toBe(false);
  });

  test('is stopped by its server, where that ends', async () => {
    const house = openHouse();
    const server = await serveBeside(house);
    await server.post('/api/v1/sessions', { name: 'first', ...QUICK, duration_seconds: 600 });
    server.child.kill('SIGTERM');
    await server.finished;
    expect((await house.stateOf('first'))?.state).toBe('stopped');
  });

  test('of a server that was killed goes on; the next one tells it, stops it, and writes how another ended', async () => {
    const house = openHouse();
    const killed = await serveBeside(house);
    await killed.post('/api/v1/sessions', { name: 'long', ...QUICK, duration_seconds: 600 });
    await killed.post('/api/v1/sessions', { name: 'short', ...QUICK, duration_seconds: 4 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    const next = await serveBeside(house);
    const { sessions } = await next.health();
    expect(sessions.map(({ name }) => name)).toContain('long');
    const long = sessions.find(({ name }) => name === 'long');
    expect(long?.seconds_left).toBeGreaterThan(590);
    expect(long?.next_sample_seconds).toBeLessThan(5);
    const written = () => JSON.parse(readFileSync(join(house.folder('short'), 'session.json'), 'utf8'));
    await expect.poll(() => written().state, { timeout: 15_000 }).toBe('done');
    expect(written()).toMatchObject({ ended: expect.any(String), peak_used_bytes: expect.any(Number) });
    expect(checkDumps(house.folder('short')).torn).toEqual([]);
    expect((await next.health()).sessions.map(({ name }) => name)).toEqual(['long']);
    expect(await next.post('/api/v1/sessions/long/stop')).toMatchObject({ state: 'stopped' });
    expect((await next.health()).sessions).toEqual([]);
    expect((await house.stateOf('long'))?.peak_used_bytes).toBeGreaterThan(0);
  });

  test('that was adopted is never said to be interrupted while it is stopped, and stays stopped', async () => {
    const house = openHouse();
    const killed = await serveBeside(house);
    await killed.post('/api/v1/sessions', { name: 'asked', ...QUICK, duration_seconds: 600 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    const next = await serveBeside(house);
    const stopped = next.post('/api/v1/sessions/asked/stop');
    const states = new Set<string>();
    for (let isOver = false; !isOver; isOver = states.has('stopped')) {
      // The strip on all pages goes when the list tells the end, not before.
      const { sessions } = await next.health();
      const [{ state }] = (await next.list()).sessions;
      if (sessions.length === 0) expect(state).toBe('stopped');
      states.add(state);
      await sleep(50);
    }
    expect([...states]).toEqual(['recording', 'stopped']);
    expect(await stopped).toMatchObject({ state: 'stopped' });
  });

  test('that was adopted goes on where that server ends, which does not wait for it', async () => {
    const house = openHouse();
    const killed = await serveBeside(house);
    await killed.post('/api/v1/sessions', { name: 'lasting', ...QUICK, duration_seconds: 600 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    const next = await serveBeside(house);
    await expect.poll(async () => (await next.health()).sessions).toHaveLength(1);
    const begin = performance.now();
    next.child.kill('SIGTERM');
    expect((await next.finished).code).toBe(0);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect((await house.stateOf('lasting'))?.state).toBe('recording');
    expect((await house.run('stop', 'lasting')).code).toBe(0);
  });

  test('that nobody is left to end is stopped from a terminal; what became of it before a server came is written', async () => {
    const house = openHouse();
    const killed = await serveBeside(house);
    await killed.post('/api/v1/sessions', { name: 'one', ...QUICK, duration_seconds: 600 });
    killed.child.kill('SIGKILL');
    await killed.finished;
    expect((await house.stateOf('one'))?.state).toBe('recording');
    expect((await house.run('stop', 'one')).out).toMatch(/^one: stopped, /);
    const doomed = house.start('two', ...FAST, '--duration', '1h');
    await untilRecording(doomed);
    doomed.child.kill('SIGKILL');
    await doomed.finished;
    await serveBeside(house);
    const written = () => JSON.parse(readFileSync(join(house.folder('two'), 'session.json'), 'utf8'));
    await expect.poll(() => written().state).toBe('interrupted');
    expect(written().ended).toBe((await house.stateOf('two'))?.last_sample);
  });

  /** Room for a few samples of this host, however many processes it has. */
  const ROOM_KIB = 3 * (16 + Math.ceil(readdirSync('/proc').length / 8));

  test('of a disk that is full keeps what it has, and what was wrong is told', async (context) => {
    context.skip(!canMount, 'needs unshare');
    const mount = tempFolder();
    const list = `session list --json --dumps ${mount}/time`;
    const script = `mount -t tmpfs -o size=${ROOM_KIB}k,mode=755 tmpfs ${mount} && { "$0" "$@" >&2; "$0" "$1" ${list}; }`;
    const words = ['session', 'start', 'full', ...FAST, '--duration', '4s', '--dumps', `${mount}/time`];
    const { out, err } = await runPmi(words, { within: ['unshare', '-Urm', 'sh', '-c', script] });
    expect(err).toMatch(/of its disk are free|\(ENOSPC\)|removed .* dumps? \(/);
    const { sessions }: SessionsView = JSON.parse(out);
    // Where even its file could not be written any more, it ended without saying so.
    expect(['done', 'interrupted']).toContain(sessions[0].state);
    expect(sessions[0].said ?? '').not.toContain(mount);
    expect(sessions[0].samples).toBeGreaterThan(0);
    expect(sessions[0].samples).toBeLessThan(10);
  });
});

test('what is kept of the dump folder is no concern of a session’s', async () => {
  const house = openHouse();
  writeMinute(house.folder('.'), 'old', 100, 300);
  writeMinute(join(house.dumps, '..'), 'time', 100, 300);
  const limits = ['--keep', '1h', '--max-bytes', '1KiB', '--yes', '--json'];
  const { out } = await runPmi(['prune', '--dumps', house.dumps, ...limits]);
  expect(JSON.parse(out).pruned.length).toBeGreaterThan(50);
  expect((await house.stateOf('old'))?.samples).toBe(60);
});

describe('folders that are not as a session’s', () => {
  test('are told, can be removed, and hide no other', async () => {
    const house = openHouse();
    for (const name of ['empty', 'broken', 'moved', '.hidden', 'linked-file'])
      mkdirSync(house.folder(name), { recursive: true });
    writeFileSync(join(house.folder('broken'), 'session.json'), '{');
    writeFileSync(join(house.folder('moved'), 'session.json'), encodeSession({ ...DONE, name: 'other' }));
    symlinkSync('/etc/passwd', join(house.folder('linked-file'), 'session.json'));
    symlinkSync(house.folder('empty'), house.folder('link'));
    await house.run('start', 'good', ...FAST, '--duration', '1s');
    const { sessions, unreadable } = await house.json<SessionsView>('list');
    expect(sessions.map(({ name }) => name)).toEqual(['good']);
    expect(Object.fromEntries(unreadable.map(({ name, reason }) => [name, reason]))).toEqual({
      empty: 'empty/session.json cannot be read: ENOENT',
      broken: 'broken/session.json: is not JSON',
      moved: 'moved/session.json: it is of the session other',
      'linked-file': 'linked-file/session.json cannot be read: ELOOP',
    });
    expect((await house.run('rm', 'broken', '--yes')).code).toBe(0);
    expect((await house.run('rm', 'link', '--yes')).code).toBe(1);
    expect(existsSync(house.folder('empty'))).toBe(true);
  });
});

/** A minute at one sample a second, of one program that grows from `from` to `to` MiB. */
function writeMinute(root: string, name: string, from: number, to: number): void {
  const samples = Array.from({ length: 60 }, (_, t) => ({
    t,
    processes: [
      { pid: 1, rss_mb: 10, cmd: '/sbin/init' },
      { pid: 7, start: 5, rss_mb: Math.round(from + ((to - from) * t) / 59), cmd: 'node app.js' },
    ],
  }));
  writeSession(root, { name }, samples);
}

describe('pmi session compare', () => {
  const openPair = () => {
    const house = openHouse();
    writeMinute(house.folder('.'), 'old', 100, 300);
    writeMinute(house.folder('.'), 'new', 100, 120);
    return house;
  };

  test('tells both side by side, with the figures that a list of them gives', async () => {
    const house = openPair();
    const { rows } = await house.json<ComparisonView>('compare', 'old', 'new');
    const node = rows.find(({ name }) => name === 'node');
    const MIB = 1024 * 1024;
    expect(node).toMatchObject({
      kind: 'program',
      a: {
        samples: 60,
        first_bytes: 100 * MIB,
        last_bytes: 300 * MIB,
        max_bytes: 300 * MIB,
        growth_bytes: 200 * MIB,
      },
      b: { samples: 60, mean_bytes: 110 * MIB, max_bytes: 120 * MIB, peak: '2026-01-15T12:00:58.000Z' },
      peak_delta_bytes: -180 * MIB,
    });
    const { code, out } = await house.run('compare', 'old', 'new', '--csv');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toContain(
      'kind,name,mean_delta_bytes,peak_delta_bytes,a_samples,a_first_bytes',
    );
    expect(out).toContain('program,node,');
  });

  test('are judged by the watch group of the configuration', async () => {
    const house = openPair();
    const config = join(house.folder('.'), '..', 'config.json');
    const members = [{ name: 'app', rule: { pattern: 'app.js' } }];
    writeFileSync(config, JSON.stringify({ watch_groups: [{ name: 'web', members }] }));
    const group = ['--group', 'web', '--config', config];
    const { total, members: shown } = await house.json<SessionSummaryView>('show', 'old', ...group);
    expect([total?.name, shown.map(({ name, samples }) => [name, samples])]).toEqual(['web', [['app', 60]]]);
    const { code, out } = await house.run('compare', 'old', 'new', ...group, '--max-growth', '20MiB');
    expect([code, out]).toEqual([0, expect.stringContaining('PASS for group web of new')]);
  });

  test('exits by its verdict: 0 passed, 1 failed, 3 not known', async () => {
    const house = openPair();
    const judged = async (
      ...words: readonly string[]
    ): Promise<readonly [number | null, readonly string[]]> => {
      const { code, out } = await house.run('compare', ...words);
      return [code, out.split('\n').filter((line) => /^(PASS|FAIL|INCONCLUSIVE)/.test(line))];
    };
    const NODE = ['--program', 'node'];
    expect(await judged('old', 'new')).toEqual([0, []]);
    expect(await judged('old', 'new', ...NODE, '--max-peak', '120MiB', '--max-growth', '20MiB')).toEqual([
      0,
      [
        'PASS for program node of new',
        'PASS          max-peak: The peak of B is 120 MiB, the limit 120 MiB.',
        'PASS          max-growth: The growth of B is 20.0 MiB, the limit 20.0 MiB.',
      ],
    ]);
    expect(await judged('new', 'old', ...NODE, '--max-delta', '5%', '--max-peak', '1GiB')).toEqual([
      1,
      [
        'FAIL for program node of old',
        'PASS          max-peak: The peak of B is 300 MiB, the limit 1.00 GiB.',
        'FAIL          max-delta: The mean of B above that of A is 90.0 MiB, the limit 5.50 MiB.',
      ],
    ]);
    const [code, lines] = await judged(
      'old',
      'new',
      '--max-delta',
      '5%',
      '--program',
      'init',
      '--max-growth',
      '0',
    );
    expect([code, lines[0]]).toEqual([0, 'PASS for program init of new']);
  });

  test('of a session without a sample is not known, never passed', async () => {
    const house = openPair();
    writeSession(house.folder('.'), { name: 'none' }, []);
    const { code, out } = await house.run(
      'compare',
      'old',
      'none',
      '--max-peak',
      '1TiB',
      '--program',
      'node',
    );
    expect([code, out]).toEqual([
      3,
      expect.stringContaining('INCONCLUSIVE  max-peak: Unknown: the peak of B.'),
    ]);
  });

  test('refuses what it cannot hold a session against', async () => {
    const house = openPair();
    const refused = async (...words: readonly string[]) =>
      (await house.run('compare', ...words)).err.split('\n')[0];
    expect(await refused('old', 'nope')).toBe('pmi: There is no session nope');
    expect(await refused('old')).toBe('pmi: pmi session compare takes A and B, before the options');
    expect(await refused('old', 'new', '--max-peak', '5%')).toBe('pmi: 5% is not a limit');
    expect(await refused('old', 'new', '--program', 'ghost')).toBe(
      'pmi: Neither session has a program ghost',
    );
    expect(await refused('old', 'new', '--limit', 'x')).toBe('pmi: --limit: x is not valid');
  });
});

test('a session in a pipe says how far it is, every ten samples', async () => {
  const house = openHouse();
  const { out, err } = await house.run('start', 'a', '--interval', '100ms', '--duration', '3s');
  const samples = Number(/done; (\d+) samples/.exec(out)?.[1]);
  const told = [...err.matchAll(/^a: (\d+) samples?, last at /gm)].map(([, count]) => Number(count));
  expect(told).toEqual(Array.from({ length: Math.ceil(samples / 10) }, (_, at) => at * 10 + 1));
});
