import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/durations.ts';
import { formatMoment } from '../../domain/moment.ts';
import { zoneOffset } from '../../domain/time-zone.ts';
import { formatBytes } from '../../domain/units.ts';

/** Round figures along the two axes of a chart. */

export interface Tick {
  /** 0 … 1 along the axis. */
  readonly at: number;
  readonly label: string;
}

const MOST_BYTE_TICKS = 5;
const BYTE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

function byteStep(largest: number): number {
  let unit = 1;
  while (largest / unit >= 1000) unit *= 1024;
  const step = BYTE_STEPS.find((one) => largest / (one * unit) <= MOST_BYTE_TICKS) ?? 1000;
  return step * unit;
}

export interface ByteScale {
  readonly top: number;
  readonly ticks: readonly Tick[];
}

/** From 0 to a round figure that is at least `largest`. */
export function byteScale(largest: number): ByteScale {
  const step = byteStep(Math.max(1, largest));
  const count = Math.max(1, Math.ceil(largest / step));
  const top = count * step;
  return {
    top,
    ticks: Array.from({ length: count + 1 }, (_, at) => ({
      at: at / count,
      label: at === 0 ? '0' : formatBytes(at * step).replace(/\.0+ /, ' '),
    })),
  };
}

const [SECOND, MINUTE, HOUR, DAY] = [1000, MINUTE_MS, HOUR_MS, DAY_MS];
const TIME_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY),
];
/** So many fit on a narrow page. */
const MOST_TIME_TICKS = 4;

/** `2026-01-15 20:00:07`, of it what tells ticks apart. */
function labelOf(t: number, step: number, span: number, zone: string): string {
  const moment = formatMoment(t, zone);
  if (step >= DAY) return moment.slice(0, 10);
  const clock = step < MINUTE ? moment.slice(11) : moment.slice(11, 16);
  return span > DAY ? `${moment.slice(5, 10)} ${clock}` : clock;
}

/** Whole steps of the zone's wall clock; one offset for all, that of the end. */
export function timeTicks(from: number, to: number, zone: string): readonly Tick[] {
  const span = to - from;
  const step = TIME_STEPS.find((one) => span / one <= MOST_TIME_TICKS) ?? 3640 * DAY;
  const offset = zoneOffset(to, zone);
  const ticks: Tick[] = [];
  for (let wall = Math.ceil((from + offset) / step) * step; wall - offset <= to; wall += step)
    ticks.push({ at: (wall - offset - from) / span, label: labelOf(wall - offset, step, span, zone) });
  return ticks;
}
