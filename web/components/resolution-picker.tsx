import type { Resolution } from '../../server/domain/buckets.ts';
import { RESOLUTIONS } from '../../server/domain/buckets.ts';
import { formatAge } from '../lib/time.ts';
import { chooseResolution, resolutionOf } from '../resolution-choice.ts';
import type { View } from '../state.ts';
import { Choice } from './choice.tsx';

/** How finely a chart is told: by its width, each sample, or the mean of steps. */

const LABELS: Readonly<Record<Resolution, string>> = {
  auto: 'auto',
  full: 'full',
  '10s': '10 s',
  '1m': '1 min',
  '1h': '1 h',
};

const METHODS = {
  raw: 'every sample',
  m4: 'thinned to the width, with every peak',
  rollup: 'the extremes of each hour',
  buckets: 'means',
} as const;

/** What an answer says of itself. */
interface Told {
  readonly resolution: Resolution;
  readonly method: keyof typeof METHODS;
  readonly step_ms: number | null;
}

interface ResolutionProps {
  readonly view: View;
  /** `null`: the page makes the steps by itself, and tells each point otherwise. */
  readonly told: Told | null;
  /** Which charts of the page it is of, where it is not of all. */
  readonly of?: string | undefined;
}

export function stepLabel({ step_ms }: Pick<Told, 'step_ms'>): string {
  return step_ms === null ? '' : formatAge(step_ms);
}

function autoLabel(told: Told | null): string {
  if (told?.resolution !== 'auto') return LABELS.auto;
  return `auto: ${METHODS[told.method]}${told.step_ms === null ? '' : `, ${stepLabel(told)}`}`;
}

/** Where the answer is not what was asked for, and what its figures are. */
function Note({ view, told, of }: ResolutionProps & { readonly told: Told }) {
  const asked = resolutionOf(view);
  const isCoarser = asked !== told.resolution;
  if (!isCoarser && told.method !== 'buckets') return null;
  return (
    <small class="muted resolution-note" role="status">
      {isCoarser ? `Too many points for ${LABELS[asked]}: ${LABELS[told.resolution]} is shown. ` : ''}
      {told.method === 'buckets'
        ? `${of ? `${of}: means` : 'Means'} of ${stepLabel(told)}, told at its middle; thin lines are the smallest and largest sample.`
        : ''}
    </small>
  );
}

export function ResolutionPicker({ view, told, of }: ResolutionProps) {
  const shown: readonly Resolution[] = told ? RESOLUTIONS : RESOLUTIONS.filter((one) => one !== 'full');
  const asked = resolutionOf(view);
  const value = shown.includes(asked) ? asked : 'auto';
  return (
    <>
      <Choice label="Resolution" value={value} onChoose={chooseResolution}>
        {shown.map((one) => (
          <option key={one} value={one}>
            {one === 'auto' ? (told ? autoLabel(told) : 'each point') : LABELS[one]}
          </option>
        ))}
      </Choice>
      {told ? <Note view={view} told={told} of={of} /> : null}
    </>
  );
}
