import { readFileSync } from 'node:fs';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import { sourcesPath } from '../segment-paths.ts';
import type { EdgeSample } from './weak-context.ts';

/** What a segment was made of, for the next sealing: it is never asked while somebody waits for a page. */
export interface SegmentSources {
  readonly version: 1;
  readonly sources: readonly SegmentSource[];
  /** Its first and last samples, at most `EDGE_SAMPLES` each, in order of time. */
  readonly first: readonly EdgeSample[];
  readonly last: readonly EdgeSample[];
  /** Of what lives without start ticks were told by (see `contextMark`); '' where it holds none. */
  readonly context: string;
}

const NOTHING: SegmentSources = { version: 1, sources: [], first: [], last: [], context: '' };

function isSource(value: unknown): value is SegmentSource {
  const { file, size, mtimeMs, t } = (value ?? {}) as Partial<SegmentSource>;
  return (
    typeof file === 'string' &&
    typeof size === 'number' &&
    typeof mtimeMs === 'number' &&
    (t === null || typeof t === 'number')
  );
}

function isEdge(value: unknown): value is EdgeSample {
  return typeof (value as EdgeSample | null)?.t === 'number';
}

function listOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): readonly Item[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

/** What cannot be read counts as nothing: then all dumps of the day are new, and it is sealed again. */
export function parseSources(text: string): SegmentSources {
  try {
    const { version, sources, first, last, context } = JSON.parse(text);
    if (version !== 1) return NOTHING;
    return {
      version,
      sources: listOf(sources, isSource),
      first: listOf(first, isEdge),
      last: listOf(last, isEdge),
      context: typeof context === 'string' ? context : '',
    };
  } catch {
    return NOTHING;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function readSources(index: string, manifest: SegmentManifest): SegmentSources {
  return parseSources(readText(sourcesPath(index, manifest)));
}

/** One source a line: a day has thousands, and people look at these. */
export function formatSources({ sources, ...rest }: SegmentSources): string {
  const lines = sources.map((source) => JSON.stringify(source));
  return `${JSON.stringify(rest).slice(0, -1)},"sources":[\n${lines.join(',\n')}\n]}\n`;
}
