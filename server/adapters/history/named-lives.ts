import type { Life, LifeSpan } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
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

/** Whoever looks at a process looks at it again: its plot, another instant. So many commands of a segment are kept. */
const MOST_KEPT = 1024;

function keep({ commands }: LoadedSegment, row: number, command: string | null): void {
  if (commands.size >= MOST_KEPT) commands.clear();
  commands.set(row, command);
}

/** In no order. */
async function readCommands(
  { connection }: HostSources,
  lives: readonly LifeIn[],
  take: (life: LifeIn, command: string | null) => void,
): Promise<void> {
  if (lives.length === 0) return;
  const asked = new Map<LoadedSegment, Set<number>>();
  for (const { segment, row } of lives) asked.set(segment, (asked.get(segment) ?? new Set()).add(row));
  const segments = [...asked.keys()];
  const sql = `SELECT file_index::INTEGER, life, cmd FROM ${parquet(segments.map(({ paths }) => paths.lives))}
    WHERE ${ofLives(new Set(lives.map(({ row }) => row)))}`;
  const [file, life, cmd] = await readColumns(connection, sql);
  cmd.forEach((text: unknown, at) => {
    const [segment, row] = [segments[file[at] ?? 0], life[at] ?? 0];
    // A number that is asked for in one segment is of somebody else in another.
    if (asked.get(segment)?.has(row)) take({ segment, row }, text === null ? null : String(text));
  });
}

/** @returns by life number */
async function commandsOf(
  sources: HostSources,
  lives: readonly LifeIn[],
): Promise<ReadonlyMap<number, string | null>> {
  const commands = new Map<number, string | null>();
  const missing = lives.filter(({ segment, row }) => {
    const known = segment.commands.get(row);
    if (known !== undefined) commands.set(segment.lives.id[row], known);
    return known === undefined;
  });
  await readCommands(sources, missing, ({ segment, row }, command) => {
    keep(segment, row, command);
    commands.set(segment.lives.id[row], command);
  });
  return commands;
}

/** In the order given. */
export async function nameLives(sources: HostSources, spans: readonly LifeSpan[]): Promise<readonly Life[]> {
  const { sealed, lives } = sources.host;
  const ofSegments: LifeIn[] = [];
  const ofTail = new Map<number, string | null>();
  for (const { id } of spans) {
    const last = sealed.lives.lastOf(id);
    const span = lives.ofId(id);
    const isNewer = span && (!last || span.lastSeen > sealed.segments[last[0]].lives.lastT[last[1]]);
    if (isNewer) ofTail.set(id, span.cmd);
    else if (last) ofSegments.push({ segment: sealed.segments[last[0]], row: last[1] });
  }
  const commands = new Map([...(await commandsOf(sources, ofSegments)), ...ofTail]);
  return spans.map((span) => ({ ...span, cmd: commands.get(span.id) ?? null }));
}

export function spansOfPid(host: HostHistory, pid: number): readonly LifeSpan[] {
  const ids = new Set([...host.sealed.lives.idsOfPid(pid), ...host.lives.ofPid(pid).map(({ id }) => id)]);
  return [...ids].map((id) => spanOf(host, id)).sort((a, b) => a.firstSeen - b.firstSeen);
}
