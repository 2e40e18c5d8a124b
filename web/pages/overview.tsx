import { useMemo } from 'preact/hooks';
import { formatDuration } from '../../server/domain/units.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import type { Figure } from '../components/figures.tsx';
import { Bytes, Figures, Moment } from '../components/figures.tsx';
import { GapList } from '../components/gap-list.tsx';
import { PageHead } from '../components/page-head.tsx';
import { DamageNote } from '../components/sample-notes.tsx';
import { formatBytes } from '../lib/bytes.ts';
import { countOf, formatShare } from '../lib/numbers.ts';
import type { Span } from '../lib/series.ts';
import { extremesOf } from '../lib/series.ts';
import { formatMomentBeside, zoneLabel } from '../lib/time.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, isRange, linkTo, readSet, toggleInSet, viewOf } from '../state.ts';
import { buildRamChart, buildSwapChart, ramSummary, swapSummary } from './overview-charts.ts';

interface OverviewProps {
  readonly view: View;
  readonly answer: OverviewAnswer;
}

function Coverage({ coverage }: { readonly coverage: OverviewAnswer['coverage'] }) {
  const { from, to, duration_seconds, covered_ratio, gaps, samples } = coverage;
  return (
    <>
      Coverage: <Moment at={from} /> → <Moment at={to} /> ({formatDuration(duration_seconds)}),{' '}
      {formatShare(covered_ratio)}, {gaps.length === 0 ? 'no gaps' : countOf(gaps.length, 'gap', 'gaps')} ·{' '}
      {countOf(samples, 'sample', 'samples')} · {zoneLabel(Date.parse(to))}
    </>
  );
}

function figuresOf({ series }: OverviewAnswer): readonly Figure[] {
  const along = (id: Exclude<keyof typeof series, 't' | 'ledger'>) =>
    extremesOf({ t: series.t, values: series[id] });
  const [used, total, available] = [along('used_bytes'), along('mem_total_bytes'), along('available_bytes')];
  const [swap, swapTotal, rss] = [
    along('swap_used_bytes'),
    along('swap_total_bytes'),
    along('process_rss_bytes'),
  ];
  const value = (figure: ReturnType<typeof along>) => <Bytes value={figure?.last.value ?? null} />;
  return [
    {
      label: 'Used',
      value: value(used),
      note: total ? `of ${formatBytes(total.last.value)} (total − available)` : 'total − available',
    },
    {
      label: 'Available',
      value: value(available),
      note: available
        ? `lowest ${formatBytes(available.low.value)} at ${formatMomentBeside(available.low.t, available.last.t)}`
        : null,
      help: 'What a new program can get without swapping, by the kernel’s estimate.',
    },
    {
      label: 'Swap',
      value: value(swap),
      note: swapTotal
        ? swapTotal.last.value
          ? `of ${formatBytes(swapTotal.last.value)}`
          : 'none set up'
        : null,
    },
    {
      label: 'RSS of all processes',
      value: value(rss),
      note: 'an upper bound: shared pages count for each',
    },
  ];
}

function zoomOf(view: View) {
  return {
    onPoint: (t: number) => navigate(linkTo('level', view, { ts: new Date(t).toISOString() })),
    onZoom: ({ from, to }: Span) =>
      adjustView(changeView(view, { from: new Date(from).toISOString(), to: new Date(to).toISOString() })),
    onReset: () => adjustView(changeView(view, { from: null, to: null })),
  };
}

function Charts({ view, answer }: OverviewProps) {
  const ram = useMemo(() => buildRamChart(answer, view), [answer, view.params.height]);
  const swap = useMemo(() => buildSwapChart(answer, view), [answer, view.params.height]);
  const shared = {
    hidden: readSet(view, 'hide'),
    onToggle: (id: string) => adjustView(toggleInSet(view, 'hide', id)),
    events: zoomOf(view),
    hrefAt: (t: number) => linkTo('level', view, { ts: new Date(t).toISOString() }),
  };
  const hint = 'click a moment for its snapshot, drag to zoom';
  return (
    <div class="charts" data-cols={view.params.cols}>
      <ChartFigure {...shared} title="RAM usage" hint={hint} spec={ram} summary={ramSummary(answer)} />
      <ChartFigure {...shared} title="Swap usage" hint="" spec={swap} summary={swapSummary(answer)} />
    </div>
  );
}

function HostList({ view, hosts }: { readonly view: View; readonly hosts: readonly string[] }) {
  if (hosts.length < 2) return null;
  return (
    <nav class="tabs" aria-label="Host">
      {hosts.map((host) => (
        <a key={host} href={hrefOf(viewOf('overview', view, { host }))}>
          {host}
        </a>
      ))}
    </nav>
  );
}

export function OverviewPage({ view, answer }: OverviewProps) {
  return (
    <>
      <PageHead title="Memory Inspector" documentTitle="Memory Inspector">
        <Coverage coverage={answer.coverage} />
      </PageHead>
      <HostList view={view} hosts={answer.hosts} />
      <GapList gaps={answer.coverage.gaps} />
      <DamageNote />
      <Figures figures={figuresOf(answer)} />
      <div class="toolbar">
        <a class="btn primary" href={linkTo('level', view, { lvl: 0 })}>
          Snapshot by level →
        </a>
        {isRange(view) ? (
          <a class="btn" href={hrefOf(changeView(view, { from: null, to: null }))}>
            Reset zoom
          </a>
        ) : null}
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <Charts view={view} answer={answer} />
    </>
  );
}
