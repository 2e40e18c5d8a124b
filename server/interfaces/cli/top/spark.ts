/** A row of bars of one cell each, for figures along time. */

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** An unknown value, or none yet. */
const NOTHING = ' ';

function barOf(value: number, top: number): string {
  if (Number.isNaN(value)) return NOTHING;
  const step = top > 0 ? Math.ceil((value / top) * BARS.length) - 1 : 0;
  return BARS[Math.min(BARS.length - 1, Math.max(0, step))];
}

/** The last `width` values against `top`; right-aligned where there are fewer. */
export function sparkline(values: readonly number[], top: number, width: number): string {
  return values
    .slice(-width)
    .map((value) => barOf(value, top))
    .join('')
    .padStart(width, NOTHING);
}

export type Height = 'low' | 'mid' | 'high' | 'unknown';

/** The predecessor's steps: below 50 % of the peak, below 80 %, above. */
export function heightOf(value: number, peak: number): Height {
  if (Number.isNaN(value) || !(peak > 0)) return 'unknown';
  const share = value / peak;
  if (share < 0.5) return 'low';
  return share < 0.8 ? 'mid' : 'high';
}
