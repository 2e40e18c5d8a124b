import { formatInstant } from '../domain/stamp.ts';
import type { Ingest } from './ingest.ts';
import type { IngestStatus } from './ingest-progress.ts';
import type { History } from './ports.ts';

export interface HealthView {
  readonly ok: boolean;
  readonly version: string;
  readonly samples: number;
  readonly last_sample: string | null;
  readonly ingest: IngestStatus;
}

/** Whether the server serves, how much it has, and how far reading has come. */
export function reportHealth(history: History, ingest: Pick<Ingest, 'status'>, version: string): HealthView {
  const spines = history.hosts().map((host) => history.spine(host).t);
  const newest = spines.map((t) => t[t.length - 1] ?? 0);
  return {
    ok: true,
    version,
    samples: spines.reduce((sum, { length }) => sum + length, 0),
    last_sample: newest.length > 0 ? formatInstant(Math.max(...newest)) : null,
    ingest: ingest.status(),
  };
}
