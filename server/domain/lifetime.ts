/**
 * UPTIME_S − START_TICKS ÷ CLK_TCK, at least 0: the age by the clock that steps of the wall clock do not move.
 * `NaN` where any of them is unknown.
 */
export function lifetimeSeconds(uptime: number, startTicks: number, clockTicks: number): number {
  return Math.max(0, uptime - startTicks / clockTicks);
}
