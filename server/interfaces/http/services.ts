import type { Activity } from '../../application/activity.ts';
import type { AlertWatch } from '../../application/alert-watch.ts';
import type { Alerts } from '../../application/alerts.ts';
import type { Analysis } from '../../application/analysis.ts';
import type { RegionRecords } from '../../application/analysis-ports.ts';
import type { Ingest } from '../../application/ingest.ts';
import type { LiveFeed } from '../../application/live-ports.ts';
import type { History } from '../../application/ports.ts';
import type { Surroundings } from '../../application/surroundings.ts';
import type { SessionSources } from '../../application/view-session.ts';
import type { WatchGroupStore } from '../../application/watch-group-store.ts';
import type { RegionWatch } from '../../application/watch-regions.ts';

/** What the routes need; the composition root fills it. */
export interface Services {
  readonly history: History;
  readonly ingest: Pick<Ingest, 'status' | 'dumps'>;
  readonly surroundings: Surroundings;
  readonly live: LiveFeed;
  /** Of processes of this host; `null` where it is not for those who can reach the server. */
  readonly analysis: Analysis | null;
  readonly activity: Activity;
  readonly sessions: SessionSources;
  readonly watchGroups: WatchGroupStore;
  readonly alerts: Alerts;
  /** How many fire now. */
  readonly alertWatch: AlertWatch;
  /** Regions of processes over time. */
  readonly regionRecords: RegionRecords;
  /** Of the watch groups that ask for them. */
  readonly regionWatch: RegionWatch;

  /** Zone of instants that are written without one. */
  readonly zone: string;
  readonly version: string;
  /** The built web app: `index.html` and `static/`. */
  readonly webRoot: string;
  /** Where an unexpected failure is told, once, with its cause. */
  readonly logFailure: (error: unknown) => void;
}
