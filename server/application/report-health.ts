import { plannedEnd } from '../domain/session.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { AlertWatch, FiringNow } from './alert-watch.ts';
import type { Ingest } from './ingest.ts';
import type { IngestStatus } from './ingest-progress.ts';
import type { History } from './ports.ts';
import type { RecordedNow, Sessions } from './session-ports.ts';

export interface HealthView {
  readonly ok: boolean;
  readonly version: string;
  readonly samples: number;
  readonly last_sample: string | null;
  readonly ingest: IngestStatus;
  readonly alerts: FiringNow | null;
  /** Those that are being recorded. Seconds, as no reader's clock is the server's. */
  readonly sessions: {
    readonly name: string;
    readonly seconds_left: number;
    readonly interval_seconds: number;
    readonly next_sample_seconds: number | null;
  }[];
}

function recordedView({ session, written }: RecordedNow, now: number): HealthView['sessions'][number] {
  const { name, interval_seconds } = session;
  const next = written === null ? null : written / 1000 + interval_seconds - now / 1000;
  return {
    name,
    seconds_left: Math.max(0, plannedEnd(session) - now) / 1000,
    interval_seconds,
    next_sample_seconds: next === null ? null : Math.max(0, next),
  };
}

/** A folder of sessions that cannot be read is told where sessions are. */
async function recordedNow(sessions: Pick<Sessions, 'recording'>, now: number) {
  const recording = await sessions.recording().catch(() => []);
  return recording
    .map((one) => recordedView(one, now))
    .sort((a, b) => a.seconds_left - b.seconds_left || (a.name < b.name ? -1 : 1));
}

/** What the server's health is told from. */
export interface HealthSources {
  readonly history: History;
  readonly ingest: Pick<Ingest, 'status'>;
  readonly sessions: Pick<Sessions, 'recording'>;
  readonly alertWatch: Pick<AlertWatch, 'now'>;
  readonly version: string;
}

/** Whether the server serves, how much it has, and how far reading has come. */
export async function reportHealth(
  { history, ingest, sessions, alertWatch, version }: HealthSources,
  now: number,
): Promise<HealthView> {
  const spines = history.hosts().map((host) => history.spine(host).t);
  const newest = spines.map((t) => t[t.length - 1] ?? 0);
  return {
    ok: true,
    version,
    samples: spines.reduce((sum, { length }) => sum + length, 0),
    last_sample: newest.length > 0 ? formatInstant(Math.max(...newest)) : null,
    ingest: ingest.status(),
    alerts: alertWatch.now(),
    sessions: await recordedNow(sessions, now),
  };
}
