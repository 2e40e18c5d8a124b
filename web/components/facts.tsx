import type { ComponentChildren } from 'preact';
import { Term } from './term.tsx';

export type Fact = readonly [label: string, value: ComponentChildren];

/** What is known of something, fact by fact. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>
            <Term text={label} />
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
