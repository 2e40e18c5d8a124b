import { effect } from '@preact/signals';
import { CLOCKS, clock, UNITS, unit } from './lib/reader.ts';
import { recall, remember } from './lib/storage.ts';
import { adjustView, view } from './navigation.ts';
import { changeView } from './state.ts';

/** The reader's unit and clock: what the URL says, else what this browser remembers, else the default. */

const STORED = { unit: 'pmi-unit', tz: 'pmi-clock' } as const;

function choose<T extends string>(
  options: readonly T[],
  ...wishes: readonly (string | null | undefined)[]
): T {
  const known = wishes.map((wish) => options.find((option) => option === wish));
  return known.find((option) => option !== undefined) ?? options[0];
}

/** The switch stays in the URL, so that a shared link is read as it was written. */
export function nextUnit(): void {
  const next = UNITS[(UNITS.indexOf(unit.peek()) + 1) % UNITS.length];
  remember(STORED.unit, next);
  adjustView(changeView(view.peek(), { unit: next }));
}

export function nextClock(): void {
  const next = CLOCKS[(CLOCKS.indexOf(clock.peek()) + 1) % CLOCKS.length];
  remember(STORED.tz, next);
  adjustView(changeView(view.peek(), { tz: next }));
}

export function startPreferences(): void {
  effect(() => {
    const { params } = view.value;
    unit.value = choose(UNITS, params.unit, recall(STORED.unit));
    clock.value = choose(CLOCKS, params.tz, recall(STORED.tz));
  });
}
