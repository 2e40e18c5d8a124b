import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { openChart } from '../lib/chart.ts';
import type { Chart, ChartEvents, ChartLine, ChartSpec } from '../lib/chart-spec.ts';
import { isDark } from '../theme.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';

/** A chart with all that makes it readable without seeing it: title, sentence, legend, table. */

export interface ChartFigureProps {
  readonly title: string;
  readonly hint: ComponentChildren;
  readonly summary: string;
  readonly spec: ChartSpec;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly events: ChartEvents;
  /** Where a row of the table leads. */
  readonly hrefAt: (t: number) => string;
}

const NEAR_VIEWPORT = '300px';

function useNearViewport() {
  const ref = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsNear(true);
      },
      { rootMargin: NEAR_VIEWPORT },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, isNear };
}

type Drawn = 'waiting' | 'drawn' | 'failed';

function useChart(spec: ChartSpec, events: ChartEvents) {
  const { ref, isNear } = useNearViewport();
  const chart = useRef<Promise<Chart> | null>(null);
  const latest = useRef(events);
  const [drawn, setDrawn] = useState<Drawn>('waiting');
  latest.current = events;
  useEffect(() => {
    const element = ref.current;
    if (!isNear || !element) return;
    if (chart.current) {
      void chart.current.then((open) => open.update(spec));
      return;
    }
    chart.current = openChart(element, spec, {
      onPoint: (t, layer) => latest.current.onPoint(t, layer),
      onZoom: (range) => latest.current.onZoom(range),
      onReset: () => latest.current.onReset(),
    });
    chart.current.then(
      () => setDrawn('drawn'),
      () => setDrawn('failed'),
    );
  }, [isNear, spec, isDark.value]);
  useEffect(() => () => void chart.current?.then((open) => open.close()), []);
  return { ref, drawn };
}

function Plot({ title, spec, events }: Pick<ChartFigureProps, 'title' | 'spec' | 'events'>) {
  const { ref, drawn } = useChart(spec, events);
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
  const { title, hint, summary, spec, hidden, onToggle, events, hrefAt } = props;
  const shown = useShown(spec, hidden);
  return (
    <figure class="chart">
      <figcaption>
        <h2>{title}</h2>
        <span class="muted">{hint}</span>
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
