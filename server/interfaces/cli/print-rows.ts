import type { ProcessRow } from '../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../domain/metrics.ts';
import type { Table } from '../csv.ts';
import { encodeCsv } from '../csv.ts';
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
export function printView(
  world: World,
  flags: GivenFlags,
  view: { readonly rows: readonly ProcessRow[] },
  table: () => string,
): void {
  if (flags.has('json')) world.out(formatJson(view));
  else if (flags.has('csv'))
    world.out(
      encodeCsv(
        PROCESS_METRICS.map((metric) => metric.id),
        view.rows as unknown as Table,
      ),
    );
  else world.out(table());
}
