import type { FacetId } from '../../server/domain/process-filter.ts';
import { FACETS, WATCH } from '../../server/domain/process-filter.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';

/** What the processes were narrowed to. */

const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  I: 'idle kernel thread',
  X: 'dead',
};

/** What a click may narrow the processes to. */
const CHOICES = [...FACETS, WATCH];

export function nameOf(facet: FacetId | typeof WATCH.id, name: string): string {
  const shown = displayText(name) || 'without a name';
  return facet === 'state' && STATES[name] ? `${shown} ${STATES[name]}` : shown;
}

/** What was chosen; each is taken away by a click. */
export function Chips({ view }: { readonly view: View }) {
  const chosen = CHOICES.filter(({ id }) => view.params[id] !== undefined);
  return (
    <>
      {chosen.map(({ id, label }) => (
        <a
          key={id}
          class="btn chip"
          href={hrefOf(changeView(view, { [id]: null }))}
          aria-label={`Remove ${label} ${displayText(view.params[id] ?? null)}`}
        >
          <span class="u">{label}</span> <span class="chip-name">{nameOf(id, view.params[id] ?? '')}</span>
          <span aria-hidden="true"> ✕</span>
        </a>
      ))}
    </>
  );
}

/** Where counts of the whole host would mislead: only what was chosen. */
export function FacetChips({ view }: { readonly view: View }) {
  const isAnyChosen = CHOICES.some(({ id }) => view.params[id] !== undefined);
  return isAnyChosen ? (
    <p class="facets">
      <Chips view={view} />
    </p>
  ) : null;
}
