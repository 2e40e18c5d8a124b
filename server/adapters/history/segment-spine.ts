import type { DuckDBConnection } from '@duckdb/node-api';
import type { SystemSeriesId } from '../../application/ports.ts';
import { columnNames, parquet } from './read-chunks.ts';
import type { SegmentFiles } from './segment-files.ts';
import { BadSegment, cutAtBorders, distinctTexts, pathsOf, placeIn, readNumbers } from './segment-files.ts';

/** The instants of a segment with what decides about gaps, and the system figures that were asked for. */
export interface SegmentSpine {
  readonly t: Float64Array;
  readonly uptimeSeconds: Float64Array;
  readonly intervalSeconds: Float64Array;
  readonly clockTicks: Float64Array;
  readonly hasProcesses: Float64Array;
  readonly incomplete: Float64Array;
  readonly bootId: readonly (string | null)[];
  readonly label: readonly (string | null)[];
}

const NUMBERS = {
  t: 't',
  uptimeSeconds: 'uptime_seconds',
  intervalSeconds: 'interval_seconds',
  clockTicks: 'clock_ticks',
  hasProcesses: 'has_processes',
  incomplete: 'incomplete',
};

type Spines = readonly SegmentSpine[];

/** Spines of segments of one host, in order of time. @throws BadSegment */
export async function readSpines(
  connection: DuckDBConnection,
  segments: readonly SegmentFiles[],
): Promise<Spines> {
  const from = pathsOf(segments, 'system');
  const [boots, labels] = await distinctTexts(connection, ['boot_id', 'label'], from);
  const expressions = { ...NUMBERS, boot: placeIn(boots, 'boot_id'), label: placeIn(labels, 'label') };
  const columns = await readNumbers(connection, expressions, from);
  const textsOf = (texts: readonly string[], places: Float64Array) =>
    Array.from(places, (place) => (Number.isNaN(place) ? null : texts[place]));
  return cutAtBorders(columns, columns.t, segments).map((cut, at) => {
    if (cut.t.length !== segments[at].manifest.samples)
      throw new BadSegment('holds another number of samples than its manifest says');
    const { boot, label, ...numbers } = cut;
    return {
      ...numbers,
      bootId: textsOf(boots, boot),
      label: textsOf(labels, label),
    } as unknown as SegmentSpine;
  });
}

/** System figures of one host's segments, in order of time. Ids are of the catalogue. */
export async function readFigures(
  connection: DuckDBConnection,
  segments: readonly SegmentFiles[],
  ids: readonly SystemSeriesId[],
): Promise<readonly Readonly<Record<string, Float64Array>>[]> {
  const from = parquet(
    segments.map(({ paths }) => paths.system),
    'union_by_name = true',
  );
  // Unknown is what the catalogue did not have when a segment was sealed.
  const names = new Set(await columnNames(connection, from));
  const figures = ids.map((id) => [id, names.has(id) ? id : 'NULL']);
  const columns = await readNumbers(connection, { t: 't', ...Object.fromEntries(figures) }, from);
  return cutAtBorders(columns, columns.t, segments);
}
