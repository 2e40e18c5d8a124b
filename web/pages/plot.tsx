import { useMemo } from 'preact/hooks';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { ChildCommands, ChildrenTable } from '../components/children-tables.tsx';
import { PageHead } from '../components/page-head.tsx';
import { OtherLives } from '../components/process-links.tsx';
import { ProcessSummary } from '../components/process-summary.tsx';
import { SampleNotes } from '../components/sample-notes.tsx';
import { shortName } from '../lib/process-text.ts';
import type { Span } from '../lib/series.ts';
import { zoneLabel } from '../lib/time.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, dataHrefOf, hrefOf, isRange, linkTo, readSet, toggleInSet } from '../state.ts';
import { buildChildrenChart, buildOwnChart, childrenSummary, ownSummary } from './plot-charts.ts';

interface PlotProps {
  readonly view: View;
  readonly answer: PlotAnswer;
}

function interactions(view: View, pid: number) {
  const hrefAt = (t: number) => linkTo('pid', view, { pid, ts: new Date(t).toISOString() });
  return {
    hidden: readSet(view, 'hide'),
    onToggle: (id: string) => adjustView(toggleInSet(view, 'hide', id)),
    hrefAt,
    events: {
      onPoint: (t: number) => navigate(hrefAt(t)),
      onZoom: ({ from, to }: Span) =>
        adjustView(changeView(view, { from: new Date(from).toISOString(), to: new Date(to).toISOString() })),
      onReset: () => adjustView(changeView(view, { from: null, to: null })),
    },
  };
}

function Charts({ view, answer }: PlotProps) {
  const isZoomed = isRange(view);
  const own = useMemo(() => buildOwnChart(answer, isZoomed), [answer, isZoomed]);
  const children = useMemo(() => buildChildrenChart(answer, isZoomed), [answer, isZoomed]);
  const shared = interactions(view, answer.process.pid);
  const hint = 'click a moment for the subtree then, drag to zoom';
  return (
    <div class="charts single">
      <ChartFigure
        {...shared}
        title="Own & subtree RSS"
        hint={hint}
        spec={own}
        summary={ownSummary(answer)}
      />
      {children ? (
        <ChartFigure
          {...shared}
          title="Children RSS"
          hint="direct children, stacked, each with all below it"
          spec={children}
          summary={childrenSummary(answer)}
        />
      ) : (
        <section>
          <h2>Children RSS</h2>
          <p class="muted">{childrenSummary(answer)}</p>
        </section>
      )}
    </div>
  );
}

function Toolbar({ view, answer }: PlotProps) {
  const { pid } = answer.process;
  return (
    <div class="toolbar">
      <a class="btn" href={linkTo('pid', view, { pid, ts: view.params.ts ?? answer.ts })}>
        ← back to subtree
      </a>
      {isRange(view) ? (
        <a class="btn" href={hrefOf(changeView(view, { from: null, to: null }))}>
          Reset zoom
        </a>
      ) : null}
      <span class="grow" />
      <span class="exports">
        <span class="muted">Export</span>
        <a href={dataHrefOf(view, 'csv')} download>
          CSV
        </a>
        <a href={dataHrefOf(view, 'json')} download>
          JSON
        </a>
      </span>
    </div>
  );
}

export function PlotPage({ view, answer }: PlotProps) {
  const { process } = answer;
  return (
    <>
      <PageHead title={`PID ${process.pid} summary`}>
        Memory of {shortName(process)} over time, with all processes below it ·{' '}
        {zoneLabel(Date.parse(process.last_seen))}
      </PageHead>
      <SampleNotes answer={{ incomplete: false }} process={process} />
      <OtherLives view={view} pid={process.pid} page="plot" lives={answer.instances} current={process.key} />
      <ProcessSummary answer={answer} />
      <Toolbar view={view} answer={answer} />
      <Charts view={view} answer={answer} />
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
