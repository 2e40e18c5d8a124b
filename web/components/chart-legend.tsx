import type { ChartLine, Dash, Measure } from '../lib/chart-spec.ts';
import { extremesOf } from '../lib/series.ts';
import { Measured } from './figures.tsx';

interface ChartLegendProps {
  readonly lines: readonly ChartLine[];
  readonly measure: Measure;
  readonly tells: 'newest' | 'most';
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

const DASHES: Readonly<Record<Dash, string>> = {
  solid: '',
  dash: '5 3',
  dot: '1.5 2.5',
  dashdot: '6 2.5 1.5 2.5',
};

/** The line itself, small: colour and dash pattern both tell it apart. */
function Swatch({ line }: { readonly line: ChartLine }) {
  return (
    <svg class={`swatch ink-${line.colour}`} width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
      {line.isLayer ? (
        <rect x="2" y="0" width="14" height="10" rx="2" fill="currentColor" opacity={line.opacity ?? 0.75} />
      ) : (
        <path
          d="M0 5H18"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray={DASHES[line.dash ?? 'solid']}
        />
      )}
    </svg>
  );
}

interface LegendValueProps extends Pick<ChartLegendProps, 'measure' | 'tells'> {
  readonly line: ChartLine;
}

/** The newest value of a line; of a layer the most, where it may have ended long before. */
function LegendValue({ line, measure, tells }: LegendValueProps) {
  const found = extremesOf(line);
  const isMost = line.isLayer === true && tells === 'most';
  const moment = isMost ? found?.high : found?.last;
  return <Measured value={moment?.value ?? null} measure={measure} label={isMost ? 'Most' : 'Newest'} />;
}

/** Ours, because a checkbox can be reached by keyboard and says whether it is on. */
export function ChartLegend({ lines, measure, tells, hidden, onToggle }: ChartLegendProps) {
  return (
    <ul class="legend">
      {lines.map((line) => (
        <li key={line.id}>
          <label title={line.name}>
            <input type="checkbox" checked={!hidden.has(line.id)} onChange={() => onToggle(line.id)} />
            <Swatch line={line} />
            <span class="name">{line.name}</span>
            <LegendValue line={line} measure={measure} tells={tells} />
          </label>
        </li>
      ))}
    </ul>
  );
}
