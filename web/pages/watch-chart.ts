import type { WatchTimelineAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { layerInk } from '../lib/colours.ts';
import { buildStack, extremesOf } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';
import type { Frame } from './overview-frame.ts';

/** What a watch group held along time: its members stacked, and the sentence that says the same. */

type Sums = WatchTimelineAnswer['total'];
type Figure = 'pss_bytes' | 'rss_bytes';

/** PSS, where it is known of every process in every sample that is told: only its sums are right. */
export function figureOf({ total }: WatchTimelineAnswer): Figure {
  const isKnown = total.processes.every((count, at) => count === total.pss_known[at]);
  return isKnown ? 'pss_bytes' : 'rss_bytes';
}

export function buildWatchChart(answer: WatchTimelineAnswer, frame: Frame): ChartSpec {
  const figure = figureOf(answer);
  const { t, members } = answer;
  const stack = buildStack(
    members.map((sums) => ({ t, values: sums[figure] })),
    frame.gaps,
  );
  const lines = members.map(({ name }, index) => ({
    id: `member-${index}`,
    name,
    t: stack.t,
    values: stack.layers[index],
    isEdge: stack.isEdge,
    isLayer: true,
    ...layerInk(index),
  }));
  return { ...frame, lines };
}

/** Whether the group had a process in any sample that is told. */
export function wasThere({ total }: WatchTimelineAnswer): boolean {
  return total.processes.some((count) => count !== null && count > 0);
}

/** What the figures are worth, in a line beside the title. */
export function watchHint(answer: WatchTimelineAnswer): string {
  return figureOf(answer) === 'pss_bytes'
    ? 'PSS: pages that processes share are divided among them'
    : 'RSS, an upper bound: pages that processes share count for each';
}

function newestOf({ processes }: Sums): string {
  const count = processes.findLast((one) => one !== null) ?? 0;
  if (count === 0) return 'none of its processes is there at the end';
  return count === 1 ? 'one process is there at the end' : `${count} processes are there at the end`;
}

export function watchSummary(answer: WatchTimelineAnswer): string {
  const figure = figureOf(answer);
  const found = extremesOf({ t: answer.t, values: answer.total[figure] });
  if (!found || !wasThere(answer)) return `No process of ${answer.name} was recorded in this range.`;
  const { high, last } = found;
  const bound = figure === 'rss_bytes' ? 'at most ' : '';
  return (
    `${answer.name} held ${bound}${formatBytes(high.value)} at ${formatMoment(high.t)}, the most in this range, ` +
    `and ${bound}${formatBytes(last.value)} at its end; ${newestOf(answer.total)}.`
  );
}
