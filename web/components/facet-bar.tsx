import { useEffect, useState } from 'preact/hooks';
import type { FacetId } from '../../server/domain/process-filter.ts';
import { FACET_IDS, FACETS } from '../../server/domain/process-filter.ts';
import type { FacetsAnswer, FacetValue } from '../../server/interfaces/http/schemas/facets.ts';
import { fetchAnswer } from '../api.ts';
import { isNarrow } from '../lib/media.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, FILTER_PARAMS, hrefOf } from '../state.ts';
import { Chips, nameOf } from './facet-chips.tsx';
import { Bytes } from './figures.tsx';
import { Popover } from './popover.tsx';
import { WatchPicker } from './watch-picker.tsx';

/** Users, cgroups, programs and states of what is shown: each with how many, each a link that leaves only these. */

interface FacetBarProps {
  readonly view: View;
  /** The instant that is shown. */
  readonly ts: string;
}

/** What counts depend on, and nothing else. */
function facetsHref(view: View, ts: string): string {
  const query = new URLSearchParams({ ts, format: 'json' });
  for (const name of ['host', 'window', ...FILTER_PARAMS] as const) {
    const value = view.params[name];
    if (value !== undefined && name !== 'limit') query.set(name, value);
  }
  return `/api/v1/facets?${query}`;
}

interface ValueProps {
  readonly view: View;
  readonly facet: FacetId;
  readonly value: FacetValue;
}

/** What is unknown can be counted, not asked for. */
function ValueLine({ view, facet, value: { name, processes, rss_bytes } }: ValueProps) {
  const isChosen = name !== null && view.params[facet] === name;
  return (
    <li>
      {name ? (
        <a
          href={hrefOf(changeView(view, { [facet]: isChosen ? null : name }))}
          aria-current={isChosen ? 'true' : undefined}
          title={nameOf(facet, name)}
        >
          {nameOf(facet, name)}
        </a>
      ) : (
        <span class="muted">{name === null ? 'unknown' : 'without a name'}</span>
      )}
      <span class="u">{formatCount(processes)}</span>
      <span class="num">
        <Bytes value={rss_bytes} />
      </span>
    </li>
  );
}

function ValueList({ view, facet, answer }: { view: View; facet: FacetId; answer: FacetsAnswer }) {
  const more = answer.more[facet];
  return (
    <>
      <ul class="facet-values">
        {answer.facets[facet].map((value) => (
          <ValueLine key={value.name} view={view} facet={facet} value={value} />
        ))}
      </ul>
      {more > 0 ? <p class="muted">and {countOf(more, 'name', 'names')} with less memory</p> : null}
    </>
  );
}

/** Counts are asked for when one of the lists is first opened. */
function useFacets(view: View, ts: string) {
  const href = facetsHref(view, ts);
  const [asked, setAsked] = useState<string | null>(null);
  const [known, setKnown] = useState<{ href: string; answer: FacetsAnswer } | null>(null);
  useEffect(() => {
    if (asked !== href) return;
    const request = new AbortController();
    fetchAnswer<FacetsAnswer>(href, request.signal).then(
      (outcome) => outcome.kind === 'answer' && setKnown({ href, answer: outcome.answer }),
      () => undefined,
    );
    return () => request.abort();
  }, [asked, href]);
  return { answer: known?.href === href ? known.answer : null, onOpen: () => setAsked(href) };
}

/** Among other tools; where there is little room it stands in the box of filters. */
export function WideFacetBar(props: FacetBarProps) {
  return isNarrow.value ? null : <FacetBar {...props} />;
}

export function FacetBar({ view, ts }: FacetBarProps) {
  const { answer, onOpen } = useFacets(view, ts);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these are lists of links
    <div class="facets" role="group" aria-label="Only processes of one">
      {FACET_IDS.map((facet) => (
        <Popover
          key={`${facet} ${view.params[facet]}`}
          label={FACETS.find(({ id }) => id === facet)?.label}
          onOpen={onOpen}
        >
          {answer ? <ValueList view={view} facet={facet} answer={answer} /> : <p class="muted">Counting …</p>}
        </Popover>
      ))}
      <WatchPicker key={view.params.watch} view={view} ts={ts} />
      <Chips view={view} />
    </div>
  );
}
