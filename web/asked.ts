import { askedInstant } from './lib/asked-instant.ts';
import type { GapView } from './lib/gap-text.ts';
import { hostZone } from './lib/reader.ts';
import { minimap, newestSample } from './minimap.ts';
import type { View } from './state.ts';

/** The instant that a view asks for, which need not be one that was recorded. */
export function instantAskedFor(view: View): number | null {
  const { ts, to } = view.params;
  return askedInstant(ts ?? to, hostZone.value ?? 'UTC', newestSample(view));
}

/** The gap that the asked instant lies in. */
export function gapAskedFor(view: View): GapView | null {
  const asked = instantAskedFor(view);
  if (asked === null) return null;
  const isInside = ({ from, to }: GapView) => Date.parse(from) < asked && asked < Date.parse(to);
  return minimap.value?.gaps.find(isInside) ?? null;
}
