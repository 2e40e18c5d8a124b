import { firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { History } from './ports.ts';

export interface SnapshotsRequest {
  readonly host?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Instants of all samples of a range, epoch ms. An empty history has none. */
export function listSnapshots(history: History, request: SnapshotsRequest, zone: string): { t: number[] } {
  if (history.hosts().length === 0) return { t: [] };
  const spine = history.spine(chooseHost(history, request.host));
  const range = chooseRange(spine, request, zone);
  return { t: spine.t.slice(firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to) + 1) };
}
