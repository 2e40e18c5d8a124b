/** Where a figure of one life is heading, by rules that are told with the answer. No verdict is given. */

export const TREND_DIRECTIONS = ['rising', 'falling', 'steady', 'unknown'] as const;
export type TrendDirection = (typeof TREND_DIRECTIONS)[number];
