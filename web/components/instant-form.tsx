import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { zone } from '../lib/reader.ts';
import { canonicalInstant, formatMoment } from '../lib/time.ts';
import { newestSample } from '../minimap.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';

interface InstantFormProps {
  readonly view: View;
  /** The parameter that the instant becomes. */
  readonly name: 'ts' | 'base';
  readonly label: string;
  readonly button: string;
  /** What stands in the field at first. */
  readonly at: string;
  /** Where an instant leads, absolute where it was an instant at all. */
  readonly hrefOf: (instant: string) => string;
  /** The forms that are taken. */
  readonly children?: ComponentChildren;
}

/** One instant, typed as this reader's clock shows it or in any form of the API. */
export function InstantForm({ view, name, label, button, at, hrefOf, children }: InstantFormProps) {
  const input = useRef<HTMLInputElement>(null);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = input.current?.value.trim();
    if (typed) navigate(hrefOf(canonicalInstant(typed, newestSample(view))));
  };
  const formsId = children ? `${name}-forms` : undefined;
  return (
    <form class="instant" method="get" action={view.path} onSubmit={onSubmit}>
      <label>
        {label} <span class="muted">(in {zone.value})</span>
        <input
          ref={input}
          name={name}
          autoComplete="off"
          spellcheck={false}
          defaultValue={formatMoment(Date.parse(at))}
          aria-describedby={formsId}
        />
      </label>
      <button type="submit" class="btn primary">
        {button}
      </button>
      {children ? (
        <p id={formsId} class="muted">
          {children}
        </p>
      ) : null}
    </form>
  );
}
