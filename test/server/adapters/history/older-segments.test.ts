import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { keySql } from '../../../../server/adapters/history/life-keys.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { SegmentKind, SegmentManifest } from '../../../../server/adapters/history/segment.ts';
import { manifestPath } from '../../../../server/adapters/history/segment-paths.ts';
import type { History } from '../../../../server/application/ports.ts';
import { MIB } from '../../../../server/domain/units.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import type { SealedFolder } from '../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../support/seal-folder.ts';
import { queryFiles, readSealed } from '../../../support/sealed-index.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';

/** Two days; the catalogue of the first lacked what a later one has. */

const DAYS = ['2026-01-15', '2026-01-16'] as const;
const DAY_S = 86_400;
const HOST = 'test-1';
const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const dumps = sharedTempFolder();
let sealed: SealedFolder;

async function forget(date: string, kind: SegmentKind, ...columns: readonly string[]): Promise<void> {
  const { manifests } = await readManifests(sealed.index);
  const [manifest] = manifests.filter((one) => one.date === date);
  const path = segmentPath(sealed.index, manifest, kind);
  const file = `read_parquet('${path}', hive_partitioning = false)`;
  await queryFiles(
    `COPY (SELECT * EXCLUDE (${columns.join(', ')}) FROM ${file}) TO '${path}.new' (FORMAT parquet)`,
  );
  renameSync(`${path}.new`, path);
}

async function ask<Answer>(question: (history: History) => Promise<Answer>): Promise<Answer> {
  const history = await openHistory({ index: sealed.index });
  try {
    return await question(history);
  } finally {
    await history.close();
  }
}

beforeAll(async () => {
  const processes = [
    { pid: 1, rss_mb: 10, start: 1, pss_mb: 7 },
    { pid: 2, ppid: 1, rss_mb: 3, start: 2, pss_mb: 2 },
  ];
  const written = writeHistory(
    dumps,
    [0, 60, DAY_S, DAY_S + 60].map((t) => ({ t, processes, system: { mem_available_bytes: 500 * MIB } })),
  );
  sealed = await openSealedFolder(dumps);
  for (const day of DAYS) await sealed.sealDay(day);
  await forget(DAYS[0], 'processes', 'pss_bytes', 'comm');
  await forget(DAYS[0], 'system', 'mem_available_bytes', 'pswpin');
  await forget(DAYS[1], 'system', 'pswpin');
  for (const { processFile, systemFile } of written.slice(0, 2))
    for (const file of [processFile, systemFile]) rmSync(join(dumps, String(file)));
});

describe('a segment that was sealed before the catalogue had a metric', () => {
  test('has it as unknown in its instants, and all else as it was', async () => {
    const [old, recent] = await ask((history) =>
      Promise.all([0, DAY_S].map((t) => history.readSnapshot(HOST, instantOf(t)))),
    );
    expect([...(old?.processes.numbers.pss_bytes ?? [])]).toEqual([Number.NaN, Number.NaN]);
    expect(old?.processes.texts.comm).toEqual([null, null]);
    expect([...(old?.processes.numbers.rss_bytes ?? [])]).toEqual([10 * MIB, 3 * MIB]);
    expect([...(recent?.processes.numbers.pss_bytes ?? [])]).toEqual([7 * MIB, 2 * MIB]);
  });

  test('has it as unknown in moments of its lives', async () => {
    const table = await ask(async (history) => {
      const [{ id }] = await livesOfPid(history, HOST, 2);
      return history.readMoments(HOST, [
        { life: id, t: instantOf(60) },
        { life: id, t: instantOf(DAY_S) },
      ]);
    });
    expect([...table.processes.numbers.pss_bytes]).toEqual([Number.NaN, 2 * MIB]);
  });

  test('has it as unknown in series of the system, also where no segment has it', async () => {
    const { values } = await ask((history) =>
      history.readSystem(HOST, ['mem_available_bytes', 'pswpin'], EVER),
    );
    expect(Array.from(values.mem_available_bytes)).toEqual([Number.NaN, Number.NaN, 500 * MIB, 500 * MIB]);
    expect(Array.from(values.pswpin)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  test('has it as NULL in an export', async () => {
    const file = join(dumps, 'export.parquet');
    await ask((history) =>
      history.exportRows(HOST, {
        format: 'parquet',
        range: { from: 0, to: instantOf(2 * DAY_S) },
        file,
        isRaw: true,
      }),
    );
    const rows = await queryFiles(`SELECT pid, pss_bytes, cmd FROM '${file}' ORDER BY ts, pid`);
    expect(rows.map(({ pss_bytes: pss }) => pss)).toEqual([
      ...[null, null, null, null],
      ...[7 * MIB, 2 * MIB, 7 * MIB, 2 * MIB],
    ]);
  });

  test('gives what it has to one that takes its place, when its dumps are gone', async () => {
    writeHistory(dumps, [{ t: 120, processes: [{ pid: 1, rss_mb: 11, start: 1, pss_mb: 9 }] }]);
    await sealed.sealDay(DAYS[0]);
    const [{ manifest, holds }] = await readSealed(sealed.index);
    expect(manifest).toMatchObject({ date: DAYS[0], samples: 3, rows: 5 });
    expect(holds.rows.map(({ pid, rss_bytes: rss, pss_bytes: pss }) => [pid, rss, pss])).toEqual([
      ...[
        [1, 10 * MIB, null],
        [2, 3 * MIB, null],
      ],
      ...[
        [1, 10 * MIB, null],
        [2, 3 * MIB, null],
      ],
      [1, 11 * MIB, 9 * MIB],
    ]);
  });
});

type Place = (kind: SegmentKind) => string;

/** What a file of version 4 said in the place of what one of today leaves out. */
const OF_VERSION_4 = {
  lives: (_: SegmentManifest, fileOf: Place) => `SELECT l.* REPLACE (coalesce(l.started, round(l.first_t
      - coalesce(greatest(0, s.uptime_seconds - l.start_ticks / s.clock_ticks), 0) * 1000)::BIGINT) AS started,
      last_cpu_seconds::DOUBLE AS last_cpu_seconds)
    FROM ${fileOf('lives')} AS l JOIN ${fileOf('system')} AS s ON s.t = l.first_t ORDER BY l.life`,
  rollup: (_: SegmentManifest, fileOf: Place) => `SELECT r.* REPLACE (
      coalesce(r.first_t, l.first_t) AS first_t, coalesce(r.samples, l.samples) AS samples)
    FROM ${fileOf('rollup')} AS r JOIN ${fileOf('lives')} AS l USING (life) ORDER BY r.life, r.parent NULLS FIRST, r.hour`,
} as const;

/** What one of version 3 said in the place of what one of version 4 leaves out. */
const OF_VERSION_3 = {
  lives: (manifest: SegmentManifest, fileOf: Place) => `SELECT * EXCLUDE (key_prefix) REPLACE (
      coalesce(rss_min_bytes, rss_max_bytes) AS rss_min_bytes,
      coalesce(rss_sum_bytes, samples * rss_max_bytes) AS rss_sum_bytes,
      coalesce(subtree_rss_sum_bytes, samples * subtree_rss_max_bytes) AS subtree_rss_sum_bytes),
    ${keySql(manifest)} AS key FROM ${fileOf('lives')}`,
  rollup: (_: SegmentManifest, fileOf: Place) => `SELECT r.* REPLACE (
      coalesce(r.last_t, l.last_t) AS last_t,
      coalesce(r.rss_min_t, r.first_t) AS rss_min_t,
      coalesce(r.rss_max_t, r.first_t) AS rss_max_t,
      coalesce(r.rss_min_bytes, l.rss_min_bytes, l.rss_max_bytes) AS rss_min_bytes,
      coalesce(r.rss_max_bytes, l.rss_max_bytes) AS rss_max_bytes,
      coalesce(r.rss_sum_bytes, l.rss_sum_bytes, l.samples * l.rss_max_bytes) AS rss_sum_bytes,
      coalesce(r.subtree_rss_max_bytes, l.subtree_rss_max_bytes) AS subtree_rss_max_bytes,
      coalesce(r.subtree_rss_sum_bytes, l.subtree_rss_sum_bytes, l.samples * l.subtree_rss_max_bytes)
        AS subtree_rss_sum_bytes)
    FROM ${fileOf('rollup')} AS r JOIN ${fileOf('lives')} AS l USING (life) ORDER BY r.life, r.parent NULLS FIRST, r.hour`,
} as const;

async function ageTo(
  version: 3 | 4,
  older: typeof OF_VERSION_3 | typeof OF_VERSION_4,
  index: string,
  manifest: SegmentManifest,
): Promise<SegmentManifest> {
  const fileOf = (kind: SegmentKind) =>
    `read_parquet('${segmentPath(index, manifest, kind)}', hive_partitioning = false)`;
  for (const kind of ['rollup', 'lives'] as const) {
    const path = segmentPath(index, manifest, kind);
    await queryFiles(`COPY (${older[kind](manifest, fileOf)}) TO '${path}.new' (FORMAT parquet)`);
    renameSync(`${path}.new`, path);
  }
  const aged = { ...manifest, version };
  writeFileSync(manifestPath(index, manifest), JSON.stringify(aged));
  return aged;
}

describe('a segment of version 3 or 4', () => {
  const folder = sharedTempFolder();
  let index: string;

  /** What is asked of lives, of their hours, and of where they were last seen. */
  async function answers() {
    const history = await openHistory({ index });
    try {
      const lives = await Promise.all([1, 2, 150].map((pid) => livesOfPid(history, HOST, pid)));
      return await Promise.all(
        lives.flat().map(async ({ id, ...life }) => {
          const [moment, statistics] = await Promise.all([
            history.readMoments(HOST, [{ life: id, t: life.lastSeen }]),
            history.readStatistics(HOST, [id], { from: instantOf(0), to: instantOf(7200) }),
          ]);
          const isFound = (await history.lifeOfKey(HOST, life.key))?.id === id;
          const hours = await history.readTimeline(HOST, id, EVER, { samples: 0 });
          return { life, isFound, hours, rss: moment.processes.numbers.rss_bytes, of: statistics.get(id) };
        }),
      );
    } finally {
      await history.close();
    }
  }

  beforeAll(async () => {
    const samples = Array.from({ length: 180 }, (_, minute) => ({
      t: minute * 60,
      processes: [
        { pid: 1, rss_mb: 10 + (minute % 7), start: 1 },
        { pid: 2, ppid: 1, rss_mb: 3, start: 2 },
        { pid: 100 + minute, ppid: 1, rss_mb: minute, start: 100 + minute },
      ],
    }));
    writeHistory(folder, [...samples, ...samples.map((one) => ({ ...one, t: one.t + DAY_S }))]);
    const opened = await openSealedFolder(folder);
    for (const day of DAYS) await opened.sealDay(day);
    index = opened.index;
  });

  test('beside one of today gives the answers that both of today gave', async () => {
    const before = await answers();
    expect(before.map(({ life, isFound }) => [life.pid, isFound])).toEqual([
      ...[1, 2, 150].map((pid) => [pid, true]),
    ]);
    const { manifests } = await readManifests(index);
    expect(manifests.map(({ version }) => version)).toEqual([5, 5]);
    const ofVersion4 = await ageTo(4, OF_VERSION_4, index, manifests[0]);
    expect(await answers()).toEqual(before);
    await ageTo(3, OF_VERSION_3, index, ofVersion4);
    expect(await answers()).toEqual(before);
  });
});
