import { useEffect, useState } from 'preact/hooks';
import type { Outcome } from './api.ts';
import { fetchAnswer } from './api.ts';

/** What a part of a page asks for itself, beside the page's own answer, so that neither waits for the other. */

export interface Beside<T, About> {
  readonly outcome: Outcome<T>;
  /** What was asked about when the request was sent. */
  readonly about: About;
  readonly href: string;
}

/**
 * The newest outcome for `href`; the one before it until then, and while the server does not answer. A request that
 * another supersedes is aborted.
 * @param href `null`: nothing is to be asked yet
 * @param again another one asks the same once more
 */
export function useOutcome<T, About>(href: string | null, about: About, again = 0): Beside<T, About> | null {
  const [known, setKnown] = useState<Beside<T, About> | null>(null);
  useEffect(() => {
    if (href === null) return;
    const request = new AbortController();
    const ask = async () => {
      try {
        const outcome = await fetchAnswer<T>(href, request.signal);
        if (request.signal.aborted) return;
        setKnown((before) => (before && outcome.kind === 'offline' ? before : { outcome, about, href }));
      } catch (error) {
        if (!request.signal.aborted) throw error;
      }
    };
    void ask();
    return () => request.abort();
  }, [href, again]);
  return known;
}

/** An answer that a page needs beside its own. It comes later or not at all, and the page does without it. */
export function useBeside<T>(href: string | null): T | null {
  const known = useOutcome<T, null>(href, null);
  return href !== null && known?.outcome.kind === 'answer' ? known.outcome.answer : null;
}

/** The URL of data beside a page. Parameters that are not given are left out. */
export function besideHref(path: string, params: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) query.set(name, value);
  query.set('format', 'json');
  return `${path}?${query}`;
}
