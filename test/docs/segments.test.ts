import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readManifests, segmentPath } from '../../server/adapters/history/manifests.ts';
import { SEGMENT_KINDS } from '../../server/adapters/history/segment.ts';
import { STORED_PROCESS_METRICS } from '../../server/domain/metrics.ts';
import { SYSTEM_METRICS } from '../../server/domain/system-metrics.ts';
import { writeHistory } from '../support/dump-builder.ts';
import type { SealedFolder } from '../support/seal-folder.ts';
import { openSealedFolder } from '../support/seal-folder.ts';
import { queryFiles } from '../support/sealed-index.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';

const docs = readFileSync('docs/segments.md', 'utf8');
const dumps = sharedTempFolder();
let folder: SealedFolder;

beforeAll(async () => {
  writeHistory(
    dumps,
    Array.from({ length: 240 }, (_, minute) => ({
      t: minute * 60,
      processes: [
        { pid: 1, rss_mb: 10 + minute, start: 1 },
        { pid: 2, ppid: 1, rss_mb: 3, start: 2 },
      ],
    })),
  );
  folder = await openSealedFolder(dumps);
  await folder.sealDay('2026-01-15');
});

/** Metrics that are told as the catalogue's. */
function storedIn(kind: string, spelled: ReadonlySet<string>): readonly string[] {
  const ids = STORED_PROCESS_METRICS.map(({ id }) => id);
  if (kind === 'lives') return ids.filter((id) => !spelled.has(id)).map((id) => `last_${id}`);
  if (kind === 'system') return SYSTEM_METRICS.map(({ id }) => id);
  return kind === 'processes' ? ids : [];
}

/** Names in back quotes of a section; `…` stands for each of the two figures that a rollup keeps. */
function columnsTold(kind: string): Set<string> {
  const section = docs.split(`### ${kind},`)[1].split(/\n##/)[0];
  const body = section.slice(section.indexOf('\n'));
  const names = [...body.matchAll(/`([a-z_…]+)`/g)].map(([, name]) => name);
  const spelled = names.flatMap((name) =>
    name.startsWith('…') ? ['rss', 'subtree_rss'].map((figure) => name.replace('…', figure)) : [name],
  );
  return new Set([
    ...spelled.filter((name) => !['rss', 'subtree_rss', 'processes', 'last_'].includes(name)),
    ...storedIn(kind, new Set(spelled)),
  ]);
}

describe('docs/segments.md', () => {
  test.each(SEGMENT_KINDS)('names the columns of %s files, all of them and no other', async (kind) => {
    const { manifests } = await readManifests(folder.index);
    const file = segmentPath(folder.index, manifests[0], kind);
    const columns = await queryFiles(`DESCRIBE FROM read_parquet('${file}', hive_partitioning = false)`);
    expect(columnsTold(kind)).toEqual(new Set(columns.map(({ column_name: name }) => name)));
  });

  test('is not needed to read what a column means: the files say so', async () => {
    const { manifests } = await readManifests(folder.index);
    const file = segmentPath(folder.index, manifests[0], 'processes');
    const [{ columns }] = await queryFiles(
      `SELECT decode(value) AS columns FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'columns'`,
    );
    expect(JSON.parse(String(columns))).toEqual(
      Object.fromEntries(STORED_PROCESS_METRICS.map(({ id, help }) => [id, help])),
    );
  });

  const queries = [...docs.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql);

  test.each(queries)('has a query that another engine answers: %s', async (sql) => {
    expect(await queryFiles(sql.replaceAll('INDEX', folder.index))).not.toEqual([]);
  });

  test('tells who held the memory at an instant', async () => {
    const [largest] = await queryFiles(queries[1].replaceAll('INDEX', folder.index));
    expect(queries).toHaveLength(3);
    expect(largest).toMatchObject({ pid: 1, rss_mib: 10 + 192, subtree_mib: 10 + 192 + 3 });
  });
});
