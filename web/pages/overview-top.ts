import type { TopMetric } from '../../server/domain/top-metrics.ts';
import { TOP_METRICS } from '../../server/domain/top-metrics.ts';
import type { TopAnswer } from '../../server/interfaces/http/schemas/top.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { layerInk, OTHERS_INK } from '../lib/colours.ts';
import { countOf, formatShare } from '../lib/numbers.ts';
import { briefName, shorten, shortName } from '../lib/process-text.ts';
import type { LayerPoints } from '../lib/series.ts';
import { extremesOf, stackLines } from '../lib/series.ts';
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
  readonly points: LayerPoints;
}

type Told = Pick<TopAnswer['others'], 'bytes' | 'unknown'>;

/** A sum of which only a part is unknown is told as what is known of it. */
function pointsOf({ t }: TopAnswer, { bytes, unknown }: Told): LayerPoints {
  return { t, values: bytes, isUnknown: unknown.map((count, at) => bytes[at] === null && (count ?? 0) > 0) };
}

/** As much as is known of the others, at least. */
function othersName({ others: { processes, unknown } }: TopAnswer): string {
  const most = Math.max(0, ...unknown.map((count) => count ?? 0));
  const name = countOf(processes, 'other process', 'other processes');
  return most === 0 ? name : `${name}, up to ${most} unknown`;
}

function layersOf(answer: TopAnswer): readonly Layer[] {
  const layers = answer.series.map((one) => ({
    id: one.key,
    name: `${one.pid} ${shorten(briefName(one), MOST_NAME)}`,
    points: pointsOf(answer, one),
  }));
  if (answer.others.processes === 0) return layers;
  return [...layers, { id: OTHERS, name: othersName(answer), points: pointsOf(answer, answer.others) }];
}

/** @param frame the stretch that was asked for, with what happened in it */
export function buildTopChart(answer: TopAnswer, frame: Frame): ChartSpec {
  const layers = layersOf(answer);
  const inked = layers.map((layer, at) => ({
    ...layer,
    ink: layer.id === OTHERS ? OTHERS_INK : layerInk(at),
  }));
  return { ...frame, lines: stackLines(inked, frame.gaps) };
}

/** The process whose layer was clicked. */
export function processOf(answer: TopAnswer, layer: string | null): TopAnswer['series'][number] | null {
  return answer.series.find(({ key }) => key === layer) ?? null;
}

/** Who in the picture is unknown somewhere. */
function hatchedPhrase(answer: TopAnswer): string {
  const hatched = layersOf(answer).filter(({ points }) => points.isUnknown?.includes(true));
  if (hatched.length === 0) return '';
  const [{ name }] = hatched;
  const whose = hatched.length === 1 ? name : countOf(hatched.length, 'layer', 'layers');
  return ` ${TOP_LABELS[answer.metric]} of ${whose} is unknown at times: where it is hatched, there was more than is drawn.`;
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
    `the most ${TOP_LABELS[answer.metric]} of any process in this range.${knownPhrase(answer)}${hatchedPhrase(answer)}`
  );
}

/** Why there is nothing to draw. */
export const TOP_ABSENCES: Readonly<Record<TopMetric, string>> = {
  rss: 'No process was recorded in this range.',
  pss: 'PSS was not recorded in this range. RSS tells of the same processes, as an upper bound.',
  swap: 'No process had memory swapped out in this range, as far as it was recorded.',
};
