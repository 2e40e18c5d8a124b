import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useOffer } from '../chart-pictures.ts';
import { openChart } from '../lib/chart.ts';
import type { Chart, ChartEvents, ChartLine, ChartSpec, ImageFormat } from '../lib/chart-spec.ts';
import { isDark } from '../theme.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';

/** A chart with all that makes it readable without seeing it: title, sentence, legend, table. */

export interface ChartFigureProps {
  readonly title: string;
  readonly hint: ComponentChildren;
  /** Beside the title: other ways to see it. */
  readonly tools?: ComponentChildren;
  readonly summary: string;
  readonly spec: ChartSpec;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly events: ChartEvents;
  /** Where a row of the table leads; without it, nowhere. */
  readonly hrefAt?: (t: number) => string;
  /** Below it: more to its marks, say. */
  readonly children?: ComponentChildren;
}

const NEAR_VIEWPORT = '300px';

/** Whether it is near what is in sight, now. */
function useNearViewport() {
  const ref = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setIsNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: NEAR_VIEWPORT },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, isNear };
}

type PlotProps = Pick<ChartFigureProps, 'title' | 'spec' | 'events'>;

type Drawn = 'waiting' | 'drawn' | 'failed';

function useChart({ title, spec, events }: PlotProps) {
  const { ref, isNear } = useNearViewport();
  const chart = useRef<Promise<Chart> | null>(null);
  const latest = useRef(events);
  const [drawn, setDrawn] = useState<Drawn>('waiting');
  latest.current = events;
  const open = () => {
    if (!ref.current) throw new Error('a chart that is not on the page');
    const opened = openChart(ref.current, spec, {
      onPoint: (t, layer) => latest.current.onPoint(t, layer),
      onZoom: (range) => latest.current.onZoom(range),
      onReset: () => latest.current.onReset(),
    });
    opened.then(
      () => setDrawn('drawn'),
      () => setDrawn('failed'),
    );
    return opened;
  };
  // One that is out of sight is drawn when it comes near: a zoom or a new sample then costs only what is seen.
  const isDue = useRef(true);
  useLayoutEffect(() => {
    isDue.current = true;
  }, [spec, isDark.value]);
  // With the page around it, not after that has been painted.
  useLayoutEffect(() => {
    if (!isNear || !isDue.current) return;
    isDue.current = false;
    if (chart.current) void chart.current.then((one) => one.update(spec));
    else chart.current = open();
  }, [isNear, spec, isDark.value]);
  const take = async (format: ImageFormat) => {
    chart.current ??= open();
    const opened = await chart.current;
    if (isDue.current) opened.update(spec);
    isDue.current = false;
    return opened.image(format);
  };
  useOffer({ title, take });
  useEffect(() => () => void chart.current?.then((one) => one.close()), []);
  return { ref, drawn };
}

function Plot(props: PlotProps) {
  const { title, spec } = props;
  const { ref, drawn } = useChart(props);
  return (
    <div class="plot" style={{ '--height': `${spec.height}px` }} data-state={drawn}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture and its buttons */}
      <div ref={ref} class="plot-area" role="group" aria-label={`Chart: ${title}`} />
      {drawn === 'failed' ? (
        <p class="plot-note">The chart could not be drawn. Its figures are in the table below.</p>
      ) : null}
    </div>
  );
}

function visible(lines: readonly ChartLine[], hidden: ReadonlySet<string>): readonly ChartLine[] {
  return lines.filter(({ id }) => !hidden.has(id));
}

export function ChartFigure(props: ChartFigureProps) {
  const { title, hint, tools, summary, spec, hidden, onToggle, events, hrefAt } = props;
  const shown = useShown(spec, hidden);
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="muted">{hint}</span>
        {tools}
      </figcaption>
      <p class="summary">{summary}</p>
      <Plot title={title} spec={shown} events={events} />
      <ChartLegend
        lines={spec.lines}
        measure={spec.measure ?? 'bytes'}
        tells={spec.tells ?? 'most'}
        hidden={hidden}
        onToggle={onToggle}
      />
      <ChartTable title={title} spec={spec} hrefAt={hrefAt} />
      {props.children}
    </figure>
  );
}

/** The same object while nothing changed, so that nothing is drawn again. */
function useShown(spec: ChartSpec, hidden: ReadonlySet<string>): ChartSpec {
  const kept = useRef<{ spec: ChartSpec; key: string; shown: ChartSpec } | null>(null);
  const key = [...hidden].join(',');
  if (kept.current?.spec !== spec || kept.current.key !== key) {
    kept.current = { spec, key, shown: { ...spec, lines: visible(spec.lines, hidden) } };
  }
  return kept.current.shown;
}
