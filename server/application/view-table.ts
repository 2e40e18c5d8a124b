import type { ProcessRow } from '../domain/metrics.ts';
import type { History } from './ports.ts';
import type { SnapshotRequest } from './snapshot-rows.ts';
import { buildAllRows, openSnapshot, readSteadily, snapshotHead } from './snapshot-rows.ts';

export interface TableView {
  readonly ts: string;
  readonly host: string;
  readonly rows: ProcessRow[];
}

type TableRequest = Pick<SnapshotRequest, 'ts' | 'host'>;

async function readTable(history: History, request: TableRequest, zone: string): Promise<TableView> {
  const snapshot = await openSnapshot(history, request, zone);
  const rows = await buildAllRows(history, snapshot, 'upto');
  return { ts: snapshotHead(snapshot).ts, host: snapshot.host, rows };
}

/** Every process of one snapshot, depth first, with statistics up to it. @throws as `openSnapshot` does */
export function viewTable(history: History, request: TableRequest, zone: string): Promise<TableView> {
  return readSteadily(() => readTable(history, request, zone));
}
