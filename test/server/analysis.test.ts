import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as analysis from '../../server/analysis.ts';

/** The predecessor's functions (get_detailed_memory_info and its like), in camelCase. */
const NAMES = [
  ...['analyzeCpuBehavior', 'analyzeMemoryRegions', 'formatMemorySize', 'getComprehensiveAnalysis'],
  ...[
    'getDetailedMemoryInfo',
    'getMemoryLayoutAnalysis',
    'getProcessMemorySummary',
    'getSystemMemoryContext',
  ],
];

describe.runIf(process.platform === 'linux')('pid-memory-inspector/analysis', () => {
  test("exports the predecessor's functions and nothing else", () => {
    expect(Object.keys(analysis).sort()).toEqual(NAMES);
  });

  test('tells this process where no pid is given, and all parts agree', async () => {
    const { process: subject, memory } = await analysis.getDetailedMemoryInfo();
    const { rows, totals } = await analysis.analyzeMemoryRegions();
    const { layout } = await analysis.getMemoryLayoutAnalysis();
    expect(subject.pid).toBe(process.pid);
    expect(Number(memory.rss_bytes)).toBeGreaterThan(0);
    expect(rows.length).toBe(totals?.regions);
    expect(layout?.virtual_bytes).toBe(totals?.size_bytes);
    expect(await analysis.getProcessMemorySummary()).toMatch(/\(\d+\) has \S+ MiB in RAM/);
    const system = await analysis.getSystemMemoryContext();
    expect(Number(system.memory.total_bytes)).toBeGreaterThan(Number(memory.rss_bytes));
    const whole = await analysis.getComprehensiveAnalysis();
    expect(whole.cpu?.threads_total).toBeGreaterThan(0);
    expect((await analysis.analyzeCpuBehavior()).measured_at).toBe(
      (await analysis.analyzeCpuBehavior()).measured_at,
    );
  });

  test('rejects a pid that nobody has with its code', async () => {
    await expect(analysis.getDetailedMemoryInfo(2 ** 31 - 1)).rejects.toMatchObject({ code: 'process_gone' });
  });

  test('gives a reading up by its signal', async () => {
    const leaving = new AbortController();
    const reading = analysis.analyzeCpuBehavior(process.pid, { refresh: true, signal: leaving.signal });
    leaving.abort();
    await expect(reading).rejects.toMatchObject({ code: 'client_gone' });
  });

  test('is what the example uses, by the name of the package', async () => {
    const example = join(import.meta.dirname, '../examples/what-a-process-is-made-of.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [example]);
    expect(stdout).toMatch(/^node \(\d+\) has \S+ MiB in RAM/);
    expect(stdout).toMatch(/^Its own: \d+\.\d\d MiB, fair share: \d+\.\d\d MiB$/m);
    expect(stdout).toMatch(/^text +\d+\.\d\d MiB$/m);
    expect(stdout).toMatch(/^\d+\.\d\d MiB \/\S*node$/m);
  });
});
