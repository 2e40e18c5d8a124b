import type { Sample } from '../domain/sample.ts';

/** This host as it is now, for commands that watch it themselves. It keeps between reads what need not be read anew. */
export interface LiveHost {
  /** PSS, swap and HWM on a budget: unknown where they were not read this time. @throws MemoryInspectorError `source_unavailable` */
  read(): Promise<Sample>;
}
