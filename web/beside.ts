import { useEffect, useState } from 'preact/hooks';
import { fetchAnswer } from './api.ts';

/**
 * An answer that a page needs beside its own. It comes later or not at all, and the page does without it; where the
 * question changes, the answer before is kept until the next one is there.
 */
export function useBeside<T>(href: string | null): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    if (href === null) return;
    const request = new AbortController();
    void fetchAnswer<T>(href, request.signal).then(
      (outcome) => {
        if (outcome.kind === 'answer' && !request.signal.aborted) setAnswer(outcome.answer);
      },
      () => undefined,
    );
    return () => request.abort();
  }, [href]);
  return href === null ? null : answer;
}
