import type { EventsAnswer } from '../../server/interfaces/http/schemas/events.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartLine, ChartSpec, Peak } from '../lib/chart-spec.ts';
import { layerInk, OTHERS_INK } from '../lib/colours.ts';
import { countOf } from '../lib/numbers.ts';
import { processName, shorten } from '../lib/process-text.ts';
import { zone } from '../lib/reader.ts';
import type { Extremes, Points, Span } from '../lib/series.ts';
import { breakLine, buildStack, extremesOf, gapSpans, sampleExtremes } from '../lib/series.ts';
import { formatMoment, formatMomentBeside } from '../lib/time.ts';
import { bandLines } from './band-lines.ts';
import { peakPhrase, whenPhrase } from './overview-charts.ts';
import { lifeOf, markedEvents, markOf } from './plot-marks.ts';

/** What the page of one process draws, and the sentences that say the same. */

/** What comes from elsewhere than its answer. */
export interface PlotAside {
  readonly isZoomed: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly events: EventsAnswer | null;
  /** Instant of the newest sample. */
  readonly newest: number | null;
}

const MOST_MARKERS = 200;
const MOST_NAME = 48;
const HEIGHT = 400;

/** The part of the range in which the process lived, with a little room: a short life fills the picture. */
function lifeRange({ own, range }: PlotAnswer): Span {
  const first = own.t.at(0) ?? Date.parse(range.from);
  const last = own.t.at(-1) ?? Date.parse(range.to);
  const room = Math.max(30_000, (last - first) * 0.02);
  return { from: first - room, to: last + room };
}

function rangeOf(answer: PlotAnswer, isZoomed: boolean): Span {
  const { from, to } = answer.range;
  return isZoomed ? { from: Date.parse(from), to: Date.parse(to) } : lifeRange(answer);
}

export function frameOf(answer: PlotAnswer, isZoomed: boolean) {
  const range = rangeOf(answer, isZoomed);
  const gaps = gapSpans(answer.gaps).filter((gap) => gap.to > range.from && gap.from < range.to);
  return { gaps, range, zone: zone.value, height: HEIGHT };
}

type PlotLine = PlotAnswer['own'];

/** `null` where samples are told. */
function bandOf({ t, rss_min_bytes: least, rss_max_bytes: most }: PlotLine) {
  return least && most ? { least: { t, values: least }, most: { t, values: most } } : null;
}

/** The smallest and the largest are samples, also where means are told. */
export function extremesAlong(line: PlotLine): Extremes | null {
  return sampleExtremes({ t: line.t, values: line.rss_bytes }, bandOf(line));
}

/** The largest of the range of each line that is to be seen, the subtree's first; one where they are the same. */
export function peakMarks(answer: PlotAnswer, hidden: ReadonlySet<string>): readonly Peak[] {
  const { peak, own, subtree } = answer;
  if (own.t.length < 2) return [];
  const high = extremesAlong(subtree)?.high;
  const mine = { t: peak.t, value: peak.rss_bytes };
  const ownPeak = hidden.has('own') ? [] : [{ ...mine, text: `own peak ${formatBytes(mine.value)}` }];
  if (!high || hidden.has('subtree')) return ownPeak;
  if (ownPeak.length > 0 && high.value === mine.value)
    return [{ ...mine, text: `peak ${formatBytes(mine.value)}` }];
  return [{ ...high, text: `subtree peak ${formatBytes(high.value)}` }, ...ownPeak];
}

/** Of its own RSS, the largest at the instant of its sample, also where steps are told. */
export function ownExtremes({ own, peak }: PlotAnswer): Extremes | null {
  const found = extremesAlong(own);
  return found && { ...found, high: { t: peak.t, value: peak.rss_bytes } };
}

export function buildOwnChart(answer: PlotAnswer, aside: PlotAside): ChartSpec {
  const frame = frameOf(answer, aside.isZoomed);
  const { gaps, range } = frame;
  const own = breakLine({ t: answer.own.t, values: answer.own.rss_bytes }, gaps);
  const subtree = breakLine({ t: answer.subtree.t, values: answer.subtree.rss_bytes }, gaps);
  const hasMarkers = answer.own.t.length <= MOST_MARKERS;
  const lines: readonly ChartLine[] = [
    { id: 'own', name: 'Own RSS', colour: 'c1', width: 2, hasMarkers, ...own },
    { id: 'subtree', name: 'Subtree RSS', colour: 'c2', dash: 'dash', width: 2, ...subtree },
    ...bandLines({ id: 'own', name: 'Own RSS', colour: 'c1' }, bandOf(answer.own), gaps),
    ...bandLines({ id: 'subtree', name: 'Subtree RSS', colour: 'c2' }, bandOf(answer.subtree), gaps),
  ];
  return {
    ...frame,
    lines,
    life: lifeOf(answer, range, aside.newest),
    marks: markedEvents(aside.events, range).map((event) => markOf(event, range)),
    peaks: peakMarks(answer, aside.hidden),
  };
}

/** The id of the layer that is no single child. */
const OTHERS = 'others';

export interface Layer {
  readonly id: string;
  readonly name: string;
  readonly points: Points;
}

/** Direct children, each with all below it, and the rest of them. */
export function layersOf({ children, others }: PlotAnswer): readonly Layer[] {
  const layers = children.map((child) => ({
    id: child.key,
    name: `${child.pid} ${shorten(processName(child).text, MOST_NAME)}`,
    points: { t: child.t, values: child.subtree_rss_bytes },
  }));
  if (!others) return layers;
  const rest = { t: others.t, values: others.subtree_rss_bytes };
  return [
    ...layers,
    { id: OTHERS, name: others.processes === 1 ? '1 other' : `${others.processes} others`, points: rest },
  ];
}

/** Direct children with all below them, largest at the bottom as the server sends them; `null`: there were none. */
export function buildChildrenChart(answer: PlotAnswer, aside: PlotAside): ChartSpec | null {
  const layers = layersOf(answer);
  if (layers.length === 0) return null;
  const frame = frameOf(answer, aside.isZoomed);
  const stack = buildStack(
    layers.map(({ points }) => points),
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
  return { ...frame, lines, life: lifeOf(answer, frame.range, aside.newest) };
}

/** Smallest subtree sum in the range shown; thinning keeps extremes, so this is exact. */
export function subtreeMin(answer: PlotAnswer): number | null {
  return extremesAlong(answer.subtree)?.low.value ?? null;
}

export function ownSummary(answer: PlotAnswer): string {
  const own = ownExtremes(answer);
  const subtree = extremesAlong(answer.subtree);
  if (!own || !subtree) return 'Nothing was recorded of this process in this range.';
  return (
    `Own RSS ${formatBytes(own.last.value)} at ${formatMoment(own.last.t)}${peakPhrase(own)}; ` +
    `the subtree reached ${formatBytes(subtree.high.value)} ${whenPhrase(formatMomentBeside(subtree.high.t, own.last.t), answer)}.`
  );
}

export function childrenSummary(answer: PlotAnswer): string {
  const count = answer.children.length + (answer.others?.processes ?? 0);
  if (count === 0) return 'It had no children in this range.';
  const peaks = answer.children.map((child) => ({
    child,
    high: extremesOf({ t: child.t, values: child.subtree_rss_bytes })?.high.value ?? 0,
  }));
  const largest = peaks.toSorted((a, b) => b.high - a.high).at(0);
  const who = largest
    ? `PID ${largest.child.pid} (${shorten(processName(largest.child).text.trim(), 40)})`
    : 'none';
  const how = answer.method === 'buckets' ? 'at most, as a mean of a step,' : 'which reached';
  const reached = largest ? `, ${how} ${formatBytes(largest.high)}` : '';
  return `${countOf(count, 'direct child', 'direct children')}; the largest was ${who}${reached}. Each with all below it.`;
}
