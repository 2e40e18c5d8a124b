import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { SegmentManifest } from '../../../../server/adapters/history/segment.ts';
import { encodeHost, manifestPath } from '../../../../server/adapters/history/segment-paths.ts';

const DAY = Date.parse('2026-03-01');
let index: string;

beforeEach(() => {
  index = mkdtempSync(join(tmpdir(), 'manifests-'));
});

afterEach(() => rmSync(index, { recursive: true }));

function manifest(fields: Partial<SegmentManifest> = {}): SegmentManifest {
  return {
    version: 1,
    id: '000000000-010000000-00000001',
    host: 'web-1',
    date: '2026-03-01',
    from: DAY,
    to: DAY + 3_600_000,
    samples: 61,
    rows: 610,
    lives: 12,
    bytes: 4096,
    replaces: [],
    sealedAt: '2026-03-02T00:10:00.000Z',
    weak: [{ pid: 7, ppid: 1, firstWord: 'sh', since: DAY }],
    ...fields,
  };
}

function put(one: SegmentManifest, text = JSON.stringify(one)): string {
  const path = manifestPath(index, one);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('the manifests of an index', () => {
  test('of an index that does not exist are none', async () => {
    expect(await readManifests(join(index, 'nowhere'))).toEqual({ manifests: [], rejects: [] });
  });

  test('come by host and time', async () => {
    const later = manifest({
      id: '020000000-030000000-00000002',
      from: DAY + 7_200_000,
      to: DAY + 10_800_000,
    });
    const other = manifest({ host: 'db 1' });
    for (const one of [later, manifest(), other]) put(one);
    const { manifests, rejects } = await readManifests(index);
    expect(manifests).toEqual([other, manifest(), later]);
    expect(rejects).toEqual([]);
  });

  test('leave out what another stands for, of the same host and date only', async () => {
    const whole = manifest({ id: '000000000-235900000-00000003', replaces: [manifest().id] });
    const other = manifest({ host: 'db-1' });
    for (const one of [manifest(), whole, other]) put(one);
    expect((await readManifests(index)).manifests).toEqual([other, whole]);
  });

  test.each([
    ['no JSON', '{"version":1', 'is not a JSON object'],
    ['a list', '[]', 'is not a JSON object'],
    ['a later version', { version: 6 }, 'is of another version than 1 to 5'],
    ['another id', { id: '000000000-010000000-ffffffff' }, 'says another host, date or id than its path'],
    ['an id that is a path', { id: '../../x' }, 'has no proper id'],
    ['another host', { host: 'db' }, 'says another host, date or id than its path'],
    ['no host', { host: '' }, 'has no host'],
    ['a day that is none', { date: '2026-02-99' }, 'has no proper date'],
    ['a time of another day', { to: DAY + 86_400_000 }, 'has no time within its date'],
    ['a count below zero', { rows: -1 }, 'has no proper counts'],
    ['a replaced path', { replaces: ['../x'] }, 'has no proper list of what it replaces'],
    ['a survivor without pid', { weak: [{ ppid: 1 }] }, 'has no proper list of weakly identified processes'],
  ])('reports and skips %s', async (_, fields, reason) => {
    const other = manifest({ id: '020000000-030000000-00000002' });
    put(other);
    const text = typeof fields === 'string' ? fields : JSON.stringify({ ...manifest(), ...fields });
    const file = put(manifest(), text);
    expect(await readManifests(index)).toEqual({
      manifests: [other],
      rejects: [{ file, line: null, column: null, reason }],
    });
  });

  test('ignore unfinished files', async () => {
    put(manifest());
    writeFileSync(join(dirname(manifestPath(index, manifest())), '.x.json.12.tmp'), '{');
    expect((await readManifests(index)).manifests).toHaveLength(1);
  });
});

describe('the path of a segment', () => {
  test('has the host percent-encoded', () => {
    const path = segmentPath('/i', manifest({ host: "a/../b *'é" }), 'lives');
    expect(path).toBe(
      '/i/lives/host=a%2F..%2Fb%20%2A%27%C3%A9/date=2026-03-01/000000000-010000000-00000001.parquet',
    );
  });

  test('fits a file name for every host, and differs', () => {
    const [a, b] = ['a', 'b'].map((end) => encodeHost(`${'é'.repeat(500)}${end}`));
    expect(a.length).toBeLessThan(240);
    expect(a).not.toBe(b);
  });
});
