import { signal } from '@preact/signals';

/** Room for three columns only: matches the narrow layout of the styles. */
const narrow = matchMedia('(max-width: 720px)');

export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', (event) => {
  isNarrow.value = event.matches;
});
// Paper is wide enough for every column.
addEventListener('beforeprint', () => {
  isNarrow.value = false;
});
addEventListener('afterprint', () => {
  isNarrow.value = narrow.matches;
});
