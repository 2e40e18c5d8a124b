import type { ProcessRow } from '../domain/metrics.ts';
import type { History } from './ports.ts';
import type { SnapshotRequest } from './snapshot-rows.ts';
import { buildRows, openSnapshot, snapshotHead, windowOf } from './snapshot-rows.ts';

export interface TableView {
  readonly ts: string;
  readonly host: string;
  readonly rows: ProcessRow[];
}

/** Every process of one snapshot, depth first, with statistics up to it. @throws as `openSnapshot` does */
export async function viewTable(
  history: History,
  request: Pick<SnapshotRequest, 'ts' | 'host'>,
  zone: string,
): Promise<TableView> {
  const snapshot = await openSnapshot(history, request, zone);
  const { table, host } = snapshot;
  const indices = Array.from({ length: table.processes.count }, (_, row) => row);
  const rows = await buildRows(history, host, table, indices, windowOf(snapshot, 'upto'));
  return { ts: snapshotHead(snapshot).ts, host, rows };
}
