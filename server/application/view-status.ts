import type { RecorderStatus } from '../domain/recorder-status.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Activity, UseView } from './activity.ts';
import { viewUse } from './activity.ts';
import type { Ingest } from './ingest.ts';
import type { IngestStatus } from './ingest-progress.ts';
import type { LiveFeed } from './live-ports.ts';
import type { History } from './ports.ts';
import type { IndexSize, Surroundings } from './surroundings.ts';
import { troubleText } from './view-watch-groups.ts';
import type { WatchGroupStore } from './watch-group-store.ts';

type RecorderView = Omit<RecorderStatus, 'gaps'> & { readonly gaps: RecorderStatus['gaps'][number][] };

export interface StatusView {
  readonly version: string;
  readonly now: string;
  readonly recorder: RecorderView | null;
  readonly server: {
    readonly pid: number;
    readonly started: string;
    readonly uptime_seconds: number;
    readonly rss_bytes: number;
    readonly node: string;
    readonly sealed_by: string | null;
  };
  readonly ingest: IngestStatus;
  readonly clients: { readonly live: number };
  readonly use: UseView;
  readonly disk: {
    /** `null`: the dumps that are served are not as our recorder lays them out. */
    readonly dumps_bytes: number | null;
    readonly index_bytes: number;
    readonly free_bytes: number;
    readonly total_bytes: number;
  } | null;
  readonly hosts: {
    readonly host: string;
    readonly samples: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly index: IndexSize;
  readonly config: {
    /** Why the configuration cannot be used as it is now, in words. */
    readonly trouble: string | null;
  };
}

function diskOf(
  recorder: RecorderStatus | null,
  index: IndexSize,
  hosts: StatusView['hosts'],
): StatusView['disk'] {
  if (!recorder) return null;
  const { dumps, bytes, free_bytes, total_bytes } = recorder.disk;
  const isOurs = dumps > 0 || hosts.length === 0;
  return { dumps_bytes: isOurs ? bytes : null, index_bytes: index.bytes, free_bytes, total_bytes };
}

function hostsOf(history: History): StatusView['hosts'] {
  return history.hosts().map((host) => {
    const { t } = history.spine(host);
    return { host, samples: t.length, first: formatInstant(t[0]), last: formatInstant(t[t.length - 1]) };
  });
}

/** What a status is told from. */
export interface StatusSources {
  readonly history: History;
  readonly ingest: Pick<Ingest, 'status'>;
  readonly surroundings: Surroundings;
  readonly watchGroups: Pick<WatchGroupStore, 'trouble'>;
  readonly live: Pick<LiveFeed, 'state' | 'clients'>;
  readonly activity: Activity;
  readonly version: string;
}

/** How recorder and server are, and what they hold. */
export async function viewStatus({
  history,
  ingest,
  surroundings,
  watchGroups,
  live,
  activity,
  version,
}: StatusSources): Promise<StatusView> {
  const [recorder, index] = await Promise.all([surroundings.recorder(), surroundings.index()]);
  const { pid, now, startedAt, rssBytes, node } = surroundings.server();
  const status = ingest.status();
  const hosts = hostsOf(history);
  return {
    version,
    now: formatInstant(now),
    recorder: recorder && { ...recorder, gaps: [...recorder.gaps] },
    server: {
      pid,
      started: formatInstant(startedAt),
      uptime_seconds: (now - startedAt) / 1000,
      rss_bytes: rssBytes,
      node,
      sealed_by: status.sealed_by,
    },
    ingest: status,
    clients: { live: live.clients() },
    use: viewUse(live, activity),
    disk: diskOf(recorder, index, hosts),
    hosts,
    index,
    config: { trouble: troubleText(watchGroups) },
  };
}
