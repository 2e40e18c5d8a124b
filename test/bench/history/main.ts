import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { processColumns } from '../../../server/domain/dump-format.ts';
import { isTextMetric, processMetric } from '../../../server/domain/metrics.ts';
import { describeHost, writeFigures } from '../figures.ts';
import { tenMonthsOf } from './months.ts';
import type { PageTimes } from './pages.ts';
import { measureAnswers, measurePages } from './pages.ts';
import { CACHE, manyOfToday, monthOfMinutes } from './recordings.ts';
import { runMeasured, runProgram, startServer, untilIdle } from './server-process.ts';

/** History at scale: taking in, starting again, answering; each beside its peer in the same run. */

const FIRST = '/api/v1/snapshot/level';
const lines: string[] = [];

function say(line: string): void {
  console.log(line);
  lines.push(line);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  say(`\n| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const row of rows) say(`| ${row.join(' | ')} |`);
}

interface Index {
  readonly rows: number;
  readonly bytes: number;
  readonly read: { readonly rows: number };
}

/** It is told the columns: to find them out in each of so many small files takes it ten times as long. */
function readCsv(month: string): string {
  const columns = processColumns('v2').map(
    ({ id, name }) => `'${name}': '${isTextMetric(processMetric(id)) ? 'VARCHAR' : 'DOUBLE'}'`,
  );
  const options = `filename = true, header = true, auto_detect = false, columns = {${columns.join(', ')}}`;
  return `
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(\`CREATE TABLE t AS SELECT * FROM read_csv('${month}/*/process_mem_*.csv', ${options})\`);
`;
}

/** One day of the month is enough to tell the rate. */
function csvParseRate(folder: string): number {
  const [day] = readdirSync(folder);
  const files = readdirSync(join(folder, day)).filter((name) => name.startsWith('process_mem'));
  const started = performance.now();
  const rows = files.reduce((sum, name) => sum + parse(readFileSync(join(folder, day, name))).length - 1, 0);
  return rows / ((performance.now() - started) / 1000);
}

async function benchIngest(month: string, index: string): Promise<Index> {
  rmSync(index, { recursive: true, force: true });
  const ours = await runProgram('index', '--dumps', month, '--index', index, '--tz', 'UTC', '--json');
  const report = JSON.parse(ours.out) as Index;
  const duckdb = await runMeasured(['--input-type=module', '-e', readCsv(month)]);
  const rate = csvParseRate(month);
  const row = (what: string, seconds: number, peak: string) => [
    what,
    seconds.toFixed(1),
    `${(report.rows / seconds / 1e6).toFixed(2)} M`,
    peak,
    (seconds / ours.seconds).toFixed(2),
  ];
  table(
    [`${report.rows} rows of 30 days`, 'seconds', 'rows/s', 'peak RSS MiB', '÷ ours'],
    [
      row('pmi index: trees, lives, sealed', ours.seconds, ours.peakMib.toFixed(0)),
      row('DuckDB read_csv, columns told, into a table', duckdb.seconds, duckdb.peakMib.toFixed(0)),
      row('csv-parse, of one day', report.rows / rate, ''),
    ],
  );
  say(`\nSealed: ${(report.bytes / report.rows).toFixed(2)} bytes a row.`);
  return report;
}

async function benchAnswersMeanwhile(month: string, folder: string): Promise<void> {
  const server = await startServer('/healthz', '--dumps', month, '--index', join(folder, 'meanwhile'));
  const { p99, most, count } = await measureAnswers(server.url);
  await server.stop();
  say(
    `\nWhile it is read by a server: /healthz p99 ${p99.toFixed(0)} ms, at most ${most.toFixed(0)} ms (${count} asked).`,
  );
}

async function firstAnswer(words: readonly string[]): Promise<{ ms: number; mib: number }> {
  const server = await startServer(FIRST, ...words);
  await untilIdle(server.url);
  const mib = server.residentMib();
  await server.stop();
  return { ms: server.firstAnswerMs, mib };
}

async function benchRestart(month: string, index: string, folder: string): Promise<void> {
  const empty = join(folder, 'empty');
  const none = await firstAnswer(['--dumps', empty]);
  const rows: string[][] = [];
  const measure = async (what: string, words: readonly string[]) => {
    const { ms, mib } = await firstAnswer(words);
    rows.push([what, ms.toFixed(0), (ms - none.ms).toFixed(0), mib.toFixed(0)]);
  };
  rows.push(['empty folder', none.ms.toFixed(0), '0', none.mib.toFixed(0)]);
  await measure('30 days sealed', ['--dumps', month, '--index', index]);
  const today = manyOfToday();
  if (today) {
    const parts = join(folder, 'today');
    await measure('8640 dumps of today, nothing sealed', ['--dumps', today, '--index', parts]);
    await measure('8640 dumps of today, in parts', ['--dumps', today, '--index', parts]);
  } else say('\nskipped: 8640 dumps of today need the UTC day to be 2.4 hours old');
  table(['start of the program to its first answer', 'ms', 'more than empty', 'RSS MiB when idle'], rows);
}

/** By then the engine has collected what the requests have left. */
const IDLE_MS = 20_000;

async function pagesOf(dumps: string, index: string): Promise<readonly PageTimes[]> {
  const server = await startServer('/healthz', '--dumps', dumps, '--index', index);
  await untilIdle(server.url);
  const pages = await measurePages(server.url);
  const busy = server.residentMib();
  await new Promise((done) => setTimeout(done, IDLE_MS));
  const idle = server.residentMib();
  say(
    `\nRSS right after these requests ${busy.toFixed(0)} MiB, ${IDLE_MS / 1000} s later ${idle.toFixed(0)} MiB.`,
  );
  await server.stop();
  return pages;
}

async function benchPages(month: string, index: string, folder: string): Promise<void> {
  const short = await pagesOf(month, index);
  const long = await pagesOf(join(folder, 'empty'), await tenMonthsOf(index));
  table(
    ['page', '30 days: p50 ms', 'p95', '300 days: p50 ms', 'p95', '300 ÷ 30 (p95)'],
    short.map(({ page, p50, p95 }, at) => [
      page,
      p50.toFixed(1),
      p95.toFixed(1),
      long[at].p50.toFixed(1),
      long[at].p95.toFixed(1),
      (long[at].p95 / p95).toFixed(2),
    ]),
  );
}

const asked = process.argv.slice(3).filter((word) => !word.startsWith('-'));
const wants = (part: string) => asked.length === 0 || asked.includes(part);

const folder = mkdtempSync(join(tmpdir(), 'bench-history-'));
const index = join(CACHE, 'month-index');
try {
  say(`${describeHost()}`);
  const month = monthOfMinutes();
  mkdirSync(join(folder, 'empty'));
  if (wants('ingest')) await benchIngest(month, index);
  if (wants('meanwhile')) await benchAnswersMeanwhile(month, folder);
  if (wants('restart')) await benchRestart(month, index, folder);
  if (wants('pages')) await benchPages(month, index, folder);
  if (process.argv.includes('--write')) writeFigures('bench:history', lines.join('\n'));
} finally {
  rmSync(folder, { recursive: true });
}
