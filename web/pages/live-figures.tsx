import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { stepMsOf } from '../../server/domain/buckets.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { Moment } from '../components/figures.tsx';
import { StandingTable } from '../components/standing-table.tsx';
import { followingView } from '../following.ts';
import { hiddenLines, toggleLine } from '../hidden-lines.ts';
import type { Mark, Measure } from '../lib/chart-spec.ts';
import { nothingRecorded } from '../lib/gap-text.ts';
import { lineAlong } from '../lib/join-lines.ts';
import type { MemoryMetric } from '../lib/live-past.ts';
import { standingOf } from '../lib/live-stats.ts';
import { isAtNow } from '../lib/live-window.ts';
import { countOf } from '../lib/numbers.ts';
import { unit, zone } from '../lib/reader.ts';
import type { Span } from '../lib/series.ts';
import { formatAge } from '../lib/time.ts';
import { adjustView, navigate } from '../navigation.ts';
import { resolutionOf } from '../resolution-choice.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import type { LineStyle } from './live-charts.ts';
import { buildLiveChart, buildSteppedChart, liveSummary } from './live-charts.ts';
import type { LiveLines } from './live-lines.ts';

/** The charts of the live page, and the words beside them. */

const HEIGHT = { memory: 340, cpu: 180 } as const;

function iso(t: number): string {
  return new Date(t).toISOString();
}

/** Where the reader begins to count anew. */
export function markOf({ params }: View): number | null {
  const t = Date.parse(params.mark ?? '');
  return Number.isNaN(t) ? null : t;
}

function marksOf(view: View, { from, to }: Span): readonly Mark[] {
  const t = markOf(view);
  return t === null || t < from || t > to ? [] : [{ t, text: 'Mark', tone: 'muted' }];
}

/** A stretch that was chosen stands still; leaving now is a step to come back from. */
function interactionsOf({ view, hiddenAtFirst }: LiveLines) {
  return {
    hidden: hiddenLines(view, hiddenAtFirst),
    onToggle: (id: string) => adjustView(toggleLine(view, id, hiddenAtFirst)),
    hrefAt: (t: number) => linkTo('snapshot', view, { ts: iso(t) }),
    events: {
      onPoint: (t: number) => navigate(linkTo('snapshot', view, { ts: iso(t) })),
      onZoom: ({ from, to }: Span) => {
        const zoomed = changeView(view, { from: iso(from), to: iso(to) });
        if (isAtNow(view.params)) navigate(hrefOf(zoomed));
        else adjustView(zoomed);
      },
      onReset: () => {
        if (!isAtNow(view.params)) navigate(hrefOf(followingView(view)));
      },
    },
  };
}

interface FigureProps {
  readonly lines: LiveLines;
  readonly title: string;
  readonly hint: string;
  readonly tools?: ComponentChildren;
  readonly styles: readonly LineStyle[];
  readonly height: number;
  readonly measure: Measure;
}

function LiveFigure({ lines, styles, height, measure, ...head }: FigureProps) {
  const { view, joined, span } = lines;
  const shownIn = zone.value;
  const resolution = resolutionOf(view);
  const spec = useMemo(() => {
    const frame = { range: span, marks: marksOf(view, span), zone: shownIn, height, measure };
    const stepMs = stepMsOf(resolution);
    return stepMs === null
      ? buildLiveChart(joined, styles, frame)
      : buildSteppedChart(joined, styles, frame, stepMs);
  }, [joined, styles, span, view.params.mark, resolution, unit.value, shownIn]);
  return <ChartFigure {...interactionsOf(lines)} {...head} spec={spec} summary={liveSummary(spec)} />;
}

const METRICS: readonly MemoryMetric[] = ['rss', 'pss'];

function MetricSwitch({ view, shown }: { readonly view: View; readonly shown: MemoryMetric }) {
  return (
    <nav class="switch" aria-label="Memory by">
      {METRICS.map((metric) => (
        <a
          key={metric}
          href={hrefOf(changeView(view, { metric }))}
          aria-current={metric === shown ? 'true' : undefined}
        >
          {metric.toUpperCase()}
        </a>
      ))}
    </nav>
  );
}

export function MemoryFigure({ lines }: { readonly lines: LiveLines }) {
  return (
    <LiveFigure
      lines={lines}
      title="Real-time Memory Usage"
      hint={`${lines.hint}; drag to zoom`}
      tools={lines.metric && <MetricSwitch view={lines.view} shown={lines.metric} />}
      styles={lines.memory}
      height={HEIGHT.memory}
      measure="bytes"
    />
  );
}

export function CpuFigure({ lines }: { readonly lines: LiveLines }) {
  return (
    <LiveFigure
      lines={lines}
      title="CPU"
      hint="live only: what was recorded has no such figure"
      styles={lines.cpu}
      height={HEIGHT.cpu}
      measure="percent"
    />
  );
}

export function Standings({ lines: { view, joined, memory, hiddenAtFirst } }: { readonly lines: LiveLines }) {
  const mark = markOf(view) ?? Number.NEGATIVE_INFINITY;
  const counted = { ...joined, rows: joined.rows.filter(({ t }) => t >= mark) };
  const hidden = hiddenLines(view, hiddenAtFirst);
  const rows = memory.flatMap(({ id, name }) => {
    const standing = hidden.has(id) ? null : standingOf(lineAlong(counted, id), joined.gaps);
    return standing ? [{ id, name, standing }] : [];
  });
  return <StandingTable title="Now, mean and peak" rows={rows} />;
}

/** Where the line comes from. */
function Origin({ joined: { rows, stepMs } }: LiveLines) {
  const recorded = rows.filter(({ isLive }) => !isLive);
  const last = recorded.at(-1);
  if (!last) return <>{countOf(rows.length, 'point', 'points')}, all of them live.</>;
  return (
    <>
      {countOf(recorded.length, 'point was', 'points were')} recorded
      {stepMs === null ? '' : `, one each ${formatAge(stepMs)}`}, the last at{' '}
      <Moment at={last.t} beside={rows[rows.length - 1].t} />;{' '}
      {countOf(rows.length - recorded.length, 'is', 'are')} live.
    </>
  );
}

const MOST_GAPS = 3;

/** Where the line comes from, and where there is none. */
export function LineNotes({ lines }: { readonly lines: LiveLines }) {
  const { gaps } = lines.joined;
  return (
    <p class="live-notes muted">
      <Origin {...lines} />{' '}
      {gaps
        .slice(-MOST_GAPS)
        .map(({ from, to, reason }) =>
          nothingRecorded({ from: iso(from), to: iso(to), reason }, lines.span.to),
        )
        .join(' ')}
    </p>
  );
}
