import type { View } from '../state.ts';
import { changeView, dataHrefOf } from '../state.ts';

interface ExportLinksProps {
  readonly view: View;
  /** The instant that is shown, so that a link to "now" exports what is seen. */
  readonly ts: string;
}

/** The same view as data. */
export function ExportLinks({ view, ts }: ExportLinksProps) {
  const fixed = changeView(view, { ts });
  return (
    <span class="exports">
      <span class="muted">Export</span>
      <a href={dataHrefOf(fixed, 'csv')} download>
        CSV
      </a>
      <a href={dataHrefOf(fixed, 'json')} download>
        JSON
      </a>
    </span>
  );
}
