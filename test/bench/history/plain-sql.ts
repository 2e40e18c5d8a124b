import { DuckDBInstance } from '@duckdb/node-api';
import { formatDay } from '../../../server/domain/stamp.ts';
import type { Answerer, PageName, Question } from './pages.ts';

/** The pages' peer: what of their questions one statement tells, of the same files. No statistics, no tree, no HTTP. */

const PIXELS = 600;

/** Files of a kind, of these days. */
function filesOf(index: string, kind: 'system' | 'processes', from: number, to: number): string {
  const files = `read_parquet('${index}/${kind}/*/*/*.parquet', hive_partitioning = true, union_by_name = true)`;
  return `(FROM ${files} WHERE date BETWEEN '${formatDay(from)}' AND '${formatDay(to)}')`;
}

function snapshot(index: string, ts: number, condition: string): string {
  return `WITH day AS ${filesOf(index, 'processes', ts, ts)}
    SELECT * FROM day WHERE t = (SELECT max(t) FROM day WHERE t <= ${ts}) AND (${condition}) ORDER BY rss_bytes DESC`;
}

const STATEMENTS: Readonly<Record<PageName, (index: string, question: Question) => string>> = {
  overview: (index, { from, to }) => `SELECT t // ${Math.ceil((to - from) / PIXELS)} AS pixel, min(t),
    min(mem_available_bytes), max(mem_available_bytes), min(swap_free_bytes), max(swap_free_bytes)
    FROM ${filesOf(index, 'system', from, to)} WHERE t BETWEEN ${from} AND ${to} GROUP BY pixel ORDER BY pixel`,
  level: (index, { ts, level }) => snapshot(index, ts, `level = ${level}`),
  pid: (index, { ts, pid }) => snapshot(index, ts, `pid = ${pid} OR ppid = ${pid}`),
  plot: (index, { pid, from, to }) => `SELECT t, rss_bytes, coalesce(subtree_rss_bytes, rss_bytes)
    FROM ${filesOf(index, 'processes', from, to)} WHERE pid = ${pid} AND t BETWEEN ${from} AND ${to} ORDER BY t`,
};

export async function askEngine(index: string, questions: readonly Question[]): Promise<Answerer> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  // This process asks the servers, too: only what it does for its own answers counts.
  let cpu = 0;
  return {
    questions,
    async answer(page, question) {
      const before = process.cpuUsage();
      await connection.runAndReadAll(STATEMENTS[page](index, question));
      const { user, system } = process.cpuUsage(before);
      cpu += (user + system) / 1000;
    },
    cpuMs: () => cpu,
  };
}
