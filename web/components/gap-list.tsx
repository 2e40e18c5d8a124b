import { formatDuration } from '../../server/domain/units.ts';
import type { GapView } from '../lib/gap-text.ts';
import { gapReason } from '../lib/gap-text.ts';
import { countOf } from '../lib/numbers.ts';
import { Moment } from './figures.tsx';

/** Where nothing is known, and why: never left for the reader to guess from a flat line. Folded: the charts come first. */
export function GapList({ gaps }: { readonly gaps: readonly GapView[] }) {
  if (gaps.length === 0) return null;
  return (
    <details class="gaps">
      <summary>Nothing recorded in {countOf(gaps.length, 'gap', 'gaps')}</summary>
      <ul>
        {gaps.map(({ from, to, reason }) => (
          <li key={from}>
            <Moment at={from} /> – <Moment at={to} beside={from} />{' '}
            <span class="muted">
              {formatDuration((Date.parse(to) - Date.parse(from)) / 1000)}, {gapReason(reason)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
