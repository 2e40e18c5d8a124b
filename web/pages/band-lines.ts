import type { ChartLine } from '../lib/chart-spec.ts';
import type { Band, Span } from '../lib/series.ts';
import { breakLine } from '../lib/series.ts';

/** Beside a line of means, thin ones of the smallest and the largest sample of each step; none where there is no band. */
export function bandLines(
  { id, name, colour }: Pick<ChartLine, 'id' | 'name' | 'colour'>,
  band: Band | null,
  gaps: readonly Span[],
): readonly ChartLine[] {
  if (!band) return [];
  const shared = { colour, width: 1, opacity: 0.7, dash: 'dot' } as const;
  return [
    { ...shared, id: `${id} least`, name: `${name}, smallest`, ...breakLine(band.least, gaps) },
    { ...shared, id: `${id} most`, name: `${name}, largest`, ...breakLine(band.most, gaps) },
  ];
}
