import type { View } from './state.ts';
import { changeView, readSet } from './state.ts';

/** Which lines of its charts a page leaves out: in the URL, once the reader has chosen. */

/** In the URL: the reader has made every line visible. */
const NONE = 'none';

export function hiddenLines(view: View, atFirst: readonly string[]): ReadonlySet<string> {
  return view.params.hide === undefined ? new Set(atFirst) : readSet(view, 'hide');
}

export function toggleLine(view: View, id: string, atFirst: readonly string[]): View {
  const hidden = new Set(hiddenLines(view, atFirst));
  hidden.delete(NONE);
  if (!hidden.delete(id)) hidden.add(id);
  return changeView(view, { hide: [...hidden].join(',') || NONE });
}
