import type { Facets } from '../domain/facets.ts';
import { countFacets } from '../domain/facets.ts';
import type { History } from './ports.ts';
import type { FilteredRequest } from './snapshot-rows.ts';
import { buildAllRows, openSnapshot, readSteadily, snapshotHead } from './snapshot-rows.ts';

export interface FacetsView extends Facets {
  readonly ts: string;
  readonly host: string;
}

/** What the processes of one instant can be told apart by, with counts. @throws as `openSnapshot` does */
export function viewFacets(history: History, request: FilteredRequest, zone: string): Promise<FacetsView> {
  return readSteadily(async () => {
    const snapshot = await openSnapshot(history, request, zone);
    const rows = await buildAllRows(history, snapshot, request.window);
    const { ts, host } = snapshotHead(snapshot);
    return { ts, host, ...countFacets(rows, request) };
  });
}
