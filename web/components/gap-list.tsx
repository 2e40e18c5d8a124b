import { formatDuration } from '../../server/domain/units.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { countOf } from '../lib/numbers.ts';
import { Moment } from './figures.tsx';

type Gap = OverviewAnswer['coverage']['gaps'][number];

const REASONS: Readonly<Record<Gap['reason'], string>> = {
  stopped: 'recorder stopped',
  reboot: 'the host was restarted',
  suspend: 'the host was suspended',
  clock: 'the clock was set',
};

/** Where nothing is known, and why: never left for the reader to guess from a flat line. Folded: the charts come first. */
export function GapList({ gaps }: { readonly gaps: readonly Gap[] }) {
  if (gaps.length === 0) return null;
  return (
    <details class="gaps">
      <summary>Nothing recorded in {countOf(gaps.length, 'gap', 'gaps')}</summary>
      <ul>
        {gaps.map(({ from, to, reason }) => (
          <li key={from}>
            <Moment at={from} /> – <Moment at={to} beside={from} />{' '}
            <span class="muted">
              {formatDuration((Date.parse(to) - Date.parse(from)) / 1000)}, {REASONS[reason]}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
