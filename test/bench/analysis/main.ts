import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openProcessProbe } from '../../../server/adapters/procfs/process-probe.ts';
import { openAnalysis } from '../../../server/application/analysis.ts';
import type { Subject } from './subjects.ts';
import { startWithBytes, startWithRegions } from './subjects.ts';

/** What it costs to look into dear processes: time, the longest the event loop was held, memory. */

const GIB = 1024 ** 3;
const RUNS = 5;
const MS = 1e6;

async function measure(what: string, start: () => Promise<Subject>): Promise<void> {
  const subject = await start();
  const analysis = openAnalysis(openProcessProbe());
  const signal = new AbortController().signal;
  const ask = { pid: subject.pid, refresh: true, signal };
  try {
    await analysis.memory(ask);
    for (const kind of ['memory', 'regions'] as const) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const used = process.cpuUsage();
      const seconds: number[] = [];
      let regions = 0;
      for (let run = 0; run < RUNS; run++) {
        const { readSeconds, figures } = await analysis[kind](ask);
        seconds.push(readSeconds);
        if (figures && 'regions' in figures) regions = figures.regions.length;
      }
      delay.disable();
      const { user, system } = process.cpuUsage(used);
      const median = seconds.toSorted((a, b) => a - b)[RUNS >> 1];
      const [held, usual] = [delay.max / MS, delay.percentile(99) / MS];
      const rss = process.memoryUsage.rss() / 1024 ** 2;
      console.log(
        `| ${what}, ${kind}${regions ? ` (${regions} regions)` : ''} | ${(1000 * median).toFixed(1)} ms | ${((user + system) / 1000 / RUNS).toFixed(1)} ms | ${usual.toFixed(1)} ms | ${held.toFixed(1)} ms | ${rss.toFixed(0)} MiB |`,
      );
    }
  } finally {
    subject.kill('SIGKILL');
  }
}

console.log(
  '| process | read in (median) | CPU | loop held, P99 | longest | RSS of the reader |\n|---|---|---|---|---|---|',
);
await measure('a small process', () => startWithBytes(1024 ** 2));
await measure('60 000 mappings', () => startWithRegions(60_000));
await measure('2 GiB in RAM', () => startWithBytes(2 * GIB));
await measure('6 GiB in RAM', () => startWithBytes(6 * GIB));
