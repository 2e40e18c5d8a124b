import { THRESHOLD_HELP, THRESHOLD_IDS } from '../../server/domain/session-thresholds.ts';
import type { View } from '../state.ts';
import { PAGES } from '../state.ts';

/** Which two sessions, and what B is held against: a form that leads to their comparison. */

const LABELS = {
  max_peak: 'peak at most',
  max_mean: 'mean at most',
  max_growth: 'growth at most',
  max_delta: 'above A at most',
} as const;

interface CompareFormProps {
  readonly view: View;
  readonly names: readonly string[];
  readonly a: string | undefined;
  readonly b: string | undefined;
}

function NameSelect({
  name,
  names,
  chosen,
}: {
  name: 'a' | 'b';
  names: readonly string[];
  chosen: string | undefined;
}) {
  return (
    <label class="field">
      {name.toUpperCase()}
      <select name={name}>
        {names.map((one) => (
          <option key={one} value={one} selected={one === chosen}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

export function CompareForm({ view, names, a, b }: CompareFormProps) {
  const { group, member, program, unit, tz } = view.params;
  const carried = Object.entries({ group, member, program, unit, tz });
  return (
    <form class="session-compare" method="get" action={PAGES.sessions}>
      {carried.map(([name, value]) =>
        value ? <input key={name} type="hidden" name={name} value={value} /> : null,
      )}
      <div class="fields">
        <NameSelect name="a" names={names} chosen={a} />
        <NameSelect name="b" names={names} chosen={b} />
        <span class="muted">B passes with</span>
        {THRESHOLD_IDS.map((id) => (
          <label key={id} class="field" title={THRESHOLD_HELP[id]}>
            {LABELS[id]}
            <input
              name={id}
              size={7}
              defaultValue={view.params[id] ?? ''}
              placeholder={id === 'max_delta' ? '5%' : '2GiB'}
            />
          </label>
        ))}
        <button type="submit" class="btn primary">
          Compare
        </button>
      </div>
    </form>
  );
}
