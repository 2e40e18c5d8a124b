import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { startPopulation } from '../../bench/collector/population.ts';
import { openReaderOf } from '../fake-proc.ts';

/** What a sample of the recorder costs, as a count: milliseconds are `make bench-collector`'s. */

const SLEEPERS = 500;
const TURNS = 10;

/** Calls of read and its like since this process began, proc_pid_io(5). */
function readCalls(): number {
  return Number(/^syscr: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

describe.runIf(process.platform === 'linux')('a sample of 500 processes that do nothing', () => {
  test('reads one file of each, by a descriptor that is open already, and the rest of a tenth', async () => {
    const population = await startPopulation(SLEEPERS);
    onTestFinished(population.end);
    const reader = openReaderOf('/proc', {
      passwdPath: '/etc/passwd',
      layout: buildRecordLayout(),
      rollupBudgetMs: 0,
    });
    const costs: number[] = [];
    let processes = 0;
    for (let tick = 0; tick < 2 * TURNS; tick++) {
      const before = readCalls();
      processes = (await reader.read()).processes.length;
      if (tick >= TURNS) costs.push(readCalls() - before);
    }
    expect(processes).toBeGreaterThan(SLEEPERS);
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length / processes;
    expect(mean).toBeGreaterThan(1);
    // statm of each; stat, status, cgroup and cmdline of every tenth, and of those that run.
    expect(mean).toBeLessThan(2);
  });
});
