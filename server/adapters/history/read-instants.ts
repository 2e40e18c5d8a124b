import type { InstantValues } from '../../application/range-reads.ts';
import type { NumberColumnId } from '../../domain/metrics.ts';
import { lastAtOrBefore } from '../../domain/timeline.ts';
import type { HostSources } from './answers.ts';
import { copyNumbers, eachChunkOfAll, integers, numberOrNaN, parquet } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';
import { placeOfInstant } from './sealed-host.ts';

/** Figures of every process at some instants: segments are read as one table, because they do not overlap in time. */

/** Columns `t`, `life` and those that were asked for, a vector at a time. */
type Vectors = readonly Float64Array[];

interface AskedInstant {
  readonly source: RowSource;
  /** Among those that were asked for. */
  readonly place: number;
}
type AskedInstants = ReadonlyMap<number, AskedInstant>;

async function readVectors(
  { connection }: HostSources,
  relation: string,
  asked: AskedInstants,
  ids: readonly NumberColumnId[],
): Promise<readonly Vectors[]> {
  if (asked.size === 0) return [];
  const vectors: Vectors[] = [];
  const sql = `SELECT t::DOUBLE, life::DOUBLE, ${ids.map(numberOrNaN).join(', ')} FROM ${relation}
    WHERE t IN (${integers(asked.keys())})`;
  await eachChunkOfAll(connection, sql, (chunk) =>
    vectors.push(Array.from({ length: ids.length + 2 }, (_, column) => copyNumbers(chunk, column))),
  );
  return vectors;
}

/** Where the samples at these instants are; those without processes have no rows. */
function placeInstants({ host, tail }: HostSources, instants: readonly number[]) {
  const { spine, sealed } = host.samples;
  const inSegments = new Map<number, AskedInstant>();
  const inTail = new Map<number, AskedInstant>();
  const segments = new Set<number>();
  for (const [place, t] of instants.entries()) {
    const index = lastAtOrBefore(spine.t, t);
    if (index < 0 || spine.t[index] !== t) continue;
    if (sealed[index] === 0) {
      inTail.set(t, { source: tail, place });
      continue;
    }
    const segment = placeOfInstant(host.sealed, t);
    segments.add(segment);
    inSegments.set(t, { source: host.sealed.sources[segment], place });
  }
  const paths = [...segments].map((segment) => host.sealed.segments[segment].paths.processes);
  return { inSegments, inTail, paths };
}

function joinVectors(vectors: readonly Vectors[], column: number): Float64Array {
  const joined = new Float64Array(vectors.reduce((rows, vector) => rows + vector[0].length, 0));
  let end = 0;
  for (const vector of vectors) {
    joined.set(vector[column], end);
    end += vector[column].length;
  }
  return joined;
}

export async function readInstants<Id extends NumberColumnId>(
  sources: HostSources,
  instants: readonly number[],
  ids: readonly Id[],
): Promise<InstantValues<Id>> {
  const { inSegments, inTail, paths } = placeInstants(sources, instants);
  const vectors = [
    ...(await readVectors(sources, parquet(paths), inSegments, ids)),
    ...(await readVectors(sources, sources.tail.relation, inTail, ids)),
  ];
  const [t, life] = [joinVectors(vectors, 0), joinVectors(vectors, 1)];
  const at = new Int32Array(t.length);
  for (let row = 0; row < t.length; row++) {
    const asked = inSegments.get(t[row]) ?? inTail.get(t[row]);
    if (!asked) throw new RangeError(`a row of an instant that was not asked for: ${t[row]}`);
    at[row] = asked.place;
    life[row] = asked.source.idOf(life[row]);
  }
  const values = Object.fromEntries(ids.map((id, column) => [id, joinVectors(vectors, column + 2)]));
  return { at, life, values: values as Record<Id, Float64Array> };
}
