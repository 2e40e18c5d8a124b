import type { DuckDBConnection } from '@duckdb/node-api';
import { weakKey } from '../../domain/process-key.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { createTable, PROCESS_COLUMNS } from './columns.ts';
import type { HostHistory } from './host-history.ts';
import { placeOfInstant } from './sealed-host.ts';
import type { TextPool } from './text-pool.ts';
import type { WeakProcesses } from './weak-lives.ts';
import { openWeakTracker } from './weak-lives.ts';

/**
 * Tells the weak lives of one host apart anew, from the rows that are already in the tail: needed when samples came
 * in out of order, or when later spacings turned a pause into a gap. No dump is read again.
 */

const RELIFE = PROCESS_COLUMNS.filter(({ name }) => ['t', 'pid', 'life'].includes(name));

interface WeakRows extends WeakProcesses {
  readonly cmd: (string | null)[];
  readonly pid: number[];
  readonly ppid: number[];
}

async function readWeakRows(
  connection: DuckDBConnection,
  host: HostHistory,
  pool: TextPool,
): Promise<ReadonlyMap<number, WeakRows>> {
  const reader = await connection.runAndReadAll(
    'SELECT t, pid, ppid, cmd FROM process_samples WHERE host = $host AND start_ticks IS NULL',
    { host: host.id },
  );
  const bySample = new Map<number, WeakRows>();
  for (const [t, pid, ppid, cmd] of reader.getRowsJS()) {
    const rows = bySample.get(Number(t)) ?? { pid: [], ppid: [], cmd: [] };
    rows.pid.push(Number(pid));
    rows.ppid.push(Number(ppid));
    rows.cmd.push(pool.textOf(cmd === null ? null : Number(cmd)));
    bySample.set(Number(t), rows);
  }
  return bySample;
}

/** What a segment holds keeps its lives; the tail's begin with those that the segment before it leaves over. */
function goOnFromSegment(host: HostHistory, before: number, t: number): void {
  const manifest = host.sealed.segments[placeOfInstant(host.sealed, before)]?.manifest;
  host.weak.goOnFrom(manifest && manifest.to < t ? manifest.weak : []);
}

/** New life ids, as three parallel columns: instant, pid, life. */
function trackAgain(host: HostHistory, rowsOf: ReadonlyMap<number, WeakRows>): readonly number[][] {
  const [instants, pids, lives]: number[][] = [[], [], []];
  const nobody: WeakRows = { pid: [], ppid: [], cmd: [] };
  const { spine, sealed } = host.samples;
  spine.t.forEach((t, index) => {
    if (sealed[index] === 1) return;
    if (sealed[index - 1] === 1) goOnFromSegment(host, spine.t[index - 1], t);
    const rows = rowsOf.get(t) ?? nobody;
    const since = host.weak.track(index, spine.hasProcesses[index] === 1 ? rows : null);
    rows.pid.forEach((pid, row) => {
      const key = weakKey(host.name, pid, since[row]);
      const lifetimeSeconds = (t - since[row]) / 1000;
      instants.push(t);
      pids.push(pid);
      lives.push(host.lives.see({ key, pid, weak: true, t, lifetimeSeconds, cmd: rows.cmd[row] }));
    });
  });
  return RELIFE.map(({ name }) => (name === 't' ? instants : name === 'pid' ? pids : lives));
}

export async function rebuildWeakLives(
  connection: DuckDBConnection,
  host: HostHistory,
  pool: TextPool,
): Promise<void> {
  const rowsOf = await readWeakRows(connection, host, pool);
  host.lives.forgetWeak();
  host.weak = openWeakTracker(host.samples.spine);
  const columns = trackAgain(host, rowsOf);
  await connection.run(createTable('relife', RELIFE));
  const writer = await openChunkWriter(connection, 'relife', RELIFE);
  writer.append(columns[0].length, columns);
  writer.flush();
  writer.close();
  await connection.run(
    'UPDATE process_samples AS p SET life = r.life FROM relife AS r WHERE p.host = $host AND p.t = r.t AND p.pid = r.pid',
    { host: host.id },
  );
  await connection.run(
    `UPDATE process_samples AS p SET parent = r.life FROM relife AS r
     WHERE p.host = $host AND p.parent IS NOT NULL AND p.t = r.t AND p.ppid = r.pid`,
    { host: host.id },
  );
  await connection.run('DROP TABLE relife');
}
