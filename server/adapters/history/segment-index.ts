import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reject } from '../../application/dump-ports.ts';
import type { LifeNames } from './life-names.ts';
import { loadSegments, probeSegment } from './load-segments.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { readManifests, segmentPath } from './manifests.ts';
import type { SegmentKind, SegmentManifest } from './segment.ts';
import { SEGMENT_KINDS } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';

/** The segments of a folder: loads what is new, leaves out what cannot be read, and says so once. */
export interface SegmentIndex {
  /** What there is now, by host; `null` where nothing has changed since the last time. */
  read(
    connections: readonly DuckDBConnection[],
  ): Promise<ReadonlyMap<string, readonly LoadedSegment[]> | null>;
  /** Looks for files that have gone or are damaged. @returns whether there were any: they are left out next time */
  suspect(connection: DuckDBConnection): Promise<boolean>;
}

const MOST_LOOKS = 5;

function nameOf({ host, date, id }: SegmentManifest): string {
  return `${host}\n${date}\n${id}`;
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

/** Of each host in order of time. */
function byHost(segments: Iterable<LoadedSegment>): Map<string, LoadedSegment[]> {
  const hosts = new Map<string, LoadedSegment[]>();
  for (const segment of segments) {
    const { host } = segment.manifest;
    const known = hosts.get(host);
    if (known) known.push(segment);
    else hosts.set(host, [segment]);
  }
  for (const ofHost of hosts.values()) ofHost.sort((a, b) => a.manifest.from - b.manifest.from);
  return hosts;
}

/** Which segments are in memory, and which will never be. */
function openShelf(onReject: (reject: Reject) => void) {
  const loaded = new Map<string, LoadedSegment>();
  const left = new Set<string>();
  const told = new Set<string>();
  let changed = false;

  function tell(reject: Reject): void {
    const text = `${reject.file}\n${reject.reason}`;
    if (!told.has(text)) onReject(reject);
    told.add(text);
  }

  function forget(name: string): void {
    changed = loaded.delete(name) || changed;
  }

  return {
    loaded,
    left,
    tell,
    forget,
    add(segments: readonly LoadedSegment[]): void {
      for (const segment of segments) loaded.set(nameOf(segment.manifest), segment);
      changed = true;
    },
    leaveOut({ manifest, paths }: SegmentFiles, error: unknown): void {
      forget(nameOf(manifest));
      left.add(nameOf(manifest));
      tell({
        file: paths.processes,
        line: null,
        column: null,
        reason: `segment left out: ${reasonOf(error)}`,
      });
    },
    /** The segments by host where they have changed since the last time. */
    news(): ReadonlyMap<string, readonly LoadedSegment[]> | null {
      const news = changed ? byHost(loaded.values()) : null;
      changed = false;
      return news;
    },
  };
}

type Shelf = ReturnType<typeof openShelf>;

function filesOf(index: string, manifest: SegmentManifest): SegmentFiles {
  const paths = Object.fromEntries(SEGMENT_KINDS.map((kind) => [kind, segmentPath(index, manifest, kind)]));
  return { manifest, paths: paths as Record<SegmentKind, string> };
}

function isWhole({ paths }: SegmentFiles): boolean {
  return SEGMENT_KINDS.every((kind) => existsSync(paths[kind]));
}

async function readOnce(
  index: string,
  shelf: Shelf,
  names: LifeNames,
  connections: readonly DuckDBConnection[],
): Promise<void> {
  const { manifests, rejects } = await readManifests(index);
  for (const reject of rejects) shelf.tell(reject);
  const wanted = new Set(manifests.map(nameOf));
  for (const name of [...shelf.loaded.keys()]) if (!wanted.has(name)) shelf.forget(name);
  const isNew = (one: SegmentManifest) => !shelf.loaded.has(nameOf(one)) && !shelf.left.has(nameOf(one));
  const fresh = manifests.filter(isNew).map((manifest) => filesOf(index, manifest));
  for (const one of fresh) if (!isWhole(one)) shelf.leaveOut(one, 'a file of it is missing');
  const loading = { connections, names, onLoaded: shelf.add, onFailure: shelf.leaveOut };
  await loadSegments(loading, fresh.filter(isWhole));
}

export function openSegmentIndex(
  index: string,
  names: LifeNames,
  onReject: (reject: Reject) => void,
): SegmentIndex {
  const shelf = openShelf(onReject);
  return {
    async read(connections) {
      // A segment that cannot be read may have been replaced just now: by one that is there at a second look.
      for (let look = 0, before = -1; look < MOST_LOOKS && before !== shelf.left.size; look++) {
        before = shelf.left.size;
        await readOnce(index, shelf, names, connections);
      }
      return shelf.news();
    },
    async suspect(connection) {
      const before = shelf.left.size;
      for (const segment of [...shelf.loaded.values()])
        await probeSegment(connection, segment).catch((error) => shelf.leaveOut(segment, error));
      return shelf.left.size > before;
    },
  };
}
