import { isRange } from '../about-view.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';

/** The way back from a part of the recording to all of it. */
export function ResetZoom({ view }: { readonly view: View }) {
  if (!isRange(view)) return null;
  return (
    <a class="btn" href={hrefOf(changeView(view, { from: null, to: null }))}>
      Reset zoom
    </a>
  );
}
