import { useMemo } from 'preact/hooks';
import type { EventsAnswer } from '../../server/interfaces/http/schemas/events.ts';
import type { PidAnswer, PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { isRange } from '../about-view.ts';
import { useBeside } from '../beside.ts';
import { ChildCommands, ChildrenTable } from '../components/children-tables.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Ancestors, OtherLives } from '../components/process-links.tsx';
import { ProcessSummary } from '../components/process-summary.tsx';
import { ResetZoom } from '../components/reset-zoom.tsx';
import { ResolutionPicker } from '../components/resolution-picker.tsx';
import { SampleNotes } from '../components/sample-notes.tsx';
import { TrendBox } from '../components/trend-box.tsx';
import { lastSample } from '../health.ts';
import { shortName } from '../lib/process-text.ts';
import { zoneLabel } from '../lib/time.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo, readSet } from '../state.ts';
import type { PlotAside } from './plot-charts.ts';
import { CompositionFigure, useComposition } from './plot-composition-figure.tsx';
import { ChildrenFigure, OwnFigure } from './plot-figures.tsx';
import { eventsHref, whileAlive } from './plot-marks.ts';

interface PlotProps {
  readonly view: View;
  readonly answer: PlotAnswer;
}

/** The last sample of the life that is shown. */
function lastShown({ own, range }: PlotAnswer): string {
  const t = own.t.at(-1);
  return t === undefined ? range.to : new Date(t).toISOString();
}

/** Its ancestors then: they are not of this page's answer. */
function ancestorsHref(answer: PlotAnswer): string {
  const { host, process } = answer;
  const query = { host, key: process.key, ts: lastShown(answer), limit: '1', format: 'json' };
  return `/api/v1/snapshot/pid?${new URLSearchParams(query)}`;
}

function useAside(view: View, answer: PlotAnswer): PlotAside {
  const { host, process } = answer;
  const asked = useBeside<EventsAnswer>(eventsHref(host, process));
  const events = useMemo(() => whileAlive(asked, process), [asked, process.last_seen]);
  const newest = lastSample.value;
  const isZoomed = isRange(view);
  const hide = view.params.hide;
  return useMemo(
    () => ({ isZoomed, hidden: readSet(view, 'hide'), events, newest }),
    [isZoomed, hide, events, newest],
  );
}

function Toolbar({ view, answer }: PlotProps) {
  const { pid } = answer.process;
  return (
    <div class="toolbar">
      <a class="btn" href={linkTo('pid', view, { pid, ts: view.params.ts ?? answer.ts })}>
        ← back to subtree
      </a>
      <ResetZoom view={view} />
      <ResolutionPicker view={view} told={answer} />
      <span class="grow" />
      <ExportMenu view={view} answer={answer} />
    </div>
  );
}

/** A group is decided in each sample, a child is a whole subtree: what is drawn is not narrowed, and that is said. */
function WatchNote({ view }: Pick<PlotProps, 'view'>) {
  const { watch } = view.params;
  if (watch === undefined) return null;
  return (
    <p class="note">
      Every child is drawn, whether it belongs to the watch group {watch} or not.{' '}
      <a href={linkTo('watch', view, { watch })}>The group along time</a> ·{' '}
      <a href={hrefOf(changeView(view, { watch: null }))}>Leave the group</a>
    </p>
  );
}

function Life({ view, answer }: PlotProps) {
  const { process } = answer;
  const aside = useAside(view, answer);
  const beside = useBeside<PidAnswer>(ancestorsHref(answer));
  const composition = useComposition(view, answer);
  return (
    <>
      <Ancestors view={view} ts={lastShown(answer)} ancestors={beside?.ancestors ?? []} process={process} />
      <PageHead title={`PID ${process.pid} summary`}>
        Memory of {shortName(process)} over time, with all processes below it ·{' '}
        {zoneLabel(Date.parse(process.last_seen))}
      </PageHead>
      <SampleNotes answer={{ incomplete: false }} process={process} />
      <OtherLives view={view} pid={process.pid} page="plot" lives={answer.instances} current={process.key} />
      <ProcessSummary
        answer={answer}
        composition={composition?.kind === 'answer' ? composition.answer : null}
      />
      <WatchNote view={view} />
      <Toolbar view={view} answer={answer} />
      <div class="charts single">
        <OwnFigure view={view} answer={answer} aside={aside} />
        <ChildrenFigure view={view} answer={answer} aside={aside} />
        <CompositionFigure view={view} answer={answer} aside={aside} outcome={composition} />
      </div>
      <TrendBox answer={answer} />
      <div class="pair">
        <ChildrenTable view={view} rows={answer.children_summary} total={answer.children_total} />
        <ChildCommands rows={answer.children_summary} />
      </div>
      <p class="back">
        <a href={linkTo('pid', view, { pid: process.pid, ts: view.params.ts ?? answer.ts })}>
          ← back to subtree
        </a>
      </p>
    </>
  );
}

/** Another life is another page: nothing that was asked for the one before stays. */
export function PlotPage({ view, answer }: PlotProps) {
  return <Life key={`${answer.host} ${answer.process.key}`} view={view} answer={answer} />;
}
