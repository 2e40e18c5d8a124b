import type { InstantValues } from '../../application/range-reads.ts';
import type { NumberColumnId, TextColumnId } from '../../domain/metrics.ts';
import { lastAtOrBefore } from '../../domain/timeline.ts';
import type { HostSources } from './answers.ts';
import { copyNumbers, eachChunkOfAll, integers, numberOrNaN, parquet } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';
import { placeOfInstant } from './sealed-host.ts';

/** Figures of every process at some instants: segments are read as one table, because they do not overlap in time. */

/** Columns `t`, `life` and those that were asked for, a vector at a time. */
interface Vectors {
  readonly numbers: readonly Float64Array[];
  readonly texts: readonly (readonly (string | null)[])[];
}

/** Columns that were asked for. */
interface Asked {
  readonly ids: readonly NumberColumnId[];
  readonly texts: readonly TextColumnId[];
}

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
  { ids, texts }: Asked,
  textOf: RowSource['textOf'],
): Promise<readonly Vectors[]> {
  if (asked.size === 0) return [];
  const vectors: Vectors[] = [];
  const columns = ['t::DOUBLE', 'life::DOUBLE', ...ids.map(numberOrNaN), ...texts.map((id) => `"${id}"`)];
  const sql = `SELECT ${columns.join(', ')} FROM ${relation} WHERE t IN (${integers(asked.keys())})`;
  await eachChunkOfAll(connection, sql, (chunk) =>
    vectors.push({
      numbers: Array.from({ length: ids.length + 2 }, (_, column) => copyNumbers(chunk, column)),
      texts: texts.map((_, column) => chunk.getColumnValues(ids.length + 2 + column).map(textOf)),
    }),
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
  const joined = new Float64Array(vectors.reduce((rows, { numbers }) => rows + numbers[0].length, 0));
  let end = 0;
  for (const { numbers } of vectors) {
    joined.set(numbers[column], end);
    end += numbers[column].length;
  }
  return joined;
}

/** What segments and the tail hold of the columns. */
async function readAll(sources: HostSources, placed: ReturnType<typeof placeInstants>, asked: Asked) {
  const { inSegments, inTail, paths } = placed;
  const [ofSegment] = inSegments.values();
  const { tail } = sources;
  return [
    ...(ofSegment
      ? await readVectors(
          sources,
          parquet(paths, 'union_by_name = true'),
          inSegments,
          asked,
          ofSegment.source.textOf,
        )
      : []),
    ...(await readVectors(sources, tail.relation, inTail, asked, tail.textOf)),
  ];
}

export async function readInstants<Id extends NumberColumnId, Text extends TextColumnId>(
  sources: HostSources,
  instants: readonly number[],
  ids: readonly Id[],
  texts: readonly Text[] = [],
): Promise<InstantValues<Id, Text>> {
  const placed = placeInstants(sources, instants);
  const vectors = await readAll(sources, placed, { ids, texts });
  const [t, life] = [joinVectors(vectors, 0), joinVectors(vectors, 1)];
  const at = new Int32Array(t.length);
  for (let row = 0; row < t.length; row++) {
    const asked = placed.inSegments.get(t[row]) ?? placed.inTail.get(t[row]);
    if (!asked) throw new RangeError(`a row of an instant that was not asked for: ${t[row]}`);
    at[row] = asked.place;
    life[row] = asked.source.idOf(life[row]);
  }
  const values = Object.fromEntries(ids.map((id, column) => [id, joinVectors(vectors, column + 2)]));
  const names = Object.fromEntries(
    texts.map((id, column) => [id, vectors.flatMap((one) => one.texts[column])]),
  );
  return { at, life, values, texts: names } as unknown as InstantValues<Id, Text>;
}
