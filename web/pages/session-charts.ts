import { displayText } from '../../server/domain/text-notation.ts';
import type { SessionAnswer } from '../../server/interfaces/http/schemas/sessions.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartLine, ChartSpec, Dash } from '../lib/chart-spec.ts';
import { layerInk } from '../lib/colours.ts';
import { zone } from '../lib/reader.ts';
import { breakLine, extremesOf, gapSpans } from '../lib/series.ts';
import { formatMomentBeside } from '../lib/time.ts';

/** A session along its time: the host, and the members of its watch group. */

const HEIGHT = 260;
const SPARSE = 60;
const DASHES: readonly Dash[] = ['solid', 'dash', 'dot', 'dashdot'];

function frameOf({ coverage, session }: SessionAnswer): Omit<ChartSpec, 'lines'> {
  const from = Date.parse(coverage?.from ?? session.started);
  const to = Math.max(Date.parse(coverage?.to ?? session.ends), from + session.interval_seconds * 1000);
  return { gaps: gapSpans(coverage?.gaps ?? []), range: { from, to }, zone: zone.value, height: HEIGHT };
}

function lineOf(
  { series: { t } }: SessionAnswer,
  frame: Omit<ChartSpec, 'lines'>,
  style: Pick<ChartLine, 'id' | 'name' | 'colour' | 'dash' | 'isFilled'>,
  values: readonly (number | null)[],
): ChartLine {
  return { ...style, ...breakLine({ t, values }, frame.gaps), width: 2, hasMarkers: t.length < SPARSE };
}

export function buildHostChart(answer: SessionAnswer): ChartSpec {
  const frame = frameOf(answer);
  const style = { id: 'used', name: 'Used (total − available)', colour: 'c1', isFilled: true } as const;
  return { ...frame, lines: [lineOf(answer, frame, style, answer.series.used_bytes)] };
}

export function buildMembersChart(answer: SessionAnswer): ChartSpec {
  const frame = frameOf(answer);
  const lines = answer.series.members.map(({ name, rss_bytes }, index) => {
    const { colour } = layerInk(index);
    const dash = DASHES[index % DASHES.length];
    return lineOf(answer, frame, { id: name, name: displayText(name), colour, dash }, rss_bytes);
  });
  return { ...frame, lines };
}

export function hostSummary({ series: { t, used_bytes: values } }: SessionAnswer): string {
  const used = extremesOf({ t, values });
  if (!used) return 'Nothing is known of the memory in use.';
  const { high, low, last } = used;
  const at = (moment: number) => formatMomentBeside(moment, last.t);
  return `${formatBytes(last.value)} used at the end; most ${formatBytes(high.value)} at ${at(high.t)}, least ${formatBytes(low.value)} at ${at(low.t)}.`;
}

export function membersSummary({ members }: SessionAnswer): string {
  const told = members.map(({ name, max_bytes, samples }) =>
    samples === 0
      ? `${displayText(name)} was never there`
      : `${displayText(name)} at most ${formatBytes(max_bytes)}`,
  );
  return `${told.join('; ')}.`;
}
