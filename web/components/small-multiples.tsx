import { formatBytes } from '../lib/bytes.ts';
import type { GapSpan, Points, Span } from '../lib/series.ts';
import { breakLine, extremesOf } from '../lib/series.ts';
import type { SmallFrame } from '../lib/small-plot.ts';
import { drawSmall, placeAcross, placeUp } from '../lib/small-plot.ts';
import { formatMoment, formatMomentBeside } from '../lib/time.ts';
import { Bytes } from './figures.tsx';

/** Many lines beside each other, all on one scale: each is seen from its own ground, unlike in a stack. */

export interface SmallLine {
  readonly id: string;
  readonly name: string;
  readonly points: Points;
  /** Where it leads; the sum of many leads nowhere. */
  readonly href: string | null;
}

interface SmallMultiplesProps {
  readonly lines: readonly SmallLine[];
  readonly gaps: readonly GapSpan[];
  readonly range: Span;
}

function frameOf({ lines, range }: SmallMultiplesProps): SmallFrame {
  const peaks = lines.map(({ points }) => extremesOf(points)?.high.value ?? 0);
  return { range, top: Math.max(1, ...peaks) };
}

interface CellProps {
  readonly line: SmallLine;
  readonly frame: SmallFrame;
  readonly gaps: readonly GapSpan[];
}

function Picture({ line, frame, gaps }: CellProps) {
  const { line: path, area } = drawSmall(breakLine(line.points, gaps), frame);
  const most = extremesOf(line.points)?.high;
  return (
    <div class="small-plot" aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {gaps.map(({ from, to }) => {
          const x = placeAcross(frame, from);
          return <rect key={from} class="gap" x={x} y="0" width={placeAcross(frame, to) - x} height="100" />;
        })}
        <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
        <path class="area" d={area} />
        <path class="line" d={path} />
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
  const found = extremesOf(line.points);
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
      <p class="small-figures muted">
        {found ? (
          <>
            most <Bytes value={found.high.value} /> at {formatMomentBeside(found.high.t, frame.range.to)}
          </>
        ) : (
          'unknown'
        )}
      </p>
    </li>
  );
}

export function SmallMultiples(props: SmallMultiplesProps) {
  const { lines, gaps, range } = props;
  const frame = frameOf(props);
  return (
    <>
      <p class="muted small-scale">
        Each from 0 to {formatBytes(frame.top)}, {formatMoment(range.from)} to{' '}
        {formatMomentBeside(range.to, range.from)}; the dot is its most.
      </p>
      <ul class="multiples">
        {lines.map((line) => (
          <Cell key={line.id} line={line} frame={frame} gaps={gaps} />
        ))}
      </ul>
    </>
  );
}
