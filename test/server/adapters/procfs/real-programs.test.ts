import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import type { RegionReading } from '../../../../server/domain/process-analysis.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { expectedClasses } from './expected-classes.ts';
import { canRun, PROGRAMS, startProgram } from './real-programs.ts';

const probe = openProcessProbe();
const never = new AbortController().signal;

/** An oracle of its own: the kernel's sums over the address space, bytes. */
function readRollup(pid: number): Readonly<Record<string, number>> {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Object.fromEntries(
    [...text.matchAll(/^(\w+): +(\d+) kB$/gm)].map(([, key, kib]) => [key, Number(kib) * 1024]),
  );
}

interface Read {
  readonly reading: RegionReading;
  readonly rollup: Readonly<Record<string, number>>;
}

/** Pages become private or shared when OTHER processes end or start: read until the sums before and after agree. */
async function readSteady(pid: number): Promise<Read> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const before = readRollup(pid);
    const { figures } = await probe.readRegions(await probe.identify(pid, never), never);
    const after = readRollup(pid);
    if (figures && JSON.stringify(before) === JSON.stringify(after))
      return { reading: figures, rollup: after };
  }
  throw new Error('other processes never left its pages alone');
}

async function readStopped(program: (typeof PROGRAMS)[number]): Promise<Read> {
  const child = await startProgram(program, tempFolder());
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  process.kill(child.pid, 'SIGSTOP');
  await expect.poll(async () => (await probe.identify(child.pid, never)).state, { interval: 5 }).toBe('T');
  return readSteady(child.pid);
}

function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

describe.runIf(process.platform === 'linux')('the regions of a stopped program', () => {
  test.each(PROGRAMS.filter(canRun))(
    '$name: classes are as a person says, their sums as smaps_rollup says',
    async (program) => {
      const { reading, rollup } = await readStopped(program);
      const { classes, totals } = reading;
      const regions = Array.from({ length: reading.regions.length }, (_, at) => reading.regions.at(at));
      const told = regions.map((one) => `${one.class} ${one.permissions} ${one.path}`);
      const expected = expectedClasses(program.name, regions);
      expect(told).toEqual(regions.map((one, at) => `${expected[at]} ${one.permissions} ${one.path}`));

      expect(sumOf(classes, (one) => one.rss_bytes)).toBe(rollup.Rss);
      expect(sumOf(classes, (one) => one.private_bytes)).toBe(rollup.Private_Clean + rollup.Private_Dirty);
      expect(sumOf(classes, (one) => one.shared_bytes)).toBe(rollup.Shared_Clean + rollup.Shared_Dirty);
      expect(sumOf(classes, (one) => one.swap_bytes)).toBe(rollup.Swap);
      expect(totals.huge_bytes).toBe(rollup.AnonHugePages + rollup.ShmemPmdMapped + rollup.FilePmdMapped);
      const pss = sumOf(classes, (one) => one.pss_bytes);
      expect(Math.abs(rollup.Pss - pss)).toBeLessThanOrEqual(1024 * regions.length);
      expect(sumOf(classes, (one) => one.regions)).toBe(regions.length);
    },
  );

  test('at least ten kinds of programs are looked at, and this host has them', () => {
    const missing = PROGRAMS.filter((program) => !canRun(program));
    if (missing.length > 0) console.info(`not here: ${missing.map(({ name }) => name).join(', ')}`);
    expect(PROGRAMS.length).toBeGreaterThanOrEqual(10);
    expect(PROGRAMS.filter(canRun).length).toBeGreaterThan(0);
  });
});
