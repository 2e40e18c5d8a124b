import { useMemo } from 'preact/hooks';
import type { CompositionAnswer } from '../../server/interfaces/http/schemas/composition.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import type { Outcome } from '../api.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { Moment } from '../components/figures.tsx';
import { COLUMNS, useSteadyRange } from '../components/use-steady-range.ts';
import { failureText } from '../lib/failure-text.ts';
import { unit, zone } from '../lib/reader.ts';
import type { View } from '../state.ts';
import { frameOf } from './plot-charts.ts';
import { buildCompositionChart, compositionLayers, compositionSummary } from './plot-composition.ts';
import type { FigureProps } from './plot-figures.tsx';
import { interactions } from './plot-figures.tsx';
import { lifeOf } from './plot-marks.ts';

const TITLE = 'Composition';

/** Every sample of the range is read for it, so the page does not wait, and one sample more is no reason to ask again. */
export function useComposition(
  view: View,
  { host, process, range }: PlotAnswer,
): Outcome<CompositionAnswer> | null {
  const place = `${host} ${process.key} ${view.params.from} ${view.params.to}`;
  const { from, to } = useSteadyRange(place, { from: Date.parse(range.from), to: Date.parse(range.to) });
  const asked = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const px = String(COLUMNS * 4);
  const href = besideHref('/api/v1/composition', { host, key: process.key, ...asked, px });
  return useOutcome<CompositionAnswer, null>(href, null)?.outcome ?? null;
}

interface CompositionProps extends FigureProps {
  readonly told: CompositionAnswer;
}

/** Of a range of very many samples only the newest are read. */
function Hint({ answer, told }: Pick<CompositionProps, 'answer' | 'told'>) {
  if (Date.parse(told.range.from) <= Date.parse(answer.range.from))
    return <>RSS as far as PSS divides it, and what is swapped out, stacked</>;
  return (
    <>
      since <Moment at={told.range.from} />: of longer ranges the newest samples are told
    </>
  );
}

function Told({ view, answer, aside, told }: CompositionProps) {
  const spec = useMemo(() => {
    const frame = frameOf(answer, aside.isZoomed);
    return buildCompositionChart(told, { ...frame, life: lifeOf(answer, frame.range, aside.newest) });
  }, [answer, aside, told, unit.value, zone.value]);
  return (
    <ChartFigure
      {...interactions(view, answer.process.pid)}
      title={TITLE}
      hint={<Hint answer={answer} told={told} />}
      spec={spec}
      summary={compositionSummary(told)}
    />
  );
}

function Nothing({ outcome }: { readonly outcome: Outcome<CompositionAnswer> }) {
  const text =
    outcome.kind === 'answer' ? 'It held no memory of its own in this range.' : failureText(outcome);
  return <p class="muted">{text}</p>;
}

interface FigureOutcome extends FigureProps {
  /** `null`: it comes. */
  readonly outcome: Outcome<CompositionAnswer> | null;
}

export function CompositionFigure({ outcome, ...props }: FigureOutcome) {
  if (outcome?.kind === 'answer' && compositionLayers(outcome.answer).length > 0)
    return <Told {...props} told={outcome.answer} />;
  return (
    <section aria-busy={outcome === null}>
      <h2>{TITLE}</h2>
      {outcome ? <Nothing outcome={outcome} /> : <i class="bone picture" />}
    </section>
  );
}
