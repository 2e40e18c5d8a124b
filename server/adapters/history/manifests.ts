import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reject } from '../../application/dump-ports.ts';
import { errorCodeOf } from '../../domain/errors.ts';
import { parseManifest } from './manifest-format.ts';
import type { SegmentKind, SegmentManifest } from './segment.ts';
import type { SegmentName } from './segment-paths.ts';
import { dayFolder } from './segment-paths.ts';

/** Which segments an index holds: those whose manifest is there, and that no other stands for. */
export interface IndexedSegments {
  /** By host, then in order of time. */
  readonly manifests: readonly SegmentManifest[];
  /** Manifests that cannot be used; files are named with the index. */
  readonly rejects: readonly Reject[];
}

type Place = readonly [host: string, date: string, file: string];

const PER_TURN = 256;
/** A sealer replaces a few segments a minute: that it does so during each of these many looks cannot be. */
const MOST_LOOKS = 20;
const HIDDEN = '.';

/** Names in a folder; none where it is not there, or no folder. */
function namesIn(path: string, prefix = ''): readonly string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.startsWith(HIDDEN) && name.startsWith(prefix))
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error))) return [];
    throw error;
  }
}

function listPlaces(index: string): readonly Place[] {
  const top = join(index, 'manifest');
  return namesIn(top, 'host=').flatMap((host) =>
    namesIn(join(top, host), 'date=').flatMap((date) =>
      namesIn(join(top, host, date))
        .filter((file) => file.endsWith('.json'))
        .map((file): Place => [host, date, file]),
    ),
  );
}

/** @returns `null` where the file has gone meanwhile */
function readPlace(index: string, place: Place): SegmentManifest | Reject | null {
  const path = join(index, 'manifest', ...place);
  const reject = (reason: string): Reject => ({ file: path, line: null, column: null, reason });
  try {
    const read = parseManifest(readFileSync(path, 'utf8'), place);
    return 'complaint' in read ? reject(read.complaint) : read;
  } catch (error) {
    return errorCodeOf(error) === 'ENOENT' ? null : reject(`cannot be read: ${errorCodeOf(error)}`);
  }
}

function isReject(one: SegmentManifest | Reject): one is Reject {
  return 'reason' in one;
}

/** A segment is named within its host and date. */
function nameOf(host: string, date: string, id: string): string {
  return `${host}\n${date}\n${id}`;
}

function withoutReplaced(manifests: readonly SegmentManifest[]): readonly SegmentManifest[] {
  const replaced = new Set(
    manifests.flatMap(({ host, date, replaces }) => replaces.map((id) => nameOf(host, date, id))),
  );
  return manifests.filter(({ host, date, id }) => !replaced.has(nameOf(host, date, id)));
}

/** Those of sets of which one is missing do not count, and stand for nothing. */
function inWholeSets(manifests: readonly SegmentManifest[]): readonly SegmentManifest[] {
  const places = new Map<string, Set<number>>();
  for (const { host, date, part } of manifests) {
    if (!part) continue;
    const set = nameOf(host, date, part.set);
    places.set(set, (places.get(set) ?? new Set()).add(part.place));
  }
  return manifests.filter(
    ({ host, date, part }) => !part || places.get(nameOf(host, date, part.set))?.size === part.of,
  );
}

function inOrder(a: SegmentManifest, b: SegmentManifest): number {
  if (a.host !== b.host) return a.host < b.host ? -1 : 1;
  return a.from - b.from;
}

async function readPlaces(index: string, places: readonly Place[]): Promise<(SegmentManifest | Reject)[]> {
  const read: (SegmentManifest | Reject)[] = [];
  for (const [at, place] of places.entries()) {
    const one = readPlace(index, place);
    if (one) read.push(one);
    if (at % PER_TURN === PER_TURN - 1) await nextTurn();
  }
  return read;
}

/** All manifests, also of segments that others stand for, or whose set is not whole. */
export async function readAllManifests(index: string): Promise<IndexedSegments> {
  let read: readonly (SegmentManifest | Reject)[] = [];
  let places = listPlaces(index);
  for (let look = 0; look < MOST_LOOKS; look++) {
    read = await readPlaces(index, places);
    const again = listPlaces(index);
    if (again.join('\n') === places.join('\n')) break;
    places = again;
  }
  return {
    manifests: read.filter((one): one is SegmentManifest => !isReject(one)).sort(inOrder),
    rejects: read.filter(isReject),
  };
}

/**
 * Reads which segments there are. An index that does not exist holds none. While a sealer replaces segments, the answer
 * is the state before or after, never half of each: names are listed until they stand still.
 * @throws the system's error where the index cannot be read
 */
export async function readManifests(index: string): Promise<IndexedSegments> {
  const { manifests, rejects } = await readAllManifests(index);
  return { manifests: withoutReplaced(inWholeSets(manifests)), rejects };
}

/** The Parquet file of one kind. */
export function segmentPath(index: string, { id, host, date }: SegmentName, kind: SegmentKind): string {
  return join(index, dayFolder(kind, host, date), `${id}.parquet`);
}
