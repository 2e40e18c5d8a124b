import { useState } from 'preact/hooks';
import { WATCH } from '../../server/domain/process-filter.ts';
import type { WatchGroupsAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { besideHref, useBeside } from '../beside.ts';
import { formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import { Bytes } from './figures.tsx';
import { Popover } from './popover.tsx';

interface WatchPickerProps {
  readonly view: View;
  /** The instant that is shown. */
  readonly ts: string;
}

function GroupList({ view, answer }: { readonly view: View; readonly answer: WatchGroupsAnswer }) {
  if (answer.groups.length === 0) return <p class="muted">None has been made yet.</p>;
  return (
    <ul class="facet-values">
      {answer.groups.map(({ name, totals }) => (
        <li key={name}>
          <a
            href={hrefOf(changeView(view, { watch: view.params.watch === name ? null : name }))}
            aria-current={view.params.watch === name ? 'true' : undefined}
          >
            {name}
          </a>
          <span class="u">{totals ? formatCount(totals.processes) : '–'}</span>
          <span class="num">
            <Bytes value={totals?.rss_bytes ?? null} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The watch groups, each a link that leaves only its processes; asked for when the list is first opened. */
export function WatchPicker({ view, ts }: WatchPickerProps) {
  const [isAsked, setIsAsked] = useState(false);
  const href = besideHref('/api/v1/watch-groups', { host: view.params.host, ts });
  const answer = useBeside<WatchGroupsAnswer>(isAsked ? href : null);
  return (
    <Popover label={WATCH.label} onOpen={() => setIsAsked(true)}>
      {answer ? <GroupList view={view} answer={answer} /> : <p class="muted">Counting …</p>}
      <p>
        <a href={linkTo('watch', view, { watch: null })}>Watch groups →</a>
      </p>
    </Popover>
  );
}
