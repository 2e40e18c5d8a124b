import { computed, signal } from '@preact/signals';
import { localTimeZone } from '../../server/domain/time-zone.ts';

/** How this reader wants figures and times written. Who sets it: preferences.ts. */

export const UNITS = ['MiB', 'MB'] as const;
export type Unit = (typeof UNITS)[number];

/** `host`: the zone that the server reads local stamps in. */
export const CLOCKS = ['browser', 'UTC', 'host'] as const;
export type Clock = (typeof CLOCKS)[number];

export const browserZone = localTimeZone();
export const unit = signal<Unit>('MiB');
export const clock = signal<Clock>('browser');
/** The host's zone, once the server has told it. */
export const hostZone = signal<string | null>(null);

/** The zone that all times of the page are written in. */
export const zone = computed(() => {
  if (clock.value === 'UTC') return 'UTC';
  return clock.value === 'host' ? (hostZone.value ?? 'UTC') : browserZone;
});
