import { totalsOf } from '../../server/domain/totals.ts';
import type { WatchMember } from '../../server/domain/watch-group.ts';
import { openWatchMatcher } from '../../server/domain/watch-group.ts';
import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { countOf } from '../lib/numbers.ts';
import { processName, shorten } from '../lib/process-text.ts';
import type { Draft } from '../lib/watch-draft.ts';
import { groupOf, isTriable } from '../lib/watch-draft.ts';
import { Bytes } from './figures.tsx';

/** What the members of a draft would have in a sample, before it is saved. */

type Rows = SnapshotAnswer['rows'];

export interface MemberTry {
  readonly rows: Rows;
  /** Of these, how many other members match, too. */
  readonly ambiguous: number;
}

/** By member; `null` where its rule does not say enough. */
export function tryDraft(draft: Draft, rows: Rows): readonly (MemberTry | null)[] {
  const triable = draft.members.map(isTriable);
  const group = groupOf(draft);
  const tried: readonly WatchMember[] = group.members.filter((_, at) => triable[at]);
  const { memberOf, ambiguous } = openWatchMatcher({ name: group.name, members: tried })(rows);
  let place = -1;
  return triable.map((isTried) => {
    if (!isTried) return null;
    place++;
    const own = [...rows.keys()].filter((row) => memberOf[row] === place);
    return {
      rows: own.map((row) => rows[row]).sort((a, b) => b.rss_bytes - a.rss_bytes),
      ambiguous: own.filter((row) => ambiguous.has(row)).length,
    };
  });
}

const MOST_SHOWN = 3;
const MOST_NAME = 60;

/** Beside the rule that it is about, and said when it changes. */
export function MemberPreview({ found }: { readonly found: MemberTry | null }) {
  if (!found) return <p class="muted try">Fill in one of these, and the processes that it has stand here.</p>;
  const { rows, ambiguous } = found;
  return (
    <div class="try">
      <p>
        <b>{countOf(rows.length, 'process', 'processes')}</b>
        {rows.length > 0 ? (
          <>
            {' '}
            with {rows.length > 1 ? '≤ ' : ''}
            <Bytes value={totalsOf(rows).rss_bytes} label="RSS together, an upper bound" />
          </>
        ) : null}
        {ambiguous > 0 ? `; a later member matches ${ambiguous} of them, too` : ''}
      </p>
      <ul>
        {rows.slice(0, MOST_SHOWN).map((row) => (
          <li key={row.key}>
            <span class="u">{row.pid}</span>{' '}
            <span class="cmd">{shorten(processName(row).text, MOST_NAME)}</span>
          </li>
        ))}
        {rows.length > MOST_SHOWN ? <li class="muted">and {rows.length - MOST_SHOWN} more</li> : null}
      </ul>
    </div>
  );
}
