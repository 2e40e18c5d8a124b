import type { NumberColumnId } from './metrics.ts';

/** What the largest processes can be told by. */
export const TOP_METRICS = ['rss', 'pss', 'swap'] as const;
export type TopMetric = (typeof TOP_METRICS)[number];

export const TOP_COLUMN = {
  rss: 'rss_bytes',
  pss: 'pss_bytes',
  swap: 'swap_bytes',
} as const satisfies Readonly<Record<TopMetric, NumberColumnId>>;

/** More series than this in one chart cannot be told apart. */
export const TOP_COUNT = { default: 12, min: 1, max: 40 } as const;
