/**
 * UPTIME_S − START_TICKS ÷ CLK_TCK, at least 0: the age by the clock that steps of the wall clock do not move.
 * `NaN` where any of them is unknown.
 */
export function lifetimeSeconds(uptime: number, startTicks: number, clockTicks: number): number {
  return Math.max(0, uptime - startTicks / clockTicks);
}

/** Epoch ms in which a process began, by its age in a sample of `t`; that itself where its age is unknown. */
export function startedAt(t: number, startTicks: number, uptime: number, clockTicks: number): number {
  const age = lifetimeSeconds(uptime, startTicks, clockTicks);
  return Math.round(t - (Number.isNaN(age) ? 0 : age) * 1000);
}
