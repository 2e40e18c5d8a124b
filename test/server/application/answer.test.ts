import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import type { History } from '../../../server/application/ports.ts';
import { viewAnswer } from '../../../server/application/view-answer.ts';
import { MIB } from '../../../server/domain/units.ts';
import { groupBy, processesOf, samplesOf } from '../../demo-host/look-at.ts';
import { historyOf } from './recorded.ts';

const GIB = 1024 * MIB;

describe('the answer', () => {
  const node = (rss_mb: number) => ({
    pid: 7,
    ppid: 1,
    rss_mb,
    pss_mb: rss_mb,
    start: 7,
    cmd: 'node vite build',
  });
  const child = (rss_mb: number) => ({ pid: 8, ppid: 7, rss_mb, pss_mb: rss_mb, start: 8, cmd: 'esbuild' });
  const system = (used_mb: number) => ({
    mem_total_bytes: 8 * GIB,
    mem_available_bytes: 8 * GIB - used_mb * MIB,
  });
  let history: History;
  beforeAll(async () => {
    history = await historyOf([
      { t: 0, system: system(1000), processes: [{ pid: 1 }, node(100)] },
      { t: 3600, interval: 3600, system: system(2000), processes: [{ pid: 1 }, node(600), child(250)] },
      {
        t: 7200,
        interval: 3600,
        system: { mem_total_bytes: Number.NaN },
        processes: [{ pid: 1 }, node(600)],
      },
      { t: 7260, interval: 3600, system: system(3000), processes: null },
    ]);
  });
  afterAll(() => history.close());
  const ask = (request: Parameters<typeof viewAnswer>[1]) => viewAnswer(history, request, 'UTC');

  test('tells who holds the memory, what grew, its share of the growth, and where all of the RAM is', async () => {
    const view = await ask({ ts: '2026-01-15T13:00' });
    const build = {
      ...{ pid: 7, cmd: 'node vite build', comm: 'p7', user: 'root', is_new: false, subtree_processes: 2 },
      ...{ bytes: 850 * MIB, rss_is_upper_bound: false, delta_bytes: 750 * MIB, share_of_growth: 0.75 },
      ...{ subtree_rss_bytes: 850 * MIB, subtree_pss_bytes: 850 * MIB },
    };
    expect(view).toMatchObject({
      ...{ ts: '2026-01-15T13:00:00.000Z', nearest_before: '2026-01-15T13:00:00.000Z', distance_seconds: 0 },
      ...{ nearest_after: '2026-01-15T14:00:00.000Z', from: '2026-01-15T12:00:00.000Z', is_far: false },
      ...{ used_is: 'total − available', mem_total_bytes: 8 * GIB, used_bytes: 2000 * MIB },
      ...{ used_delta_bytes: 1000 * MIB, largest: [build], culprits: [build] },
      text: '1.95 of 8.00 GiB used at 2026-01-15 13:00, 0.977 GiB more than at 12:00. node 7 "vite build" and 1 process below it hold 850 MiB and grew by 750 MiB, 75 % of the growth.',
    });
    expect(view.ledger.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(8 * GIB);
    expect(view.ledger.map(({ part }) => part)).toContain('page cache');
  });

  test('is of the nearest sample with processes before, and says how far that is', async () => {
    const view = await ask({ ts: '2026-01-15T13:40' });
    expect(view).toMatchObject({ ts: '2026-01-15T13:00:00.000Z', distance_seconds: 2400, is_far: false });
    expect(await ask({ ts: '2026-01-16T13:00' })).toMatchObject({
      ts: '2026-01-15T14:00:00.000Z',
      is_far: true,
    });
  });

  test('compares with the asked instant, or so long before', async () => {
    const asked = await ask({ ts: '13:00', from: '2026-01-15T12:30' });
    expect(asked).toMatchObject({ from_asked: '2026-01-15T12:30:00.000Z', from_distance_seconds: 1800 });
    expect(await ask({ ts: '13:00', sinceMs: 60_000 })).toMatchObject({ from: '2026-01-15T12:00:00.000Z' });
  });

  test('has no growth where there is no earlier sample or used is unknown: null, never 0', async () => {
    expect(await ask({ ts: '12:00' })).toMatchObject({
      ...{ from: null, from_distance_seconds: null, used_delta_bytes: null, culprits: [] },
      largest: [{ pid: 7, delta_bytes: null, share_of_growth: null }],
    });
    expect(await ask({})).toMatchObject({
      ...{ used_bytes: null, mem_total_bytes: null, used_delta_bytes: null, ledger: [] },
      largest: [{ pid: 7, delta_bytes: -250 * MIB, share_of_growth: null }],
      culprits: [],
    });
  });

  test('of an instant before everything, or compared with a later one, is refused', async () => {
    await expect(ask({ ts: '2020-01-01T00:00' })).rejects.toMatchObject({ code: 'unknown_timestamp' });
    await expect(ask({ ts: '12:00', from: '13:00' })).rejects.toMatchObject({ field: 'from' });
  });
});

describe('the answer on the demo host', () => {
  const samples = samplesOf();
  let history: History;
  beforeAll(async () => {
    history = await openHistory();
    for (const sample of samples) await history.append(sample);
  });
  afterAll(() => history.close());
  const ask = (ts: string, from: string) => viewAnswer(history, { ts, from }, 'UTC');

  test('at 03:30 the growth is the nightly accounting with its workers, as one', async () => {
    const view = await ask('2026-03-03T03:30Z', '2026-03-03T03:08Z');
    const [job] = view.culprits;
    expect(job.cmd).toBe('python3 /srv/accounting/nightly.py --workers 6');
    expect(job).toMatchObject({ is_new: true, subtree_processes: 8 });
    expect(job.share_of_growth).toBeGreaterThan(0.9);
    const members = samples
      .filter(({ system }) => system.t === Date.parse(view.ts))
      .flatMap(processesOf)
      .filter(({ user, cmd }) => user === 'batch' && !cmd.startsWith('/bin/sh'));
    expect(job.delta_bytes).toBe(members.reduce((sum, { pss, rss }) => sum + (pss || rss), 0));
  });

  test('before the kernel kills it, the leaking service holds most and is the growth of the day', async () => {
    const view = await ask('2026-03-03T16:50Z', '2026-03-02T16:50Z');
    expect(view.largest[0].cmd).toMatch(/releases\/1\.9\.0\/server\.js/);
    expect(view.culprits[0].key).toBe(view.largest[0].key);
    expect(view.culprits[0].share_of_growth).toBeGreaterThan(0.8);
  });

  test('tells the database with its backends as one, and never a container of others', async () => {
    const view = await ask('latest', '-1h');
    const postgres = view.largest.find(({ cmd }) => cmd?.includes('postgres'));
    expect(postgres?.cmd).toMatch(/bin\/postgres -D/);
    expect(postgres?.subtree_processes).toBeGreaterThan(5);
    const last = samples[samples.length - 1];
    const byParent = groupBy(processesOf(last), ({ ppid }) => String(ppid));
    const roots = new Set((byParent.get('0') ?? []).map(({ pid }) => pid));
    expect([...view.largest, ...view.culprits].filter(({ pid }) => roots.has(pid))).toEqual([]);
  });

  test('never tells a subtree twice, at whatever instant', async () => {
    for (let at = 0; at < samples.length; at += 97) {
      const { t } = samples[at].system;
      const { largest, culprits } = await viewAnswer(history, { ts: String(t), sinceMs: 3_600_000 }, 'UTC');
      for (const list of [largest, culprits])
        expect(new Set(list.map(({ key }) => key)).size).toBe(list.length);
      expect(largest).toHaveLength(5);
    }
  });
});
