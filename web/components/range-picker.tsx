import { useRef } from 'preact/hooks';
import { parseInstantQuery } from '../../server/domain/stamp.ts';
import { isRange, usualFrom } from '../about-view.ts';
import { zone } from '../lib/reader.ts';
import { canonicalInstant, formatMoment } from '../lib/time.ts';
import { newestSample } from '../minimap.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { Popover } from './popover.tsx';

/** Which stretch is shown: a common one, or any two instants in the forms that the API takes. */

const PRESETS = [
  { from: '-15m', label: 'Last 15 min' },
  { from: '-1h', label: 'Last hour' },
  { from: '-6h', label: 'Last 6 h' },
  { from: '-24h', label: 'Last 24 h' },
  { from: '-3d', label: 'Last 3 days' },
  { from: '-7d', label: 'Last 7 days' },
  { from: null, label: 'Everything' },
] as const;

/** As this reader's clock shows it, down to the second; what is no absolute instant as it was given. */
function shownInstant(text: string, end?: number): string {
  const query = text.includes('T') || /^\d+$/.test(text) ? parseInstantQuery(text, zone.value) : null;
  return query?.kind === 'at' ? formatMoment(query.from).slice(0, end) : text;
}

function momentLabel(text: string): string {
  return shownInstant(text, -3);
}

export function rangeLabel(view: View): string {
  const { from, to } = view.params;
  const preset = PRESETS.find((one) => one.from === (from ?? usualFrom(view)));
  if (to === undefined && preset) return preset.label;
  return `${from ? momentLabel(from) : 'start'} – ${to ? momentLabel(to) : 'newest'}`;
}

function Field({
  name,
  label,
  value,
}: {
  readonly name: 'from' | 'to';
  readonly label: string;
  readonly value: string;
}) {
  return (
    <label>
      {label}
      <input
        name={name}
        autoComplete="off"
        spellcheck={false}
        defaultValue={value}
        aria-describedby="range-forms"
      />
    </label>
  );
}

function RangeForm({ view }: { readonly view: View }) {
  const form = useRef<HTMLFormElement>(null);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!form.current) return;
    const typed = new FormData(form.current);
    const read = (name: string) =>
      canonicalInstant(String(typed.get(name) ?? ''), newestSample(view)) || null;
    navigate(hrefOf(changeView(view, { from: read('from'), to: read('to') })));
  };
  return (
    <form ref={form} class="range-form" method="get" action={view.path} onSubmit={onSubmit}>
      <Field name="from" label="From" value={shownInstant(view.params.from ?? '')} />
      <Field name="to" label="To" value={shownInstant(view.params.to ?? '')} />
      <button type="submit" class="btn primary">
        Show
      </button>
      <p id="range-forms" class="muted">
        2025-11-21 20:00, 20251121_200007, -90m before the newest, latest; in {zone.value}
      </p>
    </form>
  );
}

export function RangePicker({ view }: { readonly view: View }) {
  const usual = usualFrom(view);
  const presets = PRESETS.filter(({ from }) => from !== null || usual === null);
  return (
    <Popover
      key={hrefOf(view)}
      label={<span class="range-label">{rangeLabel(view)}</span>}
      title="Stretch of time"
      side="end"
    >
      <ul class="presets">
        {presets.map(({ from, label }) => (
          <li key={label}>
            <a
              href={hrefOf(changeView(view, { from, to: null }))}
              aria-current={!isRange(view) && from === usual ? 'true' : undefined}
            >
              {label}
            </a>
          </li>
        ))}
      </ul>
      <RangeForm view={view} />
    </Popover>
  );
}
