import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { processColumns } from '../../../server/domain/dump-format.ts';
import { isTextMetric, processMetric } from '../../../server/domain/metrics.ts';
import { describeHost, writeFigures } from '../figures.ts';
import { tenMonthsOf } from './months.ts';
import { askServer, measureAnswers, measurePages } from './pages.ts';
import { askEngine } from './plain-sql.ts';
import { sealRecording } from './recorded.ts';
import { CACHE, manyOfToday, monthOfMinutes } from './recordings.ts';
import type { Served } from './server-process.ts';
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

/** So that all find the files in the page cache: who came first would read them from the disk for the others. */
function readAll(month: string): void {
  for (const day of readdirSync(month))
    for (const name of readdirSync(join(month, day))) readFileSync(join(month, day, name));
}

async function benchIngest(month: string, index: string): Promise<Index> {
  rmSync(index, { recursive: true, force: true });
  readAll(month);
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
  say('\nThe files are in the page cache, for all of them.');
  say(`\nSealed: ${(report.bytes / report.rows).toFixed(2)} bytes a row.`);
  return report;
}

/** A real host's processes mostly stay as they are: a row takes less, and most where samples are close together. */
async function benchRecordings(folder: string): Promise<void> {
  const recordings = (process.env.RECORDED ?? '').split(':').filter((dumps) => dumps !== '');
  for (const [at, dumps] of recordings.entries()) {
    const { samples, rows, minutes, bytes } = await sealRecording(dumps, join(folder, `recorded-${at}`));
    const spacing = ((minutes * 60) / (samples - 1)).toFixed(0);
    say(
      `\nSealed, recorded for ${minutes.toFixed(0)} minutes (${samples} samples ${spacing} s apart, ${(rows / samples).toFixed(0)} processes each): ${(bytes / rows).toFixed(2)} bytes a row.`,
    );
  }
  if (recordings.length === 0) say('\nNo recording of a real host was named (RECORDED=DIR[:DIR…]).');
}

async function benchAnswersMeanwhile(month: string, folder: string): Promise<void> {
  const server = await startServer('/healthz', '--dumps', month, '--index', join(folder, 'meanwhile'));
  const { p99, most, count } = await measureAnswers(server.url);
  await server.stop();
  say(
    `\nWhile it is read by a server: /healthz p99 ${p99.toFixed(0)} ms, at most ${most.toFixed(0)} ms (${count} asked).`,
  );
}

/** By then sealing threads have ended, and the engine has collected what start or requests have left. */
const IDLE_MS = 20_000;

async function idleMib(server: Served): Promise<number> {
  await untilIdle(server.url);
  await new Promise((done) => setTimeout(done, IDLE_MS));
  return server.residentMib();
}

interface Start {
  readonly what: string;
  readonly words: readonly string[];
  /** The first start is another one: it seals. */
  readonly once?: boolean;
}

const STARTS = 5;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Each several times, in turns: what else the host does falls on all of them. */
async function timeStarts(starts: readonly Start[]): Promise<readonly number[]> {
  const times = starts.map((): number[] => []);
  for (let round = 0; round < STARTS; round++)
    for (const [at, { words, once }] of starts.entries()) {
      if (once && round > 0) continue;
      const server = await startServer(FIRST, ...words);
      times[at].push(server.firstAnswerMs);
      await untilIdle(server.url);
      await server.stop();
    }
  return times.map(median);
}

async function residentWhenIdle(words: readonly string[]): Promise<number> {
  const server = await startServer(FIRST, ...words);
  const mib = await idleMib(server);
  await server.stop();
  return mib;
}

async function benchRestart(month: string, index: string, folder: string): Promise<void> {
  const today = manyOfToday();
  if (!today) say('\nskipped: 8640 dumps of today need the UTC day to be 2.4 hours old');
  const ofToday = ['--dumps', today ?? '', '--index', join(folder, 'today')];
  const starts: Start[] = [
    { what: 'empty folder', words: ['--dumps', join(folder, 'empty')] },
    { what: '30 days sealed', words: ['--dumps', month, '--index', index] },
    ...(today
      ? [
          { what: '8640 dumps of today, nothing sealed', words: ofToday, once: true },
          { what: '8640 dumps of today, in parts', words: ofToday },
        ]
      : []),
  ];
  const times = await timeStarts(starts);
  const rows: string[][] = [];
  for (const [at, { what, words, once }] of starts.entries()) {
    if (once) rmSync(join(folder, 'today'), { recursive: true });
    const mib = await residentWhenIdle(words);
    rows.push([what, times[at].toFixed(0), (times[at] - times[0]).toFixed(0), mib.toFixed(0)]);
  }
  table(
    [
      'start of the program to its first answer',
      'ms',
      'more than empty',
      `RSS MiB, idle for ${IDLE_MS / 1000} s`,
    ],
    rows,
  );
}

async function openToAsk(dumps: string, index: string): Promise<Served> {
  const server = await startServer('/healthz', '--dumps', dumps, '--index', index);
  await untilIdle(server.url);
  return server;
}

async function saySizes(servers: readonly Served[]): Promise<void> {
  const busy = servers.map((server) => server.residentMib());
  const idle = await Promise.all(servers.map(idleMib));
  const sizes = busy.map(
    (mib, at) => `${mib.toFixed(0)} MiB, ${IDLE_MS / 1000} s later ${idle[at].toFixed(0)}`,
  );
  say(`\nRSS right after the requests below, of 30 days ${sizes[0]} MiB; of 300 days ${sizes[1]} MiB.`);
}

async function benchPages(month: string, index: string, folder: string): Promise<void> {
  const servers = [
    await openToAsk(month, index),
    await openToAsk(join(folder, 'empty'), await tenMonthsOf(index)),
  ];
  const [short, long] = [await askServer(servers[0]), await askServer(servers[1])];
  const measured = await measurePages([short, long, await askEngine(index, short.questions)]);
  await saySizes(servers);
  await Promise.all(servers.map((server) => server.stop()));
  const heads = ['30 days: p50 ms', '300 days: p50 ms', 'plain SQL, 30 days: p50 ms'];
  table(
    ['page', ...heads.flatMap((head) => [head, 'p95', 'CPU']), '300 ÷ 30 (p95)'],
    measured.map((times) => [
      times[0].page,
      ...times.flatMap(({ p50, p95, cpu }) => [p50, p95, cpu]).map((ms) => ms.toFixed(1)),
      (times[1].p95 / times[0].p95).toFixed(2),
    ]),
  );
  say('\nPlain SQL is one statement over the same files, without HTTP, statistics and tree.');
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
  if (wants('recorded')) await benchRecordings(folder);
  if (wants('meanwhile')) await benchAnswersMeanwhile(month, folder);
  if (wants('restart')) await benchRestart(month, index, folder);
  if (wants('pages')) await benchPages(month, index, folder);
  if (process.argv.includes('--write')) writeFigures('bench:history', lines.join('\n'));
} finally {
  rmSync(folder, { recursive: true });
}
