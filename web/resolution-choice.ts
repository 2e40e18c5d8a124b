import { effect } from '@preact/signals';
import type { Resolution } from '../server/domain/buckets.ts';
import { RESOLUTIONS } from '../server/domain/buckets.ts';
import { hasRange } from './about-view.ts';
import { recall, remember } from './lib/storage.ts';
import { adjustView, view } from './navigation.ts';
import type { View } from './state.ts';
import { changeView } from './state.ts';

/** How finely charts along time are told: what the URL says, else what this reader chose last. */

const STORED = 'pmi-resolution';

function known(text: string | null | undefined): Resolution {
  return RESOLUTIONS.find((one) => one === text) ?? 'auto';
}

export function resolutionOf({ params }: View): Resolution {
  return known(params.resolution);
}

export function chooseResolution(resolution: string): void {
  const chosen = known(resolution);
  remember(STORED, chosen);
  adjustView(changeView(view.peek(), { resolution: chosen === 'auto' ? null : chosen }));
}

/** What was chosen last goes into the URL, so that a link of it is seen as it was. */
export function startResolution(): void {
  effect(() => {
    if (!hasRange(view.value) || view.value.params.resolution !== undefined) return;
    const last = known(recall(STORED));
    if (last !== 'auto') adjustView(changeView(view.peek(), { resolution: last }));
  });
}
