import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { startAnew } from '../start-anew.ts';

/** Parts of pages whose code travels when they are first shown, or when a hand comes near. */

export interface Later<Props> {
  readonly Part: ComponentType<Props>;
  /** Fetches its code ahead. */
  readonly bring: () => void;
}

/** @param Coming in its place until it is there, as large as it will be */
export function openLater<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Coming: ComponentType<Props> = () => null,
): Later<Props> {
  const code = signal<{ readonly Code: ComponentType<Props> } | 'coming' | 'failed' | null>(null);
  const bring = () => {
    if (code.peek() !== null) return;
    code.value = 'coming';
    load().then(
      (Code) => {
        code.value = { Code };
      },
      () => {
        code.value = 'failed';
      },
    );
  };
  function Part(props: Props) {
    useEffect(bring, []);
    if (code.value === 'failed') return <NotBrought />;
    return code.value === null || code.value === 'coming' ? (
      <Coming {...props} />
    ) : (
      <code.value.Code {...props} />
    );
  }
  return { Part, bring };
}

function NotBrought() {
  return (
    <p class="muted nothing" role="alert">
      This part could not be loaded: the server does not answer.{' '}
      <button type="button" class="btn" onClick={() => void startAnew(0)}>
        Load the page again
      </button>
    </p>
  );
}
