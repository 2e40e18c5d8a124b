import { formatMomentBeside } from './time.ts';

/** A stretch without samples, in words. */

export interface GapView {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

const REASONS: Readonly<Record<string, string>> = {
  stopped: 'recorder stopped',
  reboot: 'the host was restarted',
  suspend: 'the host was suspended',
  clock: 'the clock was set',
  idle: 'nobody watched',
  slow: 'this page was too slow',
  restart: 'the server was restarted',
};

export function gapReason(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** `Nothing recorded 02:10:00–02:44:00 (recorder stopped).`, with days where it is not of the instant's own. */
export function nothingRecorded(gap: GapView, beside: number): string {
  const [from, to] = [Date.parse(gap.from), Date.parse(gap.to)];
  const begin = formatMomentBeside(from, beside);
  const end = formatMomentBeside(to, from);
  return `Nothing recorded ${begin}–${end} (${gapReason(gap.reason)}).`;
}
