import type { ProcessLinks } from '../../server/domain/process-tree.ts';
import { buildProcessTree } from '../../server/domain/process-tree.ts';
import type { Measured } from './measure.ts';
import { wallMs } from './measure.ts';

const PROCESSES = 4000;

function population(): ProcessLinks {
  const pid = Float64Array.from({ length: PROCESSES }, (_, at) => at + 1);
  const ppid = pid.map((one) => (one < 3 ? 0 : Math.max(1, Math.floor(one / 3))));
  return { pid, ppid, startTicks: pid.slice(), rss: pid.map((one) => one * 4096) };
}

/** What one writes first: a map of children and a recursive sum, asked for every process. */
function naive({ pid, ppid, rss }: ProcessLinks): number[] {
  const children = new Map<number, number[]>();
  ppid.forEach((parent, row) => {
    children.set(parent, [...(children.get(parent) ?? []), row]);
  });
  const sum = (row: number): number =>
    (children.get(pid[row]) ?? []).reduce((total, child) => total + sum(child), rss[row]);
  return Array.from(pid, (_, row) => sum(row));
}

export async function benchTree(): Promise<Measured[]> {
  const links = population();
  const ours = await wallMs(50, () => buildProcessTree(links));
  const theirs = await wallMs(50, () => naive(links));
  return [{ what: `tree of ${PROCESSES} processes`, ours, peer: 'recursive sums', theirs, unit: 'ms' }];
}
