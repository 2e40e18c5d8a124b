import { DAY_MS } from '../../domain/durations.ts';
import type { WeakProcess } from '../../domain/process-lives.ts';
import type { EdgeSample, SegmentManifest } from './segment.ts';
import { encodeHost, SEGMENT_DATE, SEGMENT_ID } from './segment-paths.ts';

/** Manifests are read back by hand: anybody may have written them, and a bad one must cost only itself. */

type Fields = Readonly<Record<string, unknown>>;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSurvivor(value: unknown): value is WeakProcess {
  return (
    isFields(value) &&
    isInstant(value.pid) &&
    isInstant(value.ppid) &&
    typeof value.firstWord === 'string' &&
    isInstant(value.since)
  );
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isKnown(value: unknown, type: 'number' | 'string'): boolean {
  return value === null || typeof value === type;
}

function isEdge(value: unknown): value is EdgeSample {
  return (
    isFields(value) &&
    isInstant(value.t) &&
    isKnown(value.uptimeSeconds, 'number') &&
    isKnown(value.intervalSeconds, 'number') &&
    isKnown(value.bootId, 'string')
  );
}

function areEdges(value: unknown): boolean {
  return value === undefined || isListOf(value, isEdge);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && SEGMENT_ID.test(value);
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && SEGMENT_DATE.test(value) && !Number.isNaN(Date.parse(value));
}

function isPart(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isFields(value) || typeof value.set !== 'string') return false;
  const { place, of } = value;
  return isCount(place) && isCount(of) && place < of;
}

type Check = (fields: Fields) => boolean;

function isWithinDay({ from, to, date }: Fields): boolean {
  if (!isInstant(from) || !isInstant(to) || typeof date !== 'string') return false;
  const begin = Date.parse(date);
  return begin <= from && from <= to && to < begin + DAY_MS;
}

const VERSIONS: readonly unknown[] = [1, 2, 3, 4, 5] satisfies SegmentManifest['version'][];

/** Each with what it says where it fails. */
const CHECKS: readonly (readonly [Check, string])[] = [
  [({ version }) => VERSIONS.includes(version), 'is of another version than 1 to 5'],
  [({ id }) => isId(id), 'has no proper id'],
  [({ host }) => typeof host === 'string' && host !== '', 'has no host'],
  [({ date }) => isDate(date), 'has no proper date'],
  [isWithinDay, 'has no time within its date'],
  [({ samples, rows, lives, bytes }) => [samples, rows, lives, bytes].every(isCount), 'has no proper counts'],
  [({ replaces }) => isListOf(replaces, isId), 'has no proper list of what it replaces'],
  [({ sealedAt }) => typeof sealedAt === 'string', 'does not say when it was sealed'],
  [({ weak }) => isListOf(weak, isSurvivor), 'has no proper list of weakly identified processes'],
  [
    ({ first, last }) => areEdges(first) && areEdges(last),
    'has no proper lists of its first and last samples',
  ],
  [
    ({ context }) => context === undefined || typeof context === 'string',
    'has no proper mark of its context',
  ],
  [({ part }) => isPart(part), 'does not say properly which part of a set it is'],
];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param place names of the folders and the file: `host=H`, `date=D`, `ID.json`
 * @returns the manifest, or what is wrong with it
 */
export function parseManifest(
  text: string,
  place: readonly [host: string, date: string, file: string],
): SegmentManifest | { readonly complaint: string } {
  const value = parseJson(text);
  if (!isFields(value)) return { complaint: 'is not a JSON object' };
  const failed = CHECKS.find(([check]) => !check(value));
  if (failed) return { complaint: failed[1] };
  const manifest = value as unknown as SegmentManifest;
  const [host, date, file] = place;
  const isAtHome =
    host === `host=${encodeHost(manifest.host)}` &&
    date === `date=${manifest.date}` &&
    file === `${manifest.id}.json`;
  return isAtHome ? manifest : { complaint: 'says another host, date or id than its path' };
}
