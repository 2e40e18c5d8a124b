import type { Comparison } from '../../application/compare-base.ts';
import type { ProcessRow } from '../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../domain/metrics.ts';
import type { Table } from '../csv.ts';
import { BASE_COLUMNS, encodeCsv } from '../csv.ts';
import type { GivenFlags } from './flags.ts';
import { sourceOf } from './serve-options.ts';
import { formatJson } from './terminal-table.ts';
import type { ReadFolder, World } from './world.ts';

/** Reads a folder of dumps, hands it to `use`, and closes it again. Rejects are told on stderr. */
export async function withFolder(
  world: World,
  flags: GivenFlags,
  use: (folder: ReadFolder, zone: string) => Promise<number>,
): Promise<number> {
  const source = sourceOf(flags, world);
  const folder = await world.readFolder(source);
  try {
    return await use(folder, source.zone);
  } finally {
    await folder.close();
  }
}

/** A view as JSON, CSV, or by `table`. */
export function printSheet(
  world: World,
  flags: GivenFlags,
  view: object,
  forms: { readonly csv: () => string; readonly table: () => string },
): void {
  if (flags.has('json')) world.out(formatJson(view));
  else world.out(flags.has('csv') ? forms.csv() : forms.table());
}

/** Processes as JSON, CSV, or by `table`. */
export function printView(
  world: World,
  flags: GivenFlags,
  view: Comparison & { readonly rows: readonly ProcessRow[] },
  table: () => string,
): void {
  const columns = [...PROCESS_METRICS.map((metric) => metric.id), ...(view.base ? BASE_COLUMNS : [])];
  printSheet(world, flags, view, { csv: () => encodeCsv(columns, view.rows as unknown as Table), table });
}
