import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { WatchGroupsAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { analyzeHref } from '../state.ts';
import { Moment } from './figures.tsx';

/** A watch group that asks for regions over time: what is kept of it, and what is not. */

type Group = WatchGroupsAnswer['groups'][number];
type Kept = NonNullable<Group['regions_kept']>;

function Skipped({ kept: { skipped, skipped_total }, view }: { readonly kept: Kept; readonly view: View }) {
  if (skipped_total === 0) return null;
  return (
    <details class="gaps">
      <summary>{countOf(skipped_total, 'process', 'processes')} left out</summary>
      <ul class="plain">
        {skipped.map(({ pid, comm, text }) => (
          <li key={pid}>
            <a href={analyzeHref(view, { pid })}>
              {displayText(comm)} <span class="u">{pid}</span>
            </a>{' '}
            <span class="muted">{text}</span>
          </li>
        ))}
        {skipped_total > skipped.length ? (
          <li class="muted">and {formatCount(skipped_total - skipped.length)} more</li>
        ) : null}
      </ul>
    </details>
  );
}

function State({ kept }: { readonly kept: Kept }) {
  const { obstacle, processes, last, round_seconds } = kept;
  if (obstacle !== null) return <>not kept now. {obstacle}</>;
  if (processes === null) return <>the first round is under way.</>;
  if (processes === 0) return <>no process of it runs.</>;
  return (
    <>
      {countOf(processes, 'process', 'processes')}, the newest{' '}
      {last === null ? 'moment is still to come' : <Moment at={last} />}
      {round_seconds === null || round_seconds < 1 ? null : `; a round took ${formatDuration(round_seconds)}`}
      .
    </>
  );
}

export function WatchRegions({ group, view }: { readonly group: Group; readonly view: View }) {
  const { regions, regions_kept } = group;
  if (regions === null || regions_kept === null) return null;
  return (
    <>
      <p class="muted kept-regions">
        Memory regions every {regions}: <State kept={regions_kept} />
      </p>
      <Skipped kept={regions_kept} view={view} />
    </>
  );
}
