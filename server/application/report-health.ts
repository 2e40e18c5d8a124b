import { formatInstant } from '../domain/stamp.ts';
import type { Ingest, IngestStatus } from './ingest.ts';
import type { History } from './ports.ts';

export interface HealthView {
  readonly ok: boolean;
  readonly version: string;
  readonly samples: number;
  readonly last_sample: string | null;
  readonly ingest: Omit<IngestStatus, 'samples'>;
}

/** Whether the server serves, how much it has, and how far reading has come. */
export function reportHealth(history: History, ingest: Pick<Ingest, 'status'>, version: string): HealthView {
  const { samples, ...rest } = ingest.status();
  const newest = history.hosts().map((host) => history.spine(host).t.at(-1) ?? 0);
  return {
    ok: true,
    version,
    samples,
    last_sample: newest.length > 0 ? formatInstant(Math.max(...newest)) : null,
    ingest: rest,
  };
}
