import { LIMIT, SEED_PRESET, THRESHOLDS } from '../../server/domain/process-filter.ts';
import { isFiltered, WITHOUT_FILTERS } from '../about-view.ts';
import { isNarrow } from '../lib/media.ts';
import type { ParamName, View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { FacetBar } from './facet-bar.tsx';

/** An ordinary GET form: what it sends is the URL that shows the result. */

const SHOWN: ReadonlySet<string> = new Set([...THRESHOLDS.map(({ id }) => id), 'q', 'limit', 'window']);

function HiddenFields({ view }: { readonly view: View }) {
  const kept = Object.entries(view.params).filter(([name]) => !SHOWN.has(name));
  return (
    <>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

interface NumberFieldProps {
  readonly name: ParamName;
  readonly label: string;
  readonly unit: string;
  readonly help: string;
  readonly value: string | undefined;
  readonly placeholder: string;
}

function NumberField({ name, label, unit, help, value, placeholder }: NumberFieldProps) {
  return (
    <label class="field" title={help}>
      <span>{label}</span>
      <input
        name={name}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={value ?? ''}
        placeholder={placeholder}
      />
      {unit ? <span>{unit}</span> : null}
    </label>
  );
}

function WindowField({ value }: { readonly value: string | undefined }) {
  return (
    <label class="field" title="Which samples minimum, mean and maximum are taken over">
      <span>Statistics</span>
      <select name="window">
        <option value="" selected={value !== 'all'}>
          up to this instant
        </option>
        <option value="all" selected={value === 'all'}>
          whole recording
        </option>
      </select>
    </label>
  );
}

function SearchField({ value }: { readonly value: string | undefined }) {
  return (
    <label class="field grow">
      <span class="sr-only">Command, user or PID contains</span>
      <input
        class="search"
        name="q"
        type="search"
        autoComplete="off"
        spellcheck={false}
        placeholder="Command, user or PID"
        defaultValue={value ?? ''}
      />
    </label>
  );
}

interface FilterBoxProps {
  readonly view: View;
  /** The instant whose processes are counted; without it nothing is. */
  readonly ts?: string;
}

/** Where there is little room the form is folded away, unless it filters. */
export function FilterBox({ view, ts }: FilterBoxProps) {
  if (!isNarrow.value) return <FilterForm view={view} />;
  return (
    <details class="filter-box" open={isFiltered(view)}>
      <summary class="btn">Filter</summary>
      <FilterForm view={view} />
      {ts === undefined ? null : <FacetBar view={view} ts={ts} />}
    </details>
  );
}

/** The form is built anew when the filters in the URL change, so that it shows them; else what is being typed stays. */
function FilterForm({ view }: { readonly view: View }) {
  const { params } = view;
  const filters = Object.entries(params).filter(([name]) => SHOWN.has(name));
  const preset = hrefOf(changeView(view, { ...WITHOUT_FILTERS, ...SEED_PRESET }));
  return (
    <form key={filters.join()} class="filters" method="get" action={view.path} aria-label="Filter">
      <HiddenFields view={view} />
      <SearchField value={params.q} />
      {THRESHOLDS.map(({ id, label, unit, help }) => (
        <NumberField
          key={id}
          name={id}
          label={label}
          unit={unit}
          help={help}
          value={params[id]}
          placeholder="any"
        />
      ))}
      <NumberField
        name="limit"
        label="Top"
        unit=""
        help={`Most rows to show, at most ${LIMIT.max}; applied last.`}
        value={params.limit}
        placeholder={view.page === 'snapshot' ? 'all' : String(LIMIT.default)}
      />
      <WindowField value={params.window} />
      <button type="submit" class="btn primary">
        Apply
      </button>
      <a class="btn" href={preset} title="Lifetime ≥ 300 s, RSS ≥ 100 MiB, subtree ≥ 500 MiB">
        Seed preset
      </a>
      {isFiltered(view) ? (
        <a class="btn quiet" href={hrefOf(changeView(view, WITHOUT_FILTERS))}>
          Show all
        </a>
      ) : null}
    </form>
  );
}
