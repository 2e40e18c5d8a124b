import { LIMIT } from '../../server/domain/process-filter.ts';
import { isFiltered, WITHOUT_FILTERS } from '../about-view.ts';
import { formatBytes } from '../lib/bytes.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';

interface Hidden {
  readonly processes: number;
  readonly rss_bytes: number;
}

interface HiddenNoticeProps {
  readonly view: View;
  readonly shown: number;
  readonly hidden: Hidden;
}

function everythingHref(view: View, total: number): string {
  // The snapshot page shows all unless it is told otherwise.
  const isLimited = view.page !== 'snapshot' && total > LIMIT.default;
  const limit = isLimited ? Math.min(total, LIMIT.max) : null;
  return hrefOf(changeView(view, { ...WITHOUT_FILTERS, limit }));
}

/** What is not shown is said: how many, and how much they hold. */
export function HiddenNotice({ view, shown, hidden }: HiddenNoticeProps) {
  if (hidden.processes === 0 || shown === 0) return null;
  const total = shown + hidden.processes;
  return (
    <p class="note">
      {formatCount(shown)} of {countOf(total, 'process', 'processes')} shown; the others hold{' '}
      {formatBytes(hidden.rss_bytes)}. <a href={everythingHref(view, total)}>Show all</a>
    </p>
  );
}

/** Nothing passed the filter: what it hides, and two ways on. */
export function NothingLeft({ view, hidden }: Pick<HiddenNoticeProps, 'view' | 'hidden'>) {
  const clear = hrefOf(changeView(view, WITHOUT_FILTERS));
  const lower = hrefOf(changeView(view, { min_rss: null, min_subtree: null }));
  const isBySize = view.params.min_rss !== undefined || view.params.min_subtree !== undefined;
  const verb = hidden.processes === 1 ? 'is' : 'are';
  return (
    <div class="empty">
      <h2>No rows after filtering</h2>
      <p>
        {countOf(hidden.processes, 'process', 'processes')} {verb} hidden ({formatBytes(hidden.rss_bytes)}).
      </p>
      {isFiltered(view) ? (
        <p class="actions">
          <a class="btn primary" href={clear}>
            Clear filters
          </a>
          {isBySize ? (
            <a class="btn" href={lower}>
              Lower RSS to 0
            </a>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
