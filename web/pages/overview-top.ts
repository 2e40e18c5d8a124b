import type { TopMetric } from '../../server/domain/top-metrics.ts';
import { TOP_METRICS } from '../../server/domain/top-metrics.ts';
import type { TopAnswer } from '../../server/interfaces/http/schemas/top.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { layerInk } from '../lib/colours.ts';
import { countOf, formatShare } from '../lib/numbers.ts';
import { briefName, shorten, shortName } from '../lib/process-text.ts';
import { buildStack, extremesOf } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';
import type { Frame } from './overview-frame.ts';

/** The largest processes along time, stacked, and the sentence that says the same. */

export const TOP_LABELS: Readonly<Record<TopMetric, string>> = { rss: 'RSS', pss: 'PSS', swap: 'Swap' };

/** What the figures are worth, in a line under the title. */
export const TOP_HINTS: Readonly<Record<TopMetric, string>> = {
  rss: 'each process alone; pages that processes share count for each',
  pss: 'each process alone; pages that processes share are divided among them',
  swap: 'each process alone, what of it is swapped out',
};

const MOST_NAME = 40;
/** The id of the layer that is no single process. */
const OTHERS = 'others';

export function topMetricOf({ params }: View): TopMetric {
  return TOP_METRICS.find((metric) => metric === params.metric) ?? 'rss';
}

/** Whether any process has this figure at all. */
export function isTold({ total }: TopAnswer): boolean {
  return total.some((bytes) => bytes !== null && bytes > 0);
}

interface Layer {
  readonly id: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

function layersOf({ series, others }: TopAnswer): readonly Layer[] {
  const layers = series.map((one) => ({
    id: one.key,
    name: `${one.pid} ${shorten(briefName(one), MOST_NAME)}`,
    values: one.bytes,
  }));
  if (others.processes === 0) return layers;
  const name = countOf(others.processes, 'other process', 'other processes');
  return [...layers, { id: OTHERS, name, values: others.bytes }];
}

/** What is no single process is grey. */
const OTHERS_INK = { colour: 'muted', opacity: 0.22 } as const;

/** @param frame the stretch that was asked for, with what happened in it */
export function buildTopChart(answer: TopAnswer, frame: Frame): ChartSpec {
  const layers = layersOf(answer);
  const stack = buildStack(
    layers.map(({ values }) => ({ t: answer.t, values })),
    frame.gaps,
  );
  const lines = layers.map(({ id, name }, index) => ({
    id,
    name,
    t: stack.t,
    values: stack.layers[index],
    isEdge: stack.isEdge,
    isLayer: true,
    ...(id === OTHERS ? OTHERS_INK : layerInk(index)),
  }));
  return { ...frame, lines };
}

/** The process whose layer was clicked. */
export function processOf(answer: TopAnswer, layer: string | null): TopAnswer['series'][number] | null {
  return answer.series.find(({ key }) => key === layer) ?? null;
}

function knownPhrase({ known_ratio }: TopAnswer): string {
  const ratio = known_ratio?.findLast((known) => known !== null) ?? 1;
  return ratio === 1 ? '' : ` PSS is known of ${formatShare(ratio)} of the processes.`;
}

export function topSummary(answer: TopAnswer): string {
  const peaks = answer.series.flatMap((one) => {
    const found = extremesOf({ t: answer.t, values: one.bytes });
    return found ? [{ one, high: found.high }] : [];
  });
  const [largest] = peaks.toSorted((a, b) => b.high.value - a.high.value);
  if (!largest) return 'No process was recorded in this range.';
  const { one, high } = largest;
  const who = `PID ${one.pid} (${shorten(shortName(one), MOST_NAME)})`;
  return (
    `${who} reached ${formatBytes(high.value)} at ${formatMoment(high.t)}, ` +
    `the most ${TOP_LABELS[answer.metric]} of any process in this range.${knownPhrase(answer)}`
  );
}

/** Why there is nothing to draw. */
export const TOP_ABSENCES: Readonly<Record<TopMetric, string>> = {
  rss: 'No process was recorded in this range.',
  pss: 'PSS was not recorded in this range. RSS tells of the same processes, as an upper bound.',
  swap: 'No process had memory swapped out in this range, as far as it was recorded.',
};
