import type { DumpFolder, Reject } from './dump-ports.ts';

/** Reads every dump of a folder and compares it with its commit record. */

export interface VerifiedDumps {
  readonly pairs: number;
  /** Pairs that are as their commit record says, or that never had one. */
  readonly whole: number;
  readonly rows: number;
  readonly rejects: readonly Reject[];
}

export interface VerifyControl {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, all: number) => void;
}

/** @throws the signal's reason; MemoryInspectorError `cannot_read` */
export async function verifyDumps(
  folder: DumpFolder,
  { signal, onProgress }: VerifyControl,
): Promise<VerifiedDumps> {
  const { pairs, rejects: refused } = await folder.list();
  const rejects = [...refused];
  let rows = 0;
  let whole = 0;
  for (const [done, pair] of pairs.entries()) {
    signal.throwIfAborted();
    onProgress(done, pairs.length);
    const { sample, rejects: ofPair, lines } = await folder.read(pair);
    rows += lines.accepted;
    if (sample && !sample.incomplete && ofPair.length === 0) whole++;
    for (const one of ofPair) rejects.push(one);
  }
  return { pairs: pairs.length, whole, rows, rejects };
}
