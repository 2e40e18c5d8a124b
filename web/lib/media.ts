import { signal } from '@preact/signals';

/** Room for three columns only: matches the narrow layout of the styles. */
const narrow = matchMedia('(max-width: 720px)');

export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', (event) => {
  isNarrow.value = event.matches;
});
/** What is printed is the whole table, not the rows in sight. */
export const isPrinting = signal(false);
// Paper is wide enough for every column.
addEventListener('beforeprint', () => {
  isNarrow.value = false;
  isPrinting.value = true;
});
addEventListener('afterprint', () => {
  isPrinting.value = false;
  isNarrow.value = narrow.matches;
});
