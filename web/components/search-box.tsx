import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import type { SearchAnswer } from '../../server/interfaces/http/schemas/search.ts';
import { fetchAnswer } from '../api.ts';
import { formatBytes } from '../lib/bytes.ts';
import { processName, shorten } from '../lib/process-text.ts';
import { formatMoment } from '../lib/time.ts';
import { navigate, view } from '../navigation.ts';
import { linkTo } from '../state.ts';

/** Every process that was ever recorded, found by command, user or PID (WAI-ARIA APG, combobox with a list). */

type Result = SearchAnswer['results'][number];

const SETTLES_MS = 150;
const LIST_ID = 'search-results';
export const SEARCH_ID = 'search';

function hrefOf({ key, pid, last_seen }: Result): string {
  return linkTo('plot', view.peek(), { key, pid, ts: last_seen });
}

interface Found {
  readonly q: string;
  readonly results: readonly Result[];
  readonly total: number;
}

async function find(q: string, signal: AbortSignal): Promise<Found | null> {
  const query = new URLSearchParams({ q, limit: '12', format: 'json' });
  const { host } = view.peek().params;
  if (host) query.set('host', host);
  try {
    const outcome = await fetchAnswer<SearchAnswer>(`/api/v1/search?${query}`, signal);
    return outcome.kind === 'answer' ? outcome.answer : null;
  } catch {
    return null;
  }
}

/** Asks when the typing pauses; an answer that comes too late is not shown. */
function useSearch() {
  const found = useSignal<Found | null>(null);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const request = useRef(new AbortController());
  const clear = () => {
    clearTimeout(waiting.current);
    request.current.abort();
    found.value = null;
  };
  const ask = (q: string) => {
    clear();
    if (!q) return;
    const controller = new AbortController();
    request.current = controller;
    waiting.current = setTimeout(async () => {
      const answer = await find(q, controller.signal);
      if (!controller.signal.aborted) found.value = answer;
    }, SETTLES_MS);
  };
  return { found, ask, clear };
}

function ResultLine({ result }: { readonly result: Result }) {
  const { pid, user, last_seen, rss_max_bytes } = result;
  return (
    <>
      <span class="cmd">{shorten(processName(result).text, 60)}</span> <span class="u">{pid}</span>
      <span class="muted">
        {user ?? 'unknown user'} · last seen {formatMoment(Date.parse(last_seen))} · at most{' '}
        {formatBytes(rss_max_bytes)}
      </span>
    </>
  );
}

interface ListProps {
  readonly found: Found;
  readonly active: number;
  readonly onChoose: (result: Result) => void;
}

function ResultList({ found, active, onChoose }: ListProps) {
  const { results, total, q } = found;
  return (
    <div class="results">
      <div id={LIST_ID} role="listbox" aria-label="Processes found">
        {results.map((result, index) => (
          <div
            key={result.key}
            id={`${LIST_ID}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault();
              onChoose(result);
            }}
          >
            <ResultLine result={result} />
          </div>
        ))}
      </div>
      {results.length === 0 ? <p class="muted">No process of “{q}” was recorded.</p> : null}
      {total > results.length ? <p class="muted">and {total - results.length} more</p> : null}
    </div>
  );
}

/** What is found, which of it is meant, and what keys do to either. */
function useCombobox(input: RefObject<HTMLInputElement | null>) {
  const { found, ask, clear } = useSearch();
  const active = useSignal(0);
  const results = found.value?.results ?? [];
  const choose = (result: Result) => {
    clear();
    input.current?.blur();
    navigate(hrefOf(result));
  };
  const onInput = () => {
    active.value = 0;
    ask(input.current?.value.trim() ?? '');
  };
  const step = (by: number) => {
    if (results.length > 0) active.value = (active.value + by + results.length) % results.length;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Escape') clear();
    else if (event.key === 'Enter' && results[active.value]) choose(results[active.value]);
    else return;
    event.preventDefault();
  };
  const onFocus = onInput;
  return {
    found: found.value,
    active: active.value,
    choose,
    hand: { onInput, onFocus, onKeyDown, onBlur: clear },
  };
}

export function SearchBox() {
  const input = useRef<HTMLInputElement>(null);
  const { found, active, choose, hand } = useCombobox(input);
  const chosen = found && found.results.length > 0 ? `${LIST_ID}-${active}` : undefined;
  return (
    <search class="search-box">
      <input
        ref={input}
        id={SEARCH_ID}
        class="search"
        role="combobox"
        aria-expanded={found !== null}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        aria-activedescendant={chosen}
        aria-label="Find a process by command, user or PID"
        aria-keyshortcuts="/"
        placeholder="Command, user or PID"
        autoComplete="off"
        spellcheck={false}
        {...hand}
      />
      {found ? <ResultList found={found} active={active} onChoose={choose} /> : null}
    </search>
  );
}
