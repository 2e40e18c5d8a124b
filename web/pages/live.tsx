import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { InitialData, LiveGroup, LivePoint } from '../../server/domain/live-point.ts';
import { ExportMenu } from '../components/export-menu.tsx';
import { LiveCards } from '../components/live-cards.tsx';
import { LiveState } from '../components/live-state.tsx';
import { LiveTabs } from '../components/live-tabs.tsx';
import { LiveToolbar } from '../components/live-toolbar.tsx';
import { LiveVoice } from '../components/live-voice.tsx';
import { PageHead } from '../components/page-head.tsx';
import type { Drawn } from '../components/use-drawn-series.ts';
import { useDrawnSeries } from '../components/use-drawn-series.ts';
import { lineAlong } from '../lib/join-lines.ts';
import type { Pasts } from '../lib/live-past.ts';
import { followParts, groupOf, NO_PASTS } from '../lib/live-past.ts';
import { isAtNow, paceOf, windowOf } from '../lib/live-window.ts';
import { hostZone } from '../lib/reader.ts';
import { liveState, watchLive } from '../live-feed.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { CpuFigure, LineNotes, MemoryFigure, markOf, Standings } from './live-figures.tsx';
import { datedBy, madeFiles } from './live-files.ts';
import { HostFigures } from './live-host.tsx';
import type { LiveLines, Watched } from './live-lines.ts';
import { metricOf, useGroupLines, useHostLines } from './live-lines.ts';

/** This host and its watch groups as they are now, each second. */

interface ShownProps extends Watched {
  readonly hand: Drawn['hand'];
}

function LiveExport({ lines }: { readonly lines: LiveLines }) {
  return <ExportMenu view={lines.view} answer={datedBy(lines)} made={madeFiles(lines)} />;
}

function LiveCharts({ lines, hand }: { readonly lines: LiveLines; readonly hand: Drawn['hand'] }) {
  return (
    <div class="charts live-charts" {...hand}>
      <div>
        <MemoryFigure lines={lines} />
        <LineNotes lines={lines} />
      </div>
      <div class="side">
        <Standings lines={lines} />
        <CpuFigure lines={lines} />
      </div>
    </div>
  );
}

/** The point that the figures are of: the newest that is seen; `null` where it is not kept any more. */
function pointOf({ view, series, span, newest }: Watched): LivePoint | null {
  if (isAtNow(view.params)) return newest;
  return series.points.findLast(({ t }) => t <= span.to) ?? null;
}

function NotKept() {
  return (
    <p class="note">
      The feed does not keep points of this stretch any more: the charts show what was recorded, and a click
      on them leads to the snapshot of that moment.
    </p>
  );
}

function HostWatch({ hand, ...watched }: ShownProps) {
  const lines = useHostLines(watched);
  const point = pointOf(watched);
  return (
    <>
      <LiveToolbar {...watched}>
        <LiveExport lines={lines} />
      </LiveToolbar>
      {point ? <HostFigures system={point.system} /> : <NotKept />}
      <LiveCharts lines={lines} hand={hand} />
      {watched.newest.groups.length === 0 ? <NoGroups /> : null}
    </>
  );
}

function NoGroups() {
  return (
    <p class="note">
      A watch group is a named set of processes, such as a program and its workers: each gets a card and a
      line here. <a href="/watch">Make a watch group</a>
    </p>
  );
}

/** Peaks and last sights, of all points since this page watches or since the mark. */
function usePasts({ view, series }: Watched, name: string): Pasts {
  const kept = useRef({ name, pasts: NO_PASTS });
  if (kept.current.name !== name) kept.current = { name, pasts: NO_PASTS };
  kept.current.pasts = followParts(kept.current.pasts, series.points, name, markOf(view));
  return kept.current.pasts;
}

function GroupWatch({ group, hand, ...watched }: ShownProps & { readonly group: LiveGroup }) {
  const { view, series } = watched;
  const metric = metricOf(view, series, group.name);
  const lines = useGroupLines(watched, group, metric);
  const pasts = usePasts(watched, group.name);
  const point = pointOf(watched);
  const shown = point && groupOf(point, group.name);
  return (
    <>
      <LiveToolbar {...watched}>
        <LiveExport lines={lines} />
      </LiveToolbar>
      {point && shown ? (
        <>
          <LiveCards
            {...{ view, metric, pasts, group: shown, t: point.t }}
            memTotal={point.system.metrics.mem_total_bytes ?? null}
            lineOf={(id) => lineAlong(lines.joined, id)}
          />
          <Ambiguous count={shown.ambiguous} />
        </>
      ) : (
        <NotKept />
      )}
      <LiveCharts lines={lines} hand={hand} />
      {point ? (
        <section class="block">
          <h2>This host</h2>
          <HostFigures system={point.system} />
        </section>
      ) : null}
    </>
  );
}

function Ambiguous({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <p class="note">
      {count === 1 ? 'One process matches' : `${count} processes match`} several members and{' '}
      {count === 1 ? 'counts' : 'count'} for the first of them. <a href="/watch">Look at the rules</a>
    </p>
  );
}

function NoSuchGroup({ name, ...watched }: Watched & { readonly name: string }) {
  const { view } = watched;
  return (
    <>
      <LiveToolbar {...watched} />
      <div class="empty">
        <h2>No watch group is called {name}</h2>
        <p class="actions">
          <a class="btn primary" href={hrefOf(changeView(view, { watch: null }))}>
            Watch this host
          </a>
          <a class="btn" href="/watch">
            Watch groups
          </a>
        </p>
      </div>
    </>
  );
}

function Shown(props: ShownProps) {
  const { view, newest } = props;
  const { watch } = view.params;
  if (watch === undefined) return <HostWatch {...props} />;
  const group = groupOf(newest, watch);
  return group ? <GroupWatch {...props} group={group} /> : <NoSuchGroup {...props} name={watch} />;
}

/** The stretch that is seen; the same object until another one is. */
function useSpan(view: View, { series }: Drawn) {
  const { points, from, to } = view.params;
  const newest = series.points.at(-1);
  const zone = hostZone.value ?? 'UTC';
  return useMemo(
    () =>
      newest && windowOf(view.params, { newest: newest.t, intervalSeconds: series.intervalSeconds, zone }),
    [series, points, from, to, zone],
  );
}

interface LiveProps {
  readonly view: View;
  readonly answer: InitialData;
}

export function LivePage({ view }: LiveProps) {
  useEffect(watchLive, []);
  const drawn = useDrawnSeries(paceOf(view.params));
  const { series, hand } = drawn;
  const span = useSpan(view, drawn);
  const newest = series.points.at(-1);
  return (
    <>
      <PageHead title="Live">{newest ? `${newest.host}, as it is now` : null}</PageHead>
      <LiveTabs view={view} />
      <LiveState />
      {newest && span ? (
        <>
          <LiveVoice point={newest} watch={view.params.watch} />
          <div class="live-shown" data-stale={liveState.value === 'lost' ? '' : undefined}>
            <Shown {...{ view, series, newest, span, hand }} />
          </div>
        </>
      ) : (
        <p class="muted">The first point comes within a moment.</p>
      )}
    </>
  );
}
