import { useMemo } from 'preact/hooks';
import type { HostEvent } from '../../server/domain/events.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { AnswerAnswer } from '../../server/interfaces/http/schemas/answer.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { Outcome } from '../api.ts';
import { gapAskedFor } from '../asked.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { Answer, AnswerComing, NoAnswer } from '../components/answer.tsx';
import { ChartFigure } from '../components/chart-figure.tsx';
import { EventList } from '../components/event-list.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { FacetChips } from '../components/facet-chips.tsx';
import { Moment } from '../components/figures.tsx';
import { SubtreeTable } from '../components/largest-table.tsx';
import { openLater } from '../components/later.tsx';
import { LedgerTable } from '../components/ledger-table.tsx';
import { PageHead } from '../components/page-head.tsx';
import { ResetZoom } from '../components/reset-zoom.tsx';
import { ResolutionPicker } from '../components/resolution-picker.tsx';
import { DamageNote } from '../components/sample-notes.tsx';
import type { Drawn } from '../components/use-drawn-series.ts';
import { WatchPicker } from '../components/watch-picker.tsx';
import { nothingRecorded } from '../lib/gap-text.ts';
import { newestLedger } from '../lib/ledger.ts';
import { countOf, formatShare } from '../lib/numbers.ts';
import { unit, zone } from '../lib/reader.ts';
import { zoneLabel } from '../lib/time.ts';
import type { View } from '../state.ts';
import { hrefOf, linkTo, viewOf } from '../state.ts';
import { buildRamChart, ramSummary } from './overview-charts.ts';
import { OverviewFigures } from './overview-figures.tsx';
import type { OverviewProps } from './overview-frame.ts';
import { frameOf, interactionsOf, iso, snapshotAt, withoutWords } from './overview-frame.ts';
import type { SmallChart } from './overview-host.ts';
import { buildSmallChart, SMALL_CHARTS } from './overview-host.ts';
import { useLiveAnswer } from './overview-live.ts';
import { TopFigure, useOverviewRange } from './overview-top-figure.tsx';

function Coverage({ coverage }: { readonly coverage: OverviewAnswer['coverage'] }) {
  const { from, to, duration_seconds, covered_ratio, gaps, samples } = coverage;
  return (
    <>
      Coverage: <Moment at={from} /> → <Moment at={to} /> ({formatDuration(duration_seconds)}),{' '}
      {formatShare(covered_ratio)},{' '}
      {samples === 0 ? null : `${gaps.length === 0 ? 'no gaps' : countOf(gaps.length, 'gap', 'gaps')} · `}
      {countOf(samples, 'sample', 'samples')} · {zoneLabel(Date.parse(to))}
    </>
  );
}

function HostList({ view, answer: { host: shown, hosts } }: OverviewProps) {
  if (hosts.length < 2) return null;
  return (
    <nav class="tabs" aria-label="Recorded host">
      {hosts.map((host) => (
        <a
          key={host}
          href={hrefOf(viewOf('overview', view, { host }))}
          aria-current={host === shown ? 'true' : undefined}
        >
          {host}
        </a>
      ))}
    </nav>
  );
}

/** Of the end of the range: the instant that the reader named, else the newest sample in it. */
function useAnswer({ view, answer }: OverviewProps): Outcome<AnswerAnswer> | null {
  const ts = view.params.to ?? answer.coverage.to;
  const known = useOutcome<AnswerAnswer, null>(besideHref('/api/v1/answer', { host: answer.host, ts }), null);
  return known?.outcome ?? null;
}

function AnswerPlace({ told, ...props }: OverviewProps & { readonly told: Outcome<AnswerAnswer> | null }) {
  if (!told) return <AnswerComing />;
  if (told.kind !== 'answer') return <NoAnswer failure={told} />;
  const events = props.answer.events as readonly HostEvent[];
  return <Answer view={props.view} answer={told.answer} events={events} />;
}

function Toolbar({ view, answer }: OverviewProps) {
  return (
    <div class="toolbar">
      <a class="btn" href={linkTo('level', view, { lvl: 0 })}>
        Snapshot by level →
      </a>
      <ResetZoom view={view} />
      <ResolutionPicker view={view} told={answer} of="RAM, swap, pressure and faults" />
      <WatchPicker key={view.params.watch} view={view} ts={answer.coverage.to} />
      <FacetChips view={view} />
      <span class="grow" />
      <ExportMenu view={view} answer={answer} />
    </div>
  );
}

/** Drawn anew when the answer or the reader's unit or clock is another, not when a line is hidden. */
function useSpec<T>(build: () => T, { view, answer }: OverviewProps): T {
  return useMemo(build, [answer, view.params.height, unit.value, zone.value]);
}

const watchFigure = openLater(
  async () => (await import('../components/watch-figure.tsx')).WatchFigure,
  () => <i class="bone picture" />,
);

/** The watch group that the reader has chosen, over the stretch that all charts show. */
function WatchPlace(props: OverviewProps & { readonly name: string }) {
  const { view, answer, name } = props;
  const { from, to } = useOverviewRange(props);
  const range = { from: iso(from), to: iso(to) };
  const frame = () => frameOf(props, WATCH_HEIGHT);
  return <watchFigure.Part view={view} host={answer.host} name={name} range={range} frameOf={frame} />;
}

const WATCH_HEIGHT = 260;
const RAM_HEIGHT = 380;
const SMALL_HEIGHT = 180;

function RamFigure(props: OverviewProps) {
  const { view, answer } = props;
  const spec = useSpec(() => buildRamChart(answer, frameOf(props, RAM_HEIGHT)), props);
  const hint = 'click a moment for its snapshot, drag to zoom';
  const shared = interactionsOf(view);
  return <ChartFigure {...shared} title="RAM usage" hint={hint} spec={spec} summary={ramSummary(answer)} />;
}

function SmallFigure({ chart, ...props }: OverviewProps & { readonly chart: SmallChart }) {
  const { view, answer } = props;
  const absence = chart.absence(answer);
  const spec = useSpec(
    () => buildSmallChart(chart, answer, withoutWords(frameOf(props, SMALL_HEIGHT))),
    props,
  );
  if (absence !== null)
    return (
      <section class="chart">
        <h2>{chart.title}</h2>
        <p class="muted nothing">{absence}</p>
      </section>
    );
  const shared = interactionsOf(view);
  return <ChartFigure {...shared} title={chart.title} hint="" spec={spec} summary={chart.summary(answer)} />;
}

function Subtrees({ view, told }: { readonly view: View; readonly told: AnswerAnswer | null }) {
  if (!told) return <div class="side" />;
  const largest = new Set(told.largest.map(({ key }) => key));
  const isSame = told.culprits.every(({ key }) => largest.has(key));
  return (
    <div class="side">
      <SubtreeTable view={view} answer={told} title="Largest now" rows={told.largest} />
      {isSame ? null : <SubtreeTable view={view} answer={told} title="Grew most" rows={told.culprits} />}
    </div>
  );
}

interface ChartsProps extends OverviewProps {
  readonly told: AnswerAnswer | null;
  /** The answer, with what has come since. */
  readonly live: OverviewAnswer;
  readonly hand: Drawn['hand'];
}

/** The small ones stand in a row of their own, unless the reader has said how many charts stand side by side. */
function Charts({ told, live, hand, ...props }: ChartsProps) {
  const { view, answer } = props;
  const { cols } = view.params;
  const ledger = newestLedger(answer.series);
  const small = SMALL_CHARTS.map((chart) => (
    <SmallFigure key={chart.title} view={view} answer={live} chart={chart} />
  ));
  return (
    <div {...hand}>
      <div class="charts" data-cols={cols}>
        <RamFigure view={view} answer={live} />
        <Subtrees view={view} told={told} />
        <TopFigure {...props} />
        <div class="side">{ledger ? <LedgerTable ledger={ledger} /> : null}</div>
        {cols ? small : null}
      </div>
      {cols ? null : <div class="charts small">{small}</div>}
    </div>
  );
}

/** In a gap, before the first sample or behind the last: what is known of it is the sample before. */
function NothingInRange({ view, answer: { coverage } }: OverviewProps) {
  const gap = gapAskedFor(view);
  const text = gap ? nothingRecorded(gap, Date.parse(coverage.to)) : 'Nothing was recorded in this range.';
  return <p class="note">{text}</p>;
}

function Body({ live, hand, told, ...props }: ChartsProps) {
  const { view, answer } = props;
  return (
    <>
      <OverviewFigures answer={live} told={told} />
      <Toolbar {...props} />
      <EventList events={answer.events} hrefAt={(t) => snapshotAt(view, t)} />
      {view.params.watch ? <WatchPlace {...props} name={view.params.watch} /> : null}
      <Charts {...props} told={told} live={live} hand={hand} />
    </>
  );
}

export function OverviewPage(props: OverviewProps) {
  const { view, answer } = props;
  const outcome = useAnswer(props);
  const told = outcome?.kind === 'answer' ? outcome.answer : null;
  const { answer: live, hand } = useLiveAnswer(props);
  return (
    <>
      <PageHead title="Memory Inspector" documentTitle="Memory Inspector">
        <Coverage coverage={answer.coverage} />
      </PageHead>
      <HostList view={view} answer={answer} />
      <DamageNote />
      <AnswerPlace {...props} told={outcome} />
      {answer.coverage.samples === 0 ? (
        <>
          <NothingInRange {...props} />
          <Toolbar {...props} />
        </>
      ) : (
        <Body {...props} told={told} live={live} hand={hand} />
      )}
    </>
  );
}
