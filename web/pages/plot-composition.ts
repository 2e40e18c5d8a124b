import type { CompositionAnswer } from '../../server/interfaces/http/schemas/composition.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { layerInk, OTHERS_INK } from '../lib/colours.ts';
import type { LayerPoints } from '../lib/series.ts';
import { extremesOf, stackLines } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';
import { peakPhrase } from './overview-charts.ts';

/** Of what the memory of a process consists, along time: parts that add up to its RSS, and what is swapped out. */

interface Layer {
  readonly id: string;
  readonly name: string;
  readonly points: LayerPoints;
}

type Told = Pick<CompositionAnswer, 't' | 'rss_bytes' | 'pss_bytes' | 'swap_bytes'>;

/** Along the samples a part of RSS, `null` in gaps. PSS is read after RSS and may be a little more. */
function partOf(
  { t, rss_bytes, pss_bytes }: Told,
  part: (rss: number, pss: number | null) => number,
): LayerPoints {
  const values = rss_bytes.map((rss, at) => (rss === null ? null : Math.max(0, part(rss, pss_bytes[at]))));
  return { t, values };
}

function swapOf({ t, rss_bytes, swap_bytes }: Told): LayerPoints {
  const isUnknown = rss_bytes.map((rss, at) => rss !== null && swap_bytes[at] === null);
  return { t, values: swap_bytes, isUnknown };
}

function hasAny({ values }: LayerPoints): boolean {
  return values.some((value) => value !== null && value > 0);
}

/** Those that hold anything in the range, the lowest first. */
export function compositionLayers(answer: Told): readonly Layer[] {
  const layers: readonly Layer[] = [
    { id: 'pss', name: 'Fair share (PSS)', points: partOf(answer, (_, pss) => pss ?? 0) },
    {
      id: 'shared',
      name: 'Counted for its sharers (RSS − PSS)',
      points: partOf(answer, (rss, pss) => (pss === null ? 0 : rss - pss)),
    },
    {
      id: 'undivided',
      name: 'RSS, PSS unknown',
      points: partOf(answer, (rss, pss) => (pss === null ? rss : 0)),
    },
    { id: 'swap', name: 'Swapped out', points: swapOf(answer) },
  ];
  return layers.filter(({ points }) => hasAny(points));
}

type Frame = Pick<ChartSpec, 'gaps' | 'range' | 'zone' | 'height' | 'life'>;

export function buildCompositionChart(answer: CompositionAnswer, frame: Frame): ChartSpec {
  const layers = compositionLayers(answer);
  const inked = layers.map((layer, at) => ({
    ...layer,
    ink: layer.id === 'undivided' ? OTHERS_INK : layerInk(at),
  }));
  return { ...frame, lines: stackLines(inked, frame.gaps) };
}

function sharePhrase({ t, rss_bytes, pss_bytes }: Told): string {
  const at = pss_bytes.findLastIndex((pss) => pss !== null);
  if (at < 0) return 'PSS is not known in this range: it needs root or the same user. RSS is not divided';
  return `${formatBytes(pss_bytes[at])} of ${formatBytes(rss_bytes[at])} RSS is its fair share (PSS) at ${formatMoment(t[at])}`;
}

function swapPhrase({ t, swap_bytes }: Told): string {
  const swap = extremesOf({ t, values: swap_bytes });
  if (!swap) return 'swap is not known';
  if (swap.high.value === 0) return 'nothing was swapped out';
  return `${formatBytes(swap.last.value)} swapped out${peakPhrase(swap)}`;
}

function isPartlyUnknown({ rss_bytes, pss_bytes }: Told): boolean {
  const isDivided = rss_bytes.flatMap((rss, at) => (rss === null ? [] : [pss_bytes[at] !== null]));
  return isDivided.includes(true) && isDivided.includes(false);
}

export function compositionSummary(answer: Told): string {
  const rest = isPartlyUnknown(answer) ? ' Where PSS is not known for long, RSS is not divided.' : '';
  return `${sharePhrase(answer)}; ${swapPhrase(answer)}.${rest}`;
}
