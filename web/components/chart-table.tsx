import { useState } from 'preact/hooks';
import type { ChartTableProps } from './chart-figures.tsx';
import { openLater } from './later.tsx';

const figures = openLater(async () => (await import('./chart-figures.tsx')).ChartFigures);

/** The chart in numbers, made when it is asked for. */
export function ChartTable(props: ChartTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      class="as-table"
      onToggle={(event) =>
        event.currentTarget instanceof HTMLDetailsElement && setIsOpen(event.currentTarget.open)
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button */}
      <summary onPointerEnter={figures.bring} onFocus={figures.bring}>
        Show as table
      </summary>
      {isOpen ? <figures.Part {...props} /> : null}
    </details>
  );
}
