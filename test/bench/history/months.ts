import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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

function shiftedSelect(kind: SegmentKind, source: string, month: number): string {
  const shift = month * MONTH_DAYS * DAY_MS;
  const instants = INSTANTS[kind].map((name) => `${name} - ${shift} AS ${name}`);
  // Of another boot: a key begins with its mark.
  const other = kind === 'lives' ? [`concat(key_prefix[1], 'm${month}x', key_prefix[2:]) AS key_prefix`] : [];
  return `SELECT * REPLACE (${[...instants, ...other].join(', ')}) FROM read_parquet('${source}', hive_partitioning = false)`;
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

/** @returns the index of ten months, made once from the index of one */
export async function tenMonthsOf(index: string): Promise<string> {
  const all = join(CACHE, 'ten-months');
  if (existsSync(all)) return all;
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
        await connection.run(`COPY (${shiftedSelect(kind, source, month)}) TO '${target}' (${options})`);
      }
      const shift = month * MONTH_DAYS * DAY_MS;
      const moved = { ...manifest, date, from: manifest.from - shift, to: manifest.to - shift };
      mkdirSync(dirname(join(unfinished, 'manifest', place)), { recursive: true });
      writeFileSync(join(unfinished, 'manifest', place), JSON.stringify(moved));
    }
  renameSync(unfinished, all);
  return all;
}
