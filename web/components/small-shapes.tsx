import type { GapSpan, Points } from '../lib/series.ts';
import { breakLine } from '../lib/series.ts';
import type { SmallFrame } from '../lib/small-plot.ts';
import { drawSmall, placeAcross } from '../lib/small-plot.ts';

/** The colours of a small plot, as attributes take them: on the page by name, in a picture as they are. */
export interface SmallInks {
  readonly gap: string;
  readonly grid: string;
  readonly area: string;
  readonly line: string;
}

interface ShapesProps {
  readonly points: Points;
  readonly gaps: readonly GapSpan[];
  readonly frame: SmallFrame;
  readonly inks: SmallInks;
}

/** A line with its area and the gaps behind it, for a picture of 100 × 100 that is stretched. */
export function SmallShapes({ points, gaps, frame, inks }: ShapesProps) {
  const { line, area } = drawSmall(breakLine(points, gaps), frame);
  const pen = { fill: 'none', 'vector-effect': 'non-scaling-stroke', 'stroke-linecap': 'round' } as const;
  return (
    <>
      {gaps.map(({ from, to }) => {
        const x = placeAcross(frame, from);
        return <rect key={from} x={x} width={placeAcross(frame, to) - x} height="100" fill={inks.gap} />;
      })}
      <path {...pen} stroke={inks.grid} d="M0 0H100M0 50H100M0 100H100" />
      <path fill={inks.area} d={area} />
      <path {...pen} class="line" stroke={inks.line} stroke-width="1.5" stroke-linejoin="round" d={line} />
    </>
  );
}
