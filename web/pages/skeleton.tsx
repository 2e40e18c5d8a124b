import { hasRange } from '../about-view.ts';
import type { View } from '../state.ts';

const ROWS = 12;

/** The shape of the page that is coming, for those who wait longer than a moment. */
export function Skeleton({ view }: { readonly view: View }) {
  const isChart = hasRange(view);
  return (
    <div class="skeleton" aria-hidden="true">
      <i class="bone title" />
      <i class="bone line" />
      {isChart ? <i class="bone picture" /> : null}
      {Array.from({ length: isChart ? 3 : ROWS }, (_, row) => (
        <i key={row} class="bone row" />
      ))}
    </div>
  );
}
