import { shareOf } from '../lib/minimap-geometry.ts';
import type { Span } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';

/** The edges of the window, which arrows move too (WAI-ARIA APG, slider). */

/** Share of the whole recording that a key moves an edge by. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -0.005,
  ArrowDown: -0.005,
  ArrowRight: 0.005,
  ArrowUp: 0.005,
  PageDown: -0.1,
  PageUp: 0.1,
  Home: -1,
  End: 1,
};

interface GripProps {
  readonly label: string;
  readonly t: number;
  readonly min: number;
  readonly max: number;
  readonly whole: Span;
  readonly onMove: (t: number) => void;
}

function Grip({ label, t, min, max, whole, onMove }: GripProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onMove(Math.round(Math.min(max, Math.max(min, t + step * (whole.to - whole.from)))));
  };
  return (
    <span
      class="grip"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={t}
      aria-valuetext={formatMoment(t)}
      style={{ '--at': String(shareOf(t, whole)) }}
      onKeyDown={onKeyDown}
    />
  );
}

interface GripsProps {
  readonly window: Span;
  readonly whole: Span;
  readonly isInstant: boolean;
  readonly onMove: (window: Span) => void;
}

export function MinimapGrips({ window, whole, isInstant, onMove }: GripsProps) {
  const { from, to } = window;
  const all = { whole, min: whole.from, max: whole.to };
  if (isInstant) {
    return <Grip {...all} label="Instant that is shown" t={to} onMove={(t) => onMove({ from: t, to: t })} />;
  }
  const edges = { '--from': String(shareOf(from, whole)), '--to': String(shareOf(to, whole)) };
  return (
    <>
      {from > whole.from || to < whole.to ? <span class="minimap-window" style={edges} /> : null}
      <Grip {...all} label="Start of the window" t={from} max={to} onMove={(t) => onMove({ from: t, to })} />
      <Grip {...all} label="End of the window" t={to} min={from} onMove={(t) => onMove({ from, to: t })} />
    </>
  );
}
