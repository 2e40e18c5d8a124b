import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { hiddenLines, toggleLine } from '../hidden-lines.ts';
import type { ChartEvents, ChartSpec, Mark } from '../lib/chart-spec.ts';
import { countOf } from '../lib/numbers.ts';
import { zone } from '../lib/reader.ts';
import type { Span } from '../lib/series.ts';
import { gapSpans } from '../lib/series.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, linkTo } from '../state.ts';

/** What all charts of the overview share: their stretch of time, what happened in it, and where a hand leads. */

export interface OverviewProps {
  readonly view: View;
  readonly answer: OverviewAnswer;
}

export function iso(t: number): string {
  return new Date(t).toISOString();
}

/** More lines across a picture than these hide it; all are in the list of events. */
const MOST_MARKS = 60;

function markOf({ t, kind, count = 1 }: OverviewAnswer['events'][number]): Mark {
  if (kind === 'reboot') return { t, text: 'Reboot', tone: 'muted' };
  return { t, text: countOf(count, 'OOM kill', 'OOM kills'), tone: 'hurt' };
}

/** Gaps are bands, and need no line. */
function marksOf({ events }: OverviewAnswer): readonly Mark[] {
  return events
    .filter(({ kind }) => kind === 'oom_kill' || kind === 'reboot')
    .slice(-MOST_MARKS)
    .map(markOf);
}

function rangeOf({ coverage }: OverviewAnswer): Span {
  const from = Date.parse(coverage.from);
  const to = Date.parse(coverage.to);
  // One sample alone still needs a stretch of time to stand in.
  return from === to ? { from: from - 60_000, to: to + 60_000 } : { from, to };
}

export type Frame = Pick<ChartSpec, 'gaps' | 'marks' | 'range' | 'zone' | 'height'>;

export function frameOf({ view, answer }: OverviewProps, height: number): Frame {
  return {
    gaps: gapSpans(answer.coverage.gaps),
    marks: marksOf(answer),
    range: rangeOf(answer),
    zone: zone.value,
    height: Number(view.params.height) || height,
  };
}

/** In a small picture the lines stand, and the words are left to the large one. */
export function withoutWords(frame: Frame): Frame {
  return { ...frame, marks: frame.marks?.map((mark) => ({ ...mark, text: '' })) ?? [] };
}

/** Not drawn until the reader asks: a sum that counts shared pages often would stretch the axis. */
const HIDDEN_AT_FIRST: readonly string[] = ['used_htop_bytes', 'process_rss_bytes'];

export function snapshotAt(view: View, t: number): string {
  return linkTo('snapshot', view, { ts: iso(t) });
}

/** @param onPoint where a click on a moment leads; the snapshot of that sample unless it is given */
export function interactionsOf(view: View, onPoint?: ChartEvents['onPoint']) {
  return {
    hidden: hiddenLines(view, HIDDEN_AT_FIRST),
    onToggle: (id: string) => adjustView(toggleLine(view, id, HIDDEN_AT_FIRST)),
    hrefAt: (t: number) => snapshotAt(view, t),
    events: {
      onPoint: onPoint ?? ((t: number) => navigate(snapshotAt(view, t))),
      onZoom: ({ from, to }: Span) => adjustView(changeView(view, { from: iso(from), to: iso(to) })),
      onReset: () => adjustView(changeView(view, { from: null, to: null })),
    },
  };
}
