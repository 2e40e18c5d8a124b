import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './lib/storage.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED = 'pmi-theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(prefersDark.matches);

function recallTheme(): Theme {
  const stored = recall(STORED);
  return THEMES.find((theme) => theme === stored) ?? 'auto';
}

export const theme = signal<Theme>(recallTheme());

/** What is seen. Charts are drawn again when it changes. */
export const isDark = computed(() => (theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark'));

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
}

/** Before the first paint: this script is in the head and blocks rendering. */
export function startTheme(): void {
  prefersDark.addEventListener('change', (event) => {
    systemIsDark.value = event.matches;
  });
  effect(() => {
    const chosen = theme.value;
    if (chosen === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    remember(STORED, chosen);
  });
}
