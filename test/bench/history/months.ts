import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetOptions } from '../../../server/adapters/history/seal/write-table.ts';
import type { SegmentKind, SegmentManifest } from '../../../server/adapters/history/segment.ts';
import { SEGMENT_KINDS } from '../../../server/adapters/history/segment.ts';
import { DAY_MS } from '../../../server/domain/durations.ts';
import { formatDay } from '../../../server/domain/stamp.ts';
import { CACHE } from './recordings.ts';

/** Ten months out of one: its segments again and again, each time a month earlier and of other processes. */

const MONTHS = 10;
const MONTH_DAYS = 30;

/** The instants in each kind of file. */
const INSTANTS: Readonly<Record<SegmentKind, readonly string[]>> = {
  processes: ['t'],
  lives: ['first_t', 'last_t', 'started'],
  rollup: ['hour', 'first_t', 'last_t', 'rss_min_t', 'rss_max_t', 'subtree_rss_min_t', 'subtree_rss_max_t'],
  system: ['t'],
};

/** What a copy has in the place of a column. */
function movedColumns(kind: SegmentKind, month: number): Map<string, string> {
  const shift = month * MONTH_DAYS * DAY_MS;
  const columns = new Map(INSTANTS[kind].map((name) => [name, `${name} - ${shift}`]));
  // Of another boot: a key begins with its mark.
  if (kind === 'lives') columns.set('key_prefix', `concat(key_prefix[1], 'm${month}x', key_prefix[2:])`);
  return columns;
}

/** Texts that were enumerations when they were written: copied as plain texts, most would be in no dictionary. */
async function enumerated(connection: DuckDBConnection, source: string): Promise<readonly string[]> {
  const columns = await connection.runAndReadAll(
    `SELECT path_in_schema FROM parquet_metadata('${source}') WHERE type = 'BYTE_ARRAY'
     GROUP BY path_in_schema HAVING bool_and(encodings = 'RLE_DICTIONARY')`,
  );
  return columns.getRowsJS().map(([name]) => String(name));
}

async function shiftedSelect(
  connection: DuckDBConnection,
  kind: SegmentKind,
  source: string,
  month: number,
): Promise<string> {
  const from = `read_parquet('${source}', hive_partitioning = false)`;
  const columns = movedColumns(kind, month);
  for (const name of await enumerated(connection, source)) {
    const text = columns.get(name) ?? `"${name}"`;
    const words = `SELECT DISTINCT ${text} FROM ${from} WHERE "${name}" IS NOT NULL`;
    await connection.run(`CREATE OR REPLACE TEMP TYPE words_of_${name} AS ENUM (${words})`);
    columns.set(name, `(${text})::words_of_${name}`);
  }
  const items = [...columns].map(([name, value]) => `${value} AS "${name}"`);
  return `SELECT * REPLACE (${items.join(', ')}) FROM ${from}`;
}

/** As the source was written: the smallest row group but the last; on one thread, those of the copy then end where they did. */
async function optionsAs(connection: DuckDBConnection, source: string): Promise<string> {
  const groups = await connection.runAndReadAll(
    `SELECT DISTINCT row_group_id, row_group_num_rows::DOUBLE FROM parquet_metadata('${source}') ORDER BY ALL`,
  );
  const rows = groups.getRowsJS().map(([, count]) => Number(count));
  const all = rows.reduce((sum, count) => sum + count, 0);
  const groupRows = Math.min(...(rows.length > 1 ? rows.slice(0, -1) : rows));
  return parquetOptions({ rows: all, groupRows, instants: 0, isSmall: false });
}

function dateBefore(date: string, month: number): string {
  return formatDay(Date.parse(date) - month * MONTH_DAYS * DAY_MS);
}

const TEN_MONTHS = 'ten-months';

/** Sealing the same dumps gives files of the same sizes, until somebody changes what segments are. */
function markOf(index: string): string {
  const sizes = SEGMENT_KINDS.flatMap((kind) =>
    readdirSync(join(index, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.parquet'))
      .map((name) => `${kind}/${dirname(name)} ${statSync(join(index, kind, name)).size}`),
  );
  return createHash('sha256').update(sizes.toSorted().join('\n')).digest('hex').slice(0, 8);
}

/** @returns the index of ten months, made from the index of one, and once for as long as that has the same files */
export async function tenMonthsOf(index: string): Promise<string> {
  const all = join(CACHE, `${TEN_MONTHS}-${markOf(index)}`);
  if (existsSync(all)) return all;
  for (const name of readdirSync(CACHE).filter((one) => one.startsWith(TEN_MONTHS)))
    rmSync(join(CACHE, name), { recursive: true });
  console.error('making ten months …');
  const unfinished = `${all}.unfinished-${process.pid}`;
  cpSync(index, unfinished, { recursive: true, filter: (path) => !path.endsWith('/lock') });
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const names = readdirSync(join(index, 'manifest'), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.json')))
    for (let month = 1; month < MONTHS; month++) {
      const manifest = JSON.parse(readFileSync(join(index, 'manifest', name), 'utf8')) as SegmentManifest;
      const date = dateBefore(manifest.date, month);
      const place = name.replace(`date=${manifest.date}`, `date=${date}`);
      for (const kind of SEGMENT_KINDS) {
        const target = join(unfinished, kind, place.replace(/json$/, 'parquet'));
        mkdirSync(dirname(target), { recursive: true });
        const source = join(index, kind, name.replace(/json$/, 'parquet'));
        const options = await optionsAs(connection, source);
        const moved = await shiftedSelect(connection, kind, source, month);
        await connection.run(`COPY (${moved}) TO '${target}' (${options})`);
      }
      const shift = month * MONTH_DAYS * DAY_MS;
      const moved = { ...manifest, date, from: manifest.from - shift, to: manifest.to - shift };
      mkdirSync(dirname(join(unfinished, 'manifest', place)), { recursive: true });
      writeFileSync(join(unfinished, 'manifest', place), JSON.stringify(moved));
    }
  renameSync(unfinished, all);
  return all;
}
