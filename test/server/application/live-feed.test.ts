import { describe, expect, test } from 'vitest';
import { MOST_BACKLOG } from '../../../server/application/live-audience.ts';
import { IDLE_MS } from '../../../server/application/live-feed.ts';
import { LIVE } from '../../../server/domain/live-point.ts';
import type { FakeLive } from '../../support/live-world.ts';
import { NOTHING, openFakeClient, openFakeLive, placeAfter, pointsOf } from '../../support/live-world.ts';

function join(live: FakeLive, request = NOTHING) {
  const client = openFakeClient();
  return { client, ...live.feed.subscribe(client, request) };
}

const seqsOf = (messages: Parameters<typeof pointsOf>[0]) => pointsOf(messages).map(({ seq }) => seq);

const gapsOf = (messages: readonly object[]) =>
  messages.flatMap((one) => ('gap' in one ? [one.gap] : 'gaps' in one ? (one.gaps as object[]) : []));

const MEMBER = { name: 'main', rule: { exe: 'p7' } };

test('the feed tells of a process that ended while nobody watched, between the points around that', async () => {
  const live = openFakeLive([{ name: 'g', members: [MEMBER] }]);
  live.host = { processes: [{ pid: 7 }] };
  const { close } = join(live);
  await live.clock.pass(2500);
  close();
  await live.clock.pass(60_000);
  const seen = live.feed.latest()?.t ?? 0;
  live.host = { processes: [{ pid: 1 }] };
  const { client } = join(live);
  await live.clock.pass(100);
  const point = pointsOf(client.messages).at(-1);
  expect(point?.groups[0].members[0].departure).toMatchObject({ pid: 7, seen, gone: point?.t, exited: true });
});

describe('the feed reads the host', () => {
  test('at once when somebody comes, then each second, at absolute times', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    live.host = { processes: [{ pid: 1 }], takes: 30 };
    await live.clock.pass(4100);
    const times = pointsOf(client.messages).map(({ t }) => t % 60_000);
    expect(times).toEqual([30, 1030, 2030, 3030, 4030]);
  });

  test('never while nobody watches, and for ten seconds after the last has left', async () => {
    const live = openFakeLive();
    await live.clock.pass(60_000);
    expect(live.watched).toHaveLength(0);
    const { close } = join(live);
    await live.clock.pass(2500);
    close();
    await live.clock.pass(60_000);
    expect(live.watched.length).toBe(3 + IDLE_MS / 1000);
    expect([live.opened(), live.closed()]).toEqual([1, 1]);
  });

  test('for who asks from time to time as for who watches, and gives the first its answer when it is there', async () => {
    const live = openFakeLive();
    const first = live.feed.now();
    await live.clock.pass(1);
    expect((await first).point.seq).toBe(1);
    await live.clock.pass(IDLE_MS / 2);
    expect((await live.feed.now()).point.seq).toBe(6);
    await live.clock.pass(60_000);
    expect(live.feed.latest()?.seq).toBe(16);
    const later = live.feed.now();
    await live.clock.pass(1);
    expect((await later).point.seq).toBe(17);
  });

  test('less often where a reading takes longer than a tenth of the interval, and says so', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    live.host = { processes: [], takes: 300 };
    await live.clock.pass(30_000);
    const intervals = client.messages.flatMap((one) =>
      'interval_seconds' in one ? [one.interval_seconds] : [],
    );
    expect(intervals[0]).toBe(1);
    expect(intervals.at(-1)).toBe(4);
    live.host = { processes: [] };
    await live.clock.pass(30_000);
    expect(client.messages.at(-1)).toMatchObject({ interval_seconds: 1 });
  });

  test('again after a failure, which is told; who waits is told too', async () => {
    const live = openFakeLive();
    live.host = new Error('no /proc');
    const asked = live.feed.now();
    const told = expect(asked).rejects.toThrow('no /proc');
    await live.clock.pass(1500);
    await told;
    expect(live.feed.state()).toBe('failing');
    live.host = { processes: [] };
    await live.clock.pass(1000);
    expect([live.feed.state(), live.feed.latest()?.seq]).toEqual(['ready', 1]);
    expect(live.failures.length).toBeGreaterThan(0);
  });

  test('at another interval from when it is told so', async () => {
    const live = openFakeLive([], 60_000);
    const { client } = join(live);
    await live.clock.pass(100);
    live.feed.start(500);
    await live.clock.pass(2000);
    expect(pointsOf(client.messages).map(({ t }) => t % 60_000)).toEqual([0, 100, 600, 1100, 1600, 2100]);
  });

  test('for nobody but who asks after it was stopped, until it is started', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    await live.clock.pass(500);
    live.feed.stop();
    await live.clock.pass(5000);
    expect([seqsOf(client.messages), live.feed.state()]).toEqual([[1], 'stopped']);
    const asked = live.feed.now();
    await live.clock.pass(1);
    expect((await asked).point.seq).toBe(2);
    await live.clock.pass(5000);
    expect(live.feed.latest()?.seq).toBe(2);
    live.feed.start(null);
    await live.clock.pass(1500);
    expect(live.feed.latest()?.seq).toBe(4);
  });

  test('no more after it was closed; its clients are dropped', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    await live.clock.pass(1500);
    live.feed.close();
    await live.clock.pass(60_000);
    expect([client.isDropped(), live.feed.clients(), live.watched.length, live.closed()]).toEqual([
      true,
      0,
      2,
      1,
    ]);
  });
});

describe('a gap', () => {
  test('stands where the feed rested', async () => {
    const live = openFakeLive();
    const first = join(live);
    await live.clock.pass(500);
    first.close();
    await live.clock.pass(100_000);
    const { client } = join(live);
    await live.clock.pass(500);
    const [before, after] = pointsOf(client.messages).slice(-2);
    expect(after.t - before.t).toBeGreaterThan(80_000);
    expect(gapsOf(client.messages)).toEqual([{ from: before.t, to: after.t, reason: 'idle' }]);
    expect(gapsOf(join(live).client.messages)).toEqual(gapsOf(client.messages));
  });

  test('stands where the host was suspended, by its uptime', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    await live.clock.pass(1500);
    live.host = { processes: [], asleep: 3600 };
    await live.clock.pass(1000);
    const [before, after] = pointsOf(client.messages).slice(-2);
    expect(gapsOf(client.messages)).toEqual([{ from: before.t, to: after.t, reason: 'suspend' }]);
  });

  test('stands where readings failed for longer than three intervals', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    await live.clock.pass(500);
    live.host = new Error('EMFILE');
    await live.clock.pass(2000);
    live.host = { processes: [] };
    await live.clock.pass(2000);
    expect(gapsOf(client.messages)).toEqual([]);
    live.host = new Error('EMFILE');
    await live.clock.pass(5000);
    live.host = { processes: [] };
    await live.clock.pass(2000);
    expect(gapsOf(client.messages)).toMatchObject([{ reason: 'slow' }]);
  });

  test('stands before what another server’s client gets', async () => {
    const live = openFakeLive([], 1000, 'two');
    const after = { feed: 'one', seq: 500, t: Date.UTC(2026, 0, 15, 11) };
    const { client } = join(live, { after, n: 100 });
    await live.clock.pass(1500);
    const [first] = pointsOf(client.messages);
    expect(gapsOf(client.messages)).toEqual([{ from: after.t, to: first.t, reason: 'restart' }]);
    expect(gapsOf(join(live, { after, n: 100 }).client.messages)).toEqual(gapsOf(client.messages));
  });
});

describe('a client', () => {
  test('gets the newest hundred, or as many as it asks for', async () => {
    const live = openFakeLive();
    join(live);
    await live.clock.pass(150_500);
    expect(seqsOf(join(live).client.messages)).toEqual(Array.from({ length: 100 }, (_, k) => 52 + k));
    expect(seqsOf(join(live, { after: null, n: 3 }).client.messages)).toEqual([149, 150, 151]);
  });

  test('that comes back gets what it missed, however much is still there', async () => {
    const live = openFakeLive();
    join(live);
    const { client, close } = join(live);
    await live.clock.pass(3500);
    close();
    const after = placeAfter(client.messages, 'one');
    await live.clock.pass(500_000);
    const { client: again } = join(live, { after, n: 100 });
    expect(seqsOf(again.messages)).toEqual(Array.from({ length: 500 }, (_, k) => 5 + k));
    expect(again.messages[0]).toMatchObject({ type: 'initial_data', gaps: [], seq: 504 });
  });

  test('that comes back after the ring has turned gets what is there, and a gap', async () => {
    const live = openFakeLive();
    const { client, close } = join(live);
    await live.clock.pass(500);
    close();
    join(live);
    await live.clock.pass(2_000_000);
    const after = placeAfter(client.messages, 'one');
    const { client: again } = join(live, { after, n: 100 });
    const points = pointsOf(again.messages);
    expect([points.length, points[0].seq, points.at(-1)?.seq]).toEqual([LIVE.ring, 1002, 2001]);
    expect(again.messages[0]).toMatchObject({ gaps: [{ from: after?.t, to: points[0].t, reason: 'slow' }] });
  });

  test('that takes nothing is dropped after half a minute', async () => {
    const live = openFakeLive();
    const { client } = join(live);
    await live.clock.pass(500);
    client.isDeaf = true;
    await live.clock.pass(29_000);
    expect(client.isDropped()).toBe(false);
    await live.clock.pass(2000);
    expect([client.isDropped(), live.feed.clients()]).toEqual([true, 0]);
  });

  test('that takes little is sent no more than 256 KiB ahead, and then the newest, after a gap', async () => {
    const live = openFakeLive(
      Array.from({ length: 40 }, (_, k) => ({ name: `group ${k}`, members: [MEMBER] })),
    );
    const { client } = join(live);
    await live.clock.pass(500);
    client.isDeaf = true;
    let most = 0;
    for (let tick = 0; tick < 300; tick++) {
      await live.clock.pass(1000);
      client.drain(100);
      most = Math.max(most, client.backlog());
    }
    expect(client.isDropped()).toBe(false);
    expect(most).toBeGreaterThan(MOST_BACKLOG);
    expect(most).toBeLessThan(MOST_BACKLOG + 32 * 1024);
    const taken = pointsOf(client.messages).length;
    client.isDeaf = false;
    await live.clock.pass(1000);
    const [last, newest] = pointsOf(client.messages).slice(taken - 1);
    expect(newest.seq).toBe(live.feed.latest()?.seq);
    expect(gapsOf(client.messages).at(-1)).toEqual({ from: last.t, to: newest.t, reason: 'slow' });
  });

  test('is told by the number of clients', () => {
    const live = openFakeLive();
    const { close } = join(live);
    join(live);
    expect(live.feed.clients()).toBe(2);
    close();
    close();
    expect(live.feed.clients()).toBe(1);
  });
});

describe('processes of watch groups', () => {
  test('are looked at closely from the reading after', async () => {
    const group = { name: 'web', members: [MEMBER] };
    const live = openFakeLive([group]);
    live.host = { processes: [{ pid: 7 }, { pid: 8 }] };
    join(live);
    await live.clock.pass(2500);
    expect(live.watched).toEqual([[], [7], [7]]);
  });
});
