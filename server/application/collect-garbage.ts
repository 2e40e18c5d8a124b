import type { CollectedGarbage, OwnMemory } from '../domain/own-memory.ts';
import { subtractMemory } from '../domain/own-memory.ts';

/** This program's own memory. */
export interface OwnProcess {
  memory(): OwnMemory;
  /** A full collection; what is let go of goes back to the kernel soon after. */
  collect(): Promise<void>;
}

/** Collects the garbage of this server, and tells what that has freed. Of no other process: nobody can from outside. */
export async function collectGarbage({ memory, collect }: OwnProcess): Promise<CollectedGarbage> {
  const before = memory();
  const start = performance.now();
  await collect();
  const after = memory();
  return { before, after, freed: subtractMemory(before, after), took_ms: performance.now() - start };
}
