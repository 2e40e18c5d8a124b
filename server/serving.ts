import { join } from 'node:path';
import type { Analysis } from './application/analysis.ts';
import type { RegionRecords } from './application/analysis-ports.ts';
import type { Surroundings } from './application/surroundings.ts';
import type { IngestWorld } from './application/take-in.ts';
import type { WatchGroupStore } from './application/watch-group-store.ts';
import { openAcknowledgements, openConfiguration } from './configuration.ts';
import { displayText } from './domain/text-notation.ts';
import type { RunningServer, ServeOptions } from './interfaces/cli/world.ts';
import type { Services } from './interfaces/http/services.ts';
import type { Recording } from './recording.ts';
import {
  describeReject,
  logFailure,
  openFailureLog,
  openLive,
  openRecording,
  openSurroundings,
  showProgress,
} from './recording.ts';
import { openSessionSources } from './sessions.ts';
import { retireHistory } from './upkeep.ts';

/** The part of the composition root that puts the web app before a folder of dumps. */

declare const __VERSION__: string;

/** Where the build has put this file's chunk and the web app. */
const DIST = import.meta.dirname;

/** The recorder on its own. */
export const RECORDER = join(DIST, 'collector.js');

async function openApp(
  options: ServeOptions,
  services: Pick<
    Services,
    | 'history'
    | 'ingest'
    | 'live'
    | 'activity'
    | 'sessions'
    | 'surroundings'
    | 'watchGroups'
    | 'alerts'
    | 'alertWatch'
    | 'regionRecords'
    | 'regionWatch'
    | 'analysis'
  >,
) {
  const { buildApp } = await import('./interfaces/http/app.ts');
  const { namesOf } = await import('./interfaces/http/listen.ts');
  return buildApp(
    {
      ...services,
      zone: options.zone,
      version: __VERSION__,
      webRoot: join(DIST, 'web'),
      logFailure,
    },
    {
      hosts: namesOf(options.host, options.allowHosts),
      publicOrigin: options.publicOrigin,
      token: options.token,
      onRefusedHost: (name) =>
        process.stderr.write(`pmi: refused Host ${JSON.stringify(name)}; --allow-host NAME lets a name in\n`),
    },
  );
}

/** Of processes of this host. */
export async function openAnalysis(): Promise<Analysis> {
  const analysis = await import('./application/analysis.ts');
  const { openProcessProbe } = await import('./adapters/procfs/process-probe.ts');
  return analysis.openAnalysis(openProcessProbe());
}

/** In a folder of dumps. */
export async function openRegionRecords(dumps: string): Promise<RegionRecords> {
  const regions = await import('./adapters/regions/region-records.ts');
  return regions.openRegionRecords(dumps);
}

/** Where another server keeps the index of the dumps it keeps these, too; where nobody records, they would be alone. */
async function obstacleToRegions({ sealer }: Recording, { recorder }: Surroundings): Promise<string | null> {
  if (sealer.holder !== null) return 'Another server keeps the index of these dumps, and regions, too.';
  if ((await recorder())?.alive) return null;
  return 'Nobody records into this folder now: pmi up or pmi collect does.';
}

/** Regions of watch groups are no answer to somebody else: whoever may write the configuration asks for them. */
async function openRegions(options: ServeOptions, recording: Recording, watchGroups: WatchGroupStore) {
  const { openRegionWatch } = await import('./application/watch-regions.ts');
  const { readLiveProcesses } = await import('./adapters/procfs/live-processes.ts');
  const surroundings = await openSurroundings(options.dumps, recording.index);
  const analysis = await openAnalysis();
  const regionRecords = await openRegionRecords(options.dumps);
  const regionWatch = openRegionWatch({
    analysis,
    records: regionRecords,
    groups: watchGroups.groups,
    processes: readLiveProcesses,
    obstacle: () => obstacleToRegions(recording, surroundings),
    onFailure: openFailureLog(),
  });
  return { surroundings, regionRecords, regionWatch, analysis: options.allowsAnalysis ? analysis : null };
}

async function openWatchdog(): Promise<() => void> {
  const { keepWatchdogQuiet } = await import('../collector/watchdog.ts');
  return keepWatchdogQuiet({ env: process.env, log: (line) => process.stderr.write(`pmi: ${line}\n`) });
}

function takeInWhen(begin: Promise<void>): IngestWorld {
  const onReject: IngestWorld['onReject'] = (reject) => process.stderr.write(describeReject(reject));
  return { onReject, onFailure: openFailureLog(), begin };
}

/** What alarms is told in the log as its samples are taken in. */
async function openAlerting(
  { history, index }: Recording,
  configuration: Awaited<ReturnType<typeof openConfiguration>>,
) {
  const { openAlerts } = await import('./application/alerts.ts');
  const { openAlertWatch } = await import('./application/alert-watch.ts');
  const alerts = openAlerts(history, configuration, await openAcknowledgements(index));
  const onChange = (text: string) => process.stderr.write(`pmi: ${displayText(text)}\n`);
  return { alerts, alertWatch: openAlertWatch(alerts, { onChange, onFailure: openFailureLog() }) };
}

export async function serve(options: ServeOptions): Promise<RunningServer> {
  let begin = () => {};
  let url: string | null = null;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const recording = await openRecording(options, takeInWhen(begun), () => url);
  const { history, ingest, sealer } = recording;
  if (sealer.holder !== null)
    process.stderr.write(`pmi: ${sealer.holder} keeps the index of these dumps; this server only reads it\n`);
  showProgress(ingest);
  const retirement = retireHistory(recording, options.dumps, options.keepHistoryMs);
  const watchGroups = await openConfiguration(options.config);
  const { live, activity } = await openLive(options, watchGroups);
  const sessions = await openSessionSources(
    { dumps: options.dumps, script: RECORDER, groups: watchGroups.groups, onFailure: logFailure },
    null,
  );
  sessions.sessions.adopt().catch(logFailure);
  const regions = await openRegions(options, recording, watchGroups);
  const alerting = await openAlerting(recording, watchGroups);
  const sources = { history, ingest, live, activity, sessions, watchGroups, ...regions, ...alerting };
  const app = await openApp(options, sources);
  const endWatchdog = await openWatchdog();
  const close = async () => {
    endWatchdog();
    retirement.stop();
    activity.close();
    live.close();
    await app.close();
    await alerting.alertWatch.close();
    await regions.regionWatch.close();
    await sessions.sessions.close();
    await recording.close();
  };
  try {
    const { listen } = await import('./interfaces/http/listen.ts');
    url = await listen(app, options);
    begin();
    return { url, history, ingest, isOver: activity.isOver, close };
  } catch (error) {
    await close();
    throw error;
  }
}
