/** Medians of repeated runs, in ms of wall time or of CPU (user + system, children included where waited for). */

export interface Measured {
  readonly what: string;
  readonly ours: number;
  readonly peer: string;
  readonly theirs: number;
  readonly unit: string;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** @returns median wall ms of `times` runs, after one that warms up */
export async function wallMs(times: number, run: () => unknown): Promise<number> {
  await run();
  const taken: number[] = [];
  for (let at = 0; at < times; at++) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return median(taken);
}

/** @returns mean CPU ms of this process over `times` runs, after one that warms up */
export async function ownCpuMs(times: number, run: () => unknown): Promise<number> {
  await run();
  const start = process.cpuUsage();
  for (let at = 0; at < times; at++) await run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / times;
}

export function print(rows: readonly Measured[]): void {
  console.log('| work | ours | peer | peer needs | ours ÷ peer |\n|---|---|---|---|---|');
  for (const { what, ours, peer, theirs, unit } of rows) {
    const cells = [what, `${ours.toFixed(2)} ${unit}`, peer, `${theirs.toFixed(2)} ${unit}`];
    console.log(`| ${cells.join(' | ')} | ${(ours / theirs).toFixed(2)} |`);
  }
}
