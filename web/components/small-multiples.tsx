import { formatBytes } from '../lib/bytes.ts';
import type { GapSpan, Points, Span } from '../lib/series.ts';
import { extremesOf } from '../lib/series.ts';
import type { SmallFrame } from '../lib/small-plot.ts';
import { placeAcross, placeUp } from '../lib/small-plot.ts';
import { formatMoment, formatMomentBeside } from '../lib/time.ts';
import type { SmallInks } from './small-shapes.tsx';
import { SmallShapes } from './small-shapes.tsx';

/** Many lines beside each other, all on one scale: each is seen from its own ground, unlike in a stack. */

export interface SmallLine {
  readonly id: string;
  readonly name: string;
  readonly points: Points;
  /** Where it leads; the sum of many leads nowhere. */
  readonly href: string | null;
}

export interface SmallMultiplesProps {
  readonly lines: readonly SmallLine[];
  readonly gaps: readonly GapSpan[];
  readonly range: Span;
}

export function frameOf({ lines, range }: SmallMultiplesProps): SmallFrame {
  const peaks = lines.map(({ points }) => extremesOf(points)?.high.value ?? 0);
  return { range, top: Math.max(1, ...peaks) };
}

export function scaleText(props: SmallMultiplesProps): string {
  const { from, to } = props.range;
  const span = `${formatMoment(from)} to ${formatMomentBeside(to, from)}`;
  return `Each from 0 to ${formatBytes(frameOf(props).top)}, ${span}; the dot is its most.`;
}

/** `most 1.20 GiB at 20:00:07` */
export function mostText({ points }: SmallLine, { range }: SmallFrame): string {
  const most = extremesOf(points)?.high;
  if (!most) return 'unknown';
  return `most ${formatBytes(most.value)} at ${formatMomentBeside(most.t, range.to)}`;
}

interface CellProps {
  readonly line: SmallLine;
  readonly frame: SmallFrame;
  readonly gaps: readonly GapSpan[];
}

const INKS: SmallInks = {
  gap: 'var(--gap)',
  grid: 'var(--line)',
  area: 'color-mix(in srgb, var(--c1) 18%, transparent)',
  line: 'var(--c1)',
};

function Picture({ line, frame, gaps }: CellProps) {
  const most = extremesOf(line.points)?.high;
  return (
    <div class="small-plot" aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <SmallShapes points={line.points} gaps={gaps} frame={frame} inks={INKS} />
      </svg>
      {most ? (
        <i
          class="peak"
          style={{ '--x': `${placeAcross(frame, most.t)}%`, '--y': `${placeUp(frame, most.value)}%` }}
        />
      ) : null}
    </div>
  );
}

function Cell({ line, frame, gaps }: CellProps) {
  return (
    <li>
      <p class="small-name">
        {line.href === null ? (
          <span class="cmd">{line.name}</span>
        ) : (
          <a class="cmd" href={line.href} title={line.name}>
            {line.name}
          </a>
        )}
      </p>
      <Picture line={line} frame={frame} gaps={gaps} />
      <p class="small-figures muted">{mostText(line, frame)}</p>
    </li>
  );
}

export function SmallMultiples(props: SmallMultiplesProps) {
  const { lines, gaps } = props;
  const frame = frameOf(props);
  return (
    <>
      <p class="muted small-scale">{scaleText(props)}</p>
      <ul class="multiples">
        {lines.map((line) => (
          <Cell key={line.id} line={line} frame={frame} gaps={gaps} />
        ))}
      </ul>
    </>
  );
}
