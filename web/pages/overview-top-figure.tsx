import { useMemo } from 'preact/hooks';
import { TOP_METRICS } from '../../server/domain/top-metrics.ts';
import type { TopAnswer } from '../../server/interfaces/http/schemas/top.ts';
import type { Beside } from '../beside.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { COLUMNS, useSteadyRange } from '../components/use-steady-range.ts';
import { unit, zone } from '../lib/reader.ts';
import type { Span } from '../lib/series.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import type { Frame, OverviewProps } from './overview-frame.ts';
import { frameOf, interactionsOf, iso, snapshotAt } from './overview-frame.ts';
import {
  buildTopChart,
  isTold,
  processOf,
  TOP_ABSENCES,
  TOP_HINTS,
  TOP_LABELS,
  topMetricOf,
  topSummary,
} from './overview-top.ts';

/** The largest processes over time. They are asked for apart: what the host did is on the screen before. */

const HEIGHT = 380;
const TITLE = 'Top processes';

/** Each is a place to come back to. */
function MetricSwitch({ view }: { readonly view: View }) {
  const shown = topMetricOf(view);
  return (
    <nav class="switch" aria-label="Top processes by">
      {TOP_METRICS.map((metric) => (
        <a
          key={metric}
          href={hrefOf(changeView(view, { metric: metric === 'rss' ? null : metric }))}
          aria-current={metric === shown ? 'true' : undefined}
        >
          {TOP_LABELS[metric]}
        </a>
      ))}
    </nav>
  );
}

export function useOverviewRange({ view, answer }: OverviewProps): Span {
  const { from, to } = answer.coverage;
  const place = `${answer.host} ${view.params.from} ${view.params.to}`;
  return useSteadyRange(place, { from: Date.parse(from), to: Date.parse(to) });
}

function topHref({ view, answer }: OverviewProps, { from, to }: Span): string {
  return besideHref('/api/v1/top', {
    host: answer.host,
    from: iso(from),
    to: iso(to),
    metric: topMetricOf(view),
    px: String(COLUMNS * 4),
  });
}

function Nothing({ view, text }: { readonly view: View; readonly text: string }) {
  return (
    <>
      <header>
        <h2>{TITLE}</h2>
        <MetricSwitch view={view} />
      </header>
      <p class="muted nothing">{text}</p>
    </>
  );
}

interface DrawnProps {
  readonly view: View;
  readonly answer: TopAnswer;
  readonly frame: Frame;
}

function Drawn({ view, answer, frame }: DrawnProps) {
  const shownIn = zone.value;
  const spec = useMemo(
    () => buildTopChart(answer, { ...frame, zone: shownIn }),
    [answer, frame, unit.value, shownIn],
  );
  const shared = interactionsOf(view, (t, layer) => {
    const process = processOf(answer, layer);
    const href = process
      ? linkTo('pid', view, { pid: process.pid, key: process.key, ts: iso(t) })
      : snapshotAt(view, t);
    navigate(href);
  });
  const hint = `${TOP_LABELS[answer.metric]} of ${TOP_HINTS[answer.metric]}`;
  const tools = <MetricSwitch view={view} />;
  return (
    <ChartFigure
      {...shared}
      title={TITLE}
      hint={hint}
      tools={tools}
      spec={spec}
      summary={topSummary(answer)}
    />
  );
}

function Shown({ view, known }: { readonly view: View; readonly known: Beside<TopAnswer, Frame> }) {
  const { outcome, about } = known;
  if (outcome.kind === 'problem') return <Nothing view={view} text={outcome.problem.detail} />;
  if (outcome.kind !== 'answer') return <Nothing view={view} text="The server does not answer." />;
  if (!isTold(outcome.answer)) return <Nothing view={view} text={TOP_ABSENCES[outcome.answer.metric]} />;
  return <Drawn view={view} answer={outcome.answer} frame={about} />;
}

export function TopFigure(props: OverviewProps) {
  const range = useOverviewRange(props);
  const href = topHref(props, range);
  const known = useOutcome<TopAnswer, Frame>(href, frameOf(props, HEIGHT));
  return (
    <section class="top" aria-busy={known?.href !== href} aria-label={TITLE}>
      {known ? <Shown view={props.view} known={known} /> : <Coming />}
    </section>
  );
}

function Coming() {
  return (
    <>
      <h2>{TITLE}</h2>
      <i class="bone picture" />
    </>
  );
}
