import type { DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';
import type { Life, LifeSpan } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { inHalves } from './halves.ts';
import type { HostHistory } from './host-history.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { parquet, readColumns } from './read-chunks.ts';
import { ofLives } from './row-source.ts';
import { spanOf } from './store.ts';

/** Lives with their commands, which are in the file of the segment that saw a life last. */

/** A life as its segment calls it. */
interface LifeIn {
  readonly segment: LoadedSegment;
  readonly row: number;
}

/** @returns of each segment the rows that are asked for */
function bySegment(lives: readonly LifeIn[]): ReadonlyMap<LoadedSegment, ReadonlySet<number>> {
  const rows = new Map<LoadedSegment, Set<number>>();
  for (const { segment, row } of lives) rows.set(segment, (rows.get(segment) ?? new Set()).add(row));
  return rows;
}

function keep({ commands, lives }: LoadedSegment, row: number, command: unknown): void {
  commands.length = lives.id.length;
  commands[row] = command === null ? null : String(command);
}

function filesOf(segments: readonly LoadedSegment[]): string {
  return parquet(segments.map(({ paths }) => paths.lives));
}

type AskedRows = readonly [segment: LoadedSegment, rows: ReadonlySet<number>];

async function readFew(connection: DuckDBConnection, asked: readonly AskedRows[]): Promise<void> {
  const sql = `SELECT file_index::INTEGER, life, cmd FROM ${filesOf(asked.map(([segment]) => segment))}
    WHERE ${ofLives(new Set(asked.flatMap(([, rows]) => [...rows])))}`;
  const [file, life, cmd] = await readColumns(connection, sql);
  for (const [at, command] of cmd.entries()) {
    const [segment, rows] = asked[file[at] ?? 0];
    const row = life[at] ?? 0;
    // A number that is asked for in one segment is of somebody else in another.
    if (rows.has(row)) keep(segment, row, command);
  }
}

/** Many lives have the same command: each is made a string once. */
async function readAll(connection: DuckDBConnection, segments: readonly LoadedSegment[]): Promise<void> {
  const sql = `SELECT file_index::INTEGER, cmd, list(life) FROM ${filesOf(segments)} GROUP BY ALL`;
  const [file, cmd, rows] = await readColumns(connection, sql);
  for (const [at, list] of (rows as readonly unknown[]).entries()) {
    const { items } = list as DuckDBListValue;
    for (const row of items) keep(segments[file[at] ?? 0], Number(row), cmd[at]);
  }
}

/**
 * Brings commands into memory. Whoever looks at a process looks at others, most of which were last seen where it was:
 * of a segment that is asked for the second time, all commands are read.
 */
async function loadCommands(sources: HostSources, lives: readonly LifeIn[]): Promise<void> {
  const missing = lives.filter(({ segment, row }) => segment.commands[row] === undefined);
  const wasAsked = ({ segment }: LifeIn) => segment.commands.length > 0;
  const again = [...bySegment(missing.filter(wasAsked)).keys()];
  const first = missing.filter((life) => !wasAsked(life));
  await inHalves(sources, again, readAll);
  await inHalves(sources, [...bySegment(first)], readFew);
}

/** In the order given. */
export async function withCommands(
  sources: HostSources,
  spans: readonly LifeSpan[],
): Promise<readonly Life[]> {
  const { sealed, lives } = sources.host;
  const ofSegments = new Map<number, LifeIn>();
  for (const { id } of spans) {
    const last = sealed.lives.lastOf(id);
    const lastSeen = lives.ofId(id)?.lastSeen ?? Number.NEGATIVE_INFINITY;
    if (!last || lastSeen > sealed.segments[last[0]].lives.lastT[last[1]]) continue;
    ofSegments.set(id, { segment: sealed.segments[last[0]], row: last[1] });
  }
  await loadCommands(sources, [...ofSegments.values()]);
  return spans.map((span) => {
    const at = ofSegments.get(span.id);
    const cmd = at ? at.segment.commands[at.row] : lives.ofId(span.id)?.cmd;
    return { ...span, cmd: cmd ?? null };
  });
}

export function spansOfPid(host: HostHistory, pid: number): readonly LifeSpan[] {
  const ids = new Set([...host.sealed.lives.idsOfPid(pid), ...host.lives.ofPid(pid).map(({ id }) => id)]);
  return [...ids].map((id) => spanOf(host, id)).sort((a, b) => a.firstSeen - b.firstSeen);
}
