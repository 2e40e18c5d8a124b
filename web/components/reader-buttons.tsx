import { clock, unit, zone } from '../lib/reader.ts';
import { nextClock, nextUnit } from '../preferences.ts';
import { nextTheme, theme } from '../theme.ts';

/** How this reader wants to see things: each button says what is in force, and goes on to the next. */

const THEME_SIGNS = { auto: '◐', light: '☀', dark: '☾' } as const;
const CLOCK_NAMES = { browser: "this browser's", UTC: 'UTC', host: "the host's" } as const;
const UNIT_NAMES = { MiB: 'of 1024: KiB, MiB, GiB', MB: 'of 1000: kB, MB, GB' } as const;

export function UnitButton() {
  const label = `Sizes ${UNIT_NAMES[unit.value]}`;
  return (
    <button type="button" class="btn quiet" onClick={nextUnit} aria-label={label} title={label}>
      {unit.value}
    </button>
  );
}

export function ClockButton() {
  const label = `Times in ${zone.value} (${CLOCK_NAMES[clock.value]})`;
  return (
    <button type="button" class="btn quiet zone" onClick={nextClock} aria-label={label} title={label}>
      {zone.value}
    </button>
  );
}

export function ThemeButton() {
  const label = `Theme: ${theme.value}`;
  return (
    <button type="button" class="btn icon" onClick={nextTheme} aria-label={label} title={`${label} (t)`}>
      {THEME_SIGNS[theme.value]}
    </button>
  );
}
