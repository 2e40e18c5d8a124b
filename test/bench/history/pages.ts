import { Agent, get } from 'node:http';
import type { Served } from './server-process.ts';

/** Server time of each page's data: every request has another random instant, range and process. */

export interface PageTimes {
  readonly page: PageName;
  readonly p50: number;
  readonly p95: number;
  /** Of the server, on average of all requests: what other work on the host hardly changes. */
  readonly cpu: number;
}

const REQUESTS = 600;
const WARM_UP = 10;
const SEED = 7;

export interface Question {
  readonly ts: number;
  readonly from: number;
  readonly to: number;
  readonly pid: number;
  readonly level: number;
}

/** Numerical Recipes' generator: the same questions each time. */
function openRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return (await response.json()) as T;
}

/** Any process that is alive at a random instant. */
async function askQuestions(base: string): Promise<Question[]> {
  const { coverage } = await getJson<{ coverage: { from: string; to: string } }>(`${base}/api/v1/`);
  const [first, last] = [Date.parse(coverage.from), Date.parse(coverage.to)];
  const random = openRandom(SEED);
  const questions: Question[] = [];
  while (questions.length < REQUESTS + WARM_UP) {
    const ts = Math.floor(first + random() * (last - first));
    const level = Math.floor(random() * 3);
    const path = `${base}/api/v1/snapshot/pid?pid=1&limit=1000&ts=${ts}`;
    const { rows } = await getJson<{ rows: { pid: number }[] }>(path);
    if (rows.length === 0) continue;
    const { pid } = rows[Math.floor(random() * rows.length)];
    const [a, b] = [random(), random()].map((share) => Math.floor(first + share * (ts - first)));
    questions.push({ ts, from: Math.min(a, b), to: Math.max(ts, a, b), pid, level });
  }
  return questions;
}

const PAGES = {
  overview: ({ from, to }) => `/api/v1/?from=${from}&to=${to}`,
  level: ({ ts, level }) => `/api/v1/snapshot/level?lvl=${level}&ts=${ts}`,
  pid: ({ ts, pid }) => `/api/v1/snapshot/pid?pid=${pid}&ts=${ts}`,
  plot: ({ ts, pid, from, to }) => `/api/v1/snapshot/pid/plot?pid=${pid}&ts=${ts}&from=${from}&to=${to}`,
} as const satisfies Readonly<Record<string, (question: Question) => string>>;

export type PageName = keyof typeof PAGES;

/** Who answers the questions of all pages. */
export interface Answerer {
  readonly questions: readonly Question[];
  answer(page: PageName, question: Question): Promise<void>;
  /** What it has taken up to now. */
  cpuMs(): number;
}

const agent = new Agent({ keepAlive: true });

/** Until the last byte is here. Nothing is made of them: `fetch` would take a millisecond or two for its streams. */
function receive(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { accept: 'application/json' } };
    get(url, options, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 500) reject(new Error(`${statusCode} ${url}`));
      response.once('error', reject).once('end', resolve).resume();
    }).once('error', reject);
  });
}

export async function askServer({ url, cpuMs }: Served): Promise<Answerer> {
  return {
    questions: await askQuestions(url),
    answer: (page, question) => receive(url + PAGES[page](question)),
    cpuMs,
  };
}

/** So many questions each before it is the next one's turn: what else the host does falls on all of them. */
const TURN = 10;

async function measurePage(page: PageName, answerers: readonly Answerer[]): Promise<PageTimes[]> {
  const times = answerers.map((): number[] => []);
  const cpuBefore = answerers.map(({ cpuMs }) => cpuMs());
  for (let first = 0; first < REQUESTS + WARM_UP; first += TURN)
    for (const [at, { questions, answer }] of answerers.entries())
      for (const question of questions.slice(first, first + TURN)) {
        const started = performance.now();
        await answer(page, question);
        times[at].push(performance.now() - started);
      }
  return answerers.map(({ cpuMs }, at) => {
    const counted = times[at].slice(WARM_UP);
    const cpu = (cpuMs() - cpuBefore[at]) / times[at].length;
    return { page, p50: quantile(counted, 0.5), p95: quantile(counted, 0.95), cpu };
  });
}

/** @returns by page, then answerer */
export async function measurePages(answerers: readonly Answerer[]): Promise<readonly PageTimes[][]> {
  const measured: PageTimes[][] = [];
  for (const page of Object.keys(PAGES) as PageName[]) measured.push(await measurePage(page, answerers));
  return measured;
}

/** While a server reads: how long it takes to answer the smallest question, every 20 ms. */
export async function measureAnswers(base: string): Promise<{ p99: number; most: number; count: number }> {
  const times: number[] = [];
  for (;;) {
    const started = performance.now();
    const health = await getJson<{ ingest: { state: string } }>(`${base}/healthz`);
    times.push(performance.now() - started);
    if (health.ingest.state === 'idle')
      return { p99: quantile(times, 0.99), most: Math.max(...times), count: times.length };
    await new Promise((done) => setTimeout(done, 20));
  }
}
