import type { ClassTotals } from '../domain/memory-regions.ts';
import { REGION_CLASSES } from '../domain/memory-regions.ts';
import type { AnalysedProcess, MemoryFigures } from '../domain/process-analysis.ts';
import { displayText } from '../domain/text-notation.ts';
import { formatBytes } from '../domain/units.ts';

/** What the memory of a process is made of, in sentences. Every figure in them was measured. */

/** Classes that hold less are not worth a word. */
const WORTH_TELLING = 0.05;
const MOST_TOLD = 4;

const LABELS: ReadonlyMap<string, string> = new Map(
  REGION_CLASSES.map(({ id, label }) => [id, label.toLowerCase()]),
);

function partsSentence(classes: readonly ClassTotals[]): readonly string[] {
  const rss = classes.reduce((sum, one) => sum + one.rss_bytes, 0);
  const told = classes
    .filter(({ rss_bytes }) => rss > 0 && rss_bytes >= WORTH_TELLING * rss)
    .toSorted((a, b) => b.rss_bytes - a.rss_bytes)
    .slice(0, MOST_TOLD)
    .map((one) => {
      const share = Math.round((100 * one.rss_bytes) / rss);
      return `${LABELS.get(one.class) ?? one.class} ${formatBytes(one.rss_bytes)} (${share} %)`;
    });
  return told.length === 0 ? [] : [`In RAM it is ${told.join(', ')}.`];
}

function sharingSentence({ uss_bytes, shared_bytes, pss_bytes }: MemoryFigures): readonly string[] {
  if (uss_bytes === null || shared_bytes === null) return [];
  return [
    `${formatBytes(uss_bytes)} is its own and would be free if it ended; ${formatBytes(shared_bytes)} is shared, its fair part of all is ${formatBytes(pss_bytes)}.`,
  ];
}

function swapSentence({ swap_bytes }: MemoryFigures): readonly string[] {
  return swap_bytes ? [`${formatBytes(swap_bytes)} more is swapped out.`] : [];
}

const WITHOUT_MEMORY = {
  kernel_thread: 'is a kernel thread: it has no memory of its own.',
  zombie: 'has ended and waits for its parent to notice; its memory has been given back.',
} as const;

export function describeMemory(
  { pid, comm, kind }: AnalysedProcess,
  memory: MemoryFigures,
  classes: readonly ClassTotals[],
): string {
  const name = `${displayText(comm)} (${pid})`;
  if (kind !== 'program') return `${name} ${WITHOUT_MEMORY[kind]}`;
  const { rss_bytes, rss_peak_bytes } = memory;
  const peak = rss_peak_bytes === null ? '' : `, at most ${formatBytes(rss_peak_bytes)} so far`;
  return [
    `${name} has ${formatBytes(rss_bytes)} in RAM${peak}.`,
    ...sharingSentence(memory),
    ...swapSentence(memory),
    ...partsSentence(classes),
  ].join(' ');
}
