import { formatAlertValue } from '../../server/domain/alert-text.ts';
import type { AlertsAnswer } from '../../server/interfaces/http/schemas/alerts.ts';
import { unit as sizes } from '../lib/reader.ts';
import type { Points, Span } from '../lib/series.ts';
import { extremesOf } from '../lib/series.ts';
import type { SmallFrame } from '../lib/small-plot.ts';
import { drawSmall, placeAcross } from '../lib/small-plot.ts';
import { formatMomentBeside } from '../lib/time.ts';
import type { SmallInks } from './small-shapes.tsx';
import { SmallShapes } from './small-shapes.tsx';

/** A figure along time beside what it was held against, small. */

export type AlertChartData = AlertsAnswer['rules'][number]['chart'];
export type AlertUnit = AlertsAnswer['rules'][number]['unit'];

interface ChartProps {
  readonly chart: AlertChartData;
  readonly unit: AlertUnit;
  /** When it was beyond the limit. */
  readonly span?: Span | undefined;
}

const INKS: SmallInks = {
  gap: 'var(--gap)',
  grid: 'var(--line)',
  area: 'color-mix(in srgb, var(--c1) 14%, transparent)',
  line: 'var(--c1)',
};
/** Above the highest point, so that a limit is not the frame. */
const HEADROOM = 1.1;

export function formatFigure(value: number | null, unit: AlertUnit): string {
  return formatAlertValue(value, unit, sizes.value === 'MB');
}

function frameOf(value: Points, limit: Points): SmallFrame | null {
  const [first, last] = [value.t[0], value.t.at(-1)];
  if (first === undefined || last === undefined || !extremesOf(value)) return null;
  const tops = [value, limit].map((points) => extremesOf(points)?.high.value ?? 0);
  const top = Math.max(...tops) * HEADROOM || 1;
  return { range: { from: first, to: Math.max(last, first + 1) }, top };
}

function Firing({ span, frame }: { readonly span: Span; readonly frame: SmallFrame }) {
  const [from, to] = [span.from, span.to].map((t) => placeAcross(frame, t));
  return <rect class="firing" x={from} width={Math.max(0.6, to - from)} height="100" />;
}

/** What the picture says, in words. */
function figuresText(points: Points, unit: AlertUnit): string {
  const { low, high } = extremesOf(points) ?? {};
  if (!low || !high) return 'unknown';
  const at = (t: number) => formatMomentBeside(t, points.t[0]);
  return `${formatFigure(low.value, unit)} at ${at(low.t)} to ${formatFigure(high.value, unit)} at ${at(high.t)}`;
}

export function AlertChart({ chart, unit, span }: ChartProps) {
  const { t } = chart;
  const [value, limit] = [chart.value, chart.limit].map((values): Points => ({ t, values }));
  const frame = frameOf(value, limit);
  if (!frame) return <p class="muted">Its figure is not known.</p>;
  const text = figuresText(value, unit);
  return (
    <div class="alert-chart" title={text}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {span ? <Firing span={span} frame={frame} /> : null}
        <SmallShapes points={value} gaps={[]} frame={frame} inks={INKS} />
        <path class="limit" vector-effect="non-scaling-stroke" d={drawSmall(limit, frame).line} />
      </svg>
      <span class="sr-only">{text}</span>
    </div>
  );
}
