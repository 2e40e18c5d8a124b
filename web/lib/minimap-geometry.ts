import type { Span } from './series.ts';

/** Instants and places on a strip that shows the whole recording. Places are shares of its width, 0 … 1. */

export function shareOf(t: number, whole: Span): number {
  const length = whole.to - whole.from;
  return length > 0 ? Math.min(1, Math.max(0, (t - whole.from) / length)) : 0;
}

export function instantAt(share: number, whole: Span): number {
  return Math.round(whole.from + Math.min(1, Math.max(0, share)) * (whole.to - whole.from));
}

export type Grip = 'from' | 'to' | 'window' | 'new';

/** What a hand takes hold of: an edge when it is near, the window when it is not all there is, else a new one. */
export function gripAt(share: number, window: Span, whole: Span, reach: number): Grip {
  const [from, to] = [shareOf(window.from, whole), shareOf(window.to, whole)];
  if (Math.abs(share - from) <= reach) return 'from';
  if (Math.abs(share - to) <= reach) return 'to';
  const isPart = window.from > whole.from || window.to < whole.to;
  return isPart && share > from && share < to ? 'window' : 'new';
}

function slide({ from, to }: Span, by: number, whole: Span): Span {
  const bounded = Math.min(whole.to - to, Math.max(whole.from - from, by));
  return { from: from + bounded, to: to + bounded };
}

/** The window after the hand went from one place to another: never outside the recording, never turned round. */
export function draggedWindow(grip: Grip, start: Span, a: number, b: number, whole: Span): Span {
  const [from, to] = [instantAt(a, whole), instantAt(b, whole)];
  if (grip === 'window') return slide(start, to - from, whole);
  const fixed = grip === 'new' ? from : grip === 'from' ? start.to : start.from;
  return { from: Math.min(fixed, to), to: Math.max(fixed, to) };
}

const HEIGHT = 100;

/**
 * An area along time as SVG path data in a box of `width` × 100, each known stretch closed on the ground.
 * @param top the value that reaches the upper edge
 */
export function areaPath(
  t: readonly number[],
  values: readonly (number | null)[],
  whole: Span,
  width: number,
  top: number,
): string {
  const parts: string[] = [];
  let run: string[] = [];
  let start = 0;
  let end = 0;
  const close = () => {
    if (run.length > 0) parts.push(`M${start} ${HEIGHT}L${run.join('L')}L${end} ${HEIGHT}Z`);
    run = [];
  };
  t.forEach((at, index) => {
    const value = values[index];
    if (value === null) {
      close();
      return;
    }
    const x = Number((shareOf(at, whole) * width).toFixed(1));
    const y = Number((HEIGHT - (Math.min(value, top) / (top || 1)) * HEIGHT).toFixed(1));
    if (run.length === 0) start = x;
    end = x;
    run.push(`${x} ${y}`);
  });
  close();
  return parts.join('');
}
