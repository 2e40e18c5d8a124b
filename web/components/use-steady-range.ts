import { useRef } from 'preact/hooks';
import type { Span } from '../lib/series.ts';

/** Charts have so many columns at least: a sample that opens no new one would not be seen. */
export const COLUMNS = 240;

/**
 * The range on the screen; the one before where a new sample has only lengthened it by less than is seen.
 * @param place what it is a range of: of another the range is another
 */
export function useSteadyRange(place: string, next: Span): Span {
  const kept = useRef({ place, range: next });
  const { range } = kept.current;
  const isSame = kept.current.place === place && range.from === next.from && next.to >= range.to;
  if (!isSame || next.to - range.to > (range.to - range.from) / COLUMNS)
    kept.current = { place, range: next };
  return kept.current.range;
}
