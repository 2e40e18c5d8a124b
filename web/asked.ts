import { lastSample } from './health.ts';
import { askedInstant } from './lib/asked-instant.ts';
import type { GapView } from './lib/gap-text.ts';
import { hostZone } from './lib/reader.ts';
import { minimap } from './minimap.ts';
import type { View } from './state.ts';

/** The instant that a view asks for, which need not be one that was recorded. */
export function instantAskedFor({ params }: View): number | null {
  const newest = minimap.value ? Date.parse(minimap.value.newest) : lastSample.value;
  return askedInstant(params.ts ?? params.to, hostZone.value ?? 'UTC', newest);
}

/** The gap that the asked instant lies in. */
export function gapAskedFor(view: View): GapView | null {
  const asked = instantAskedFor(view);
  if (asked === null) return null;
  const isInside = ({ from, to }: GapView) => Date.parse(from) < asked && asked < Date.parse(to);
  return minimap.value?.gaps.find(isInside) ?? null;
}
