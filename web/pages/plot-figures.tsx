import { useMemo, useRef } from 'preact/hooks';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { useOffer } from '../chart-pictures.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { ChartTable } from '../components/chart-table.tsx';
import { LifeEvents } from '../components/life-events.tsx';
import type { SmallLine } from '../components/small-multiples.tsx';
import { SmallMultiples } from '../components/small-multiples.tsx';
import { takeSmallPicture } from '../components/small-picture.tsx';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { unit, zone } from '../lib/reader.ts';
import type { Span } from '../lib/series.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo, readSet, toggleInSet } from '../state.ts';
import type { PlotAside } from './plot-charts.ts';
import { buildChildrenChart, buildOwnChart, childrenSummary, layersOf, ownSummary } from './plot-charts.ts';
import { markedEvents } from './plot-marks.ts';

/** The charts of one process, and what a click on them does. */

export interface FigureProps {
  readonly view: View;
  readonly answer: PlotAnswer;
  readonly aside: PlotAside;
}

export function interactions(view: View, pid: number) {
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

export function OwnFigure({ view, answer, aside }: FigureProps) {
  const spec = useMemo(() => buildOwnChart(answer, aside), [answer, aside, unit.value, zone.value]);
  return (
    <ChartFigure
      {...interactions(view, answer.process.pid)}
      title="Own & subtree RSS"
      hint="click a moment for the subtree then, drag to zoom"
      spec={spec}
      summary={ownSummary(answer)}
    >
      <LifeEvents events={markedEvents(aside.events, spec.range)} />
    </ChartFigure>
  );
}

/**
 * A stack says who made up the sum, which is what most come for, and the form must not change by itself when a zoom
 * changes how many children there are: small multiples are chosen.
 */
function FormLinks({ view }: { readonly view: View }) {
  const isSmall = view.params.small === '1';
  return (
    <nav class="forms" aria-label="Children RSS as">
      <a href={hrefOf(changeView(view, { small: null }))} aria-current={isSmall ? undefined : 'true'}>
        Stacked
      </a>
      <a href={hrefOf(changeView(view, { small: '1' }))} aria-current={isSmall ? 'true' : undefined}>
        Side by side
      </a>
    </nav>
  );
}

const CHILDREN = 'Children RSS';

function smallLines(view: View, answer: PlotAnswer): readonly SmallLine[] {
  const pids = new Map(answer.children.map(({ key, pid, t }) => [key, { pid, ts: t.at(-1) }]));
  return layersOf(answer).map((layer) => {
    const child = pids.get(layer.id);
    const ts = child?.ts === undefined ? null : new Date(child.ts).toISOString();
    return { ...layer, href: child ? linkTo('plot', view, { pid: child.pid, key: layer.id, ts }) : null };
  });
}

function SideBySide({ view, answer, spec }: Omit<FigureProps, 'aside'> & { readonly spec: ChartSpec }) {
  const { hrefAt } = interactions(view, answer.process.pid);
  const figure = useRef<HTMLElement>(null);
  const drawn = { lines: smallLines(view, answer), gaps: spec.gaps, range: spec.range };
  useOffer({
    title: CHILDREN,
    take: (format) =>
      takeSmallPicture(figure.current ?? document.body, { ...drawn, title: CHILDREN }, format),
  });
  return (
    <figure class="chart" ref={figure}>
      <figcaption>
        <h2>{CHILDREN}</h2>
        <span class="muted">direct children, each with all below it, on one scale</span>
        <FormLinks view={view} />
      </figcaption>
      <p class="summary">{childrenSummary(answer)}</p>
      <SmallMultiples {...drawn} />
      <ChartTable title={CHILDREN} spec={spec} hrefAt={hrefAt} />
    </figure>
  );
}

export function ChildrenFigure({ view, answer, aside }: FigureProps) {
  const spec = useMemo(() => buildChildrenChart(answer, aside), [answer, aside, unit.value, zone.value]);
  if (!spec) {
    return (
      <section>
        <h2>{CHILDREN}</h2>
        <p class="muted">{childrenSummary(answer)}</p>
      </section>
    );
  }
  if (view.params.small === '1') return <SideBySide view={view} answer={answer} spec={spec} />;
  return (
    <ChartFigure
      {...interactions(view, answer.process.pid)}
      title={CHILDREN}
      hint="direct children, stacked, each with all below it"
      tools={<FormLinks view={view} />}
      spec={spec}
      summary={childrenSummary(answer)}
    />
  );
}
