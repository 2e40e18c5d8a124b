import { formatBytes, formatChange } from './units.ts';

/** What this program itself holds, and what a garbage collection frees of it. Bytes. */

export interface OwnMemory {
  /** What the kernel has given it. */
  readonly rss_bytes: number;
  /** Of JavaScript: objects, those that are garbage included. */
  readonly heap_used_bytes: number;
  /** Of JavaScript objects, outside of the heap: buffers. */
  readonly external_bytes: number;
}

export interface CollectedGarbage {
  readonly before: OwnMemory;
  readonly after: OwnMemory;
  /** Before less after: below 0 where it has grown meanwhile. */
  readonly freed: OwnMemory;
  readonly took_ms: number;
}

const LABELS: Readonly<Record<keyof OwnMemory, string>> = {
  rss_bytes: 'RSS',
  heap_used_bytes: 'heap used',
  external_bytes: 'external',
};

const FIGURES = Object.keys(LABELS) as readonly (keyof OwnMemory)[];

export function subtractMemory(from: OwnMemory, what: OwnMemory): OwnMemory {
  return {
    rss_bytes: from.rss_bytes - what.rss_bytes,
    heap_used_bytes: from.heap_used_bytes - what.heap_used_bytes,
    external_bytes: from.external_bytes - what.external_bytes,
  };
}

/** A sentence for a person. */
export function garbageText({ before, after, freed, took_ms }: CollectedGarbage): string {
  const figures = FIGURES.map(
    (figure) =>
      `${LABELS[figure]} ${formatBytes(before[figure])} → ${formatBytes(after[figure])} (${formatChange(-freed[figure])})`,
  );
  return `The server’s own memory: ${figures.join(', ')}; collected in ${Math.round(took_ms)} ms.`;
}
