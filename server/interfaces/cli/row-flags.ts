import type { SnapshotRequest } from '../../application/snapshot-rows.ts';
import { chooseWatchGroup } from '../../application/watched-processes.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import type { ProcessMetricId } from '../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../domain/metrics.ts';
import type { FacetId, ThresholdId } from '../../domain/process-filter.ts';
import { DEFAULT_SORT, FACETS, LIMIT, SEARCH, THRESHOLDS, WATCH } from '../../domain/process-filter.ts';
import type { WatchGroup } from '../../domain/watch-group.ts';
import type { Flag, GivenFlags } from './flags.ts';
import { CONFIG_FLAG, READ_FLAGS } from './serve-options.ts';
import type { World } from './world.ts';

/** The filters and the order of process tables: the HTTP contract's names, with dashes. */

function dashed(id: string): string {
  return id.replaceAll('_', '-');
}

export const WATCH_FLAGS: readonly Flag[] = [
  { name: WATCH.id, value: 'NAME', help: WATCH.help },
  CONFIG_FLAG,
];

/** Which processes. */
export const MATCH_FLAGS: readonly Flag[] = [
  ...THRESHOLDS.map(({ id, unit, help }) => ({ name: dashed(id), value: unit.toUpperCase(), help })),
  { name: SEARCH.id, value: 'TEXT', help: SEARCH.help },
  ...FACETS.map(({ id, help }) => ({ name: id, value: 'TEXT', help })),
  ...WATCH_FLAGS,
];

/** Which processes of which instant. */
export const FILTER_FLAGS: readonly Flag[] = [
  ...READ_FLAGS,
  {
    name: 'ts',
    value: 'T',
    help: 'Instant: YYYYMMDD_HHMMSS, ISO 8601, -3m (before the newest) or latest.',
    default: 'latest',
  },
  { name: 'host', value: 'NAME', help: 'Host, where the folder holds several; default the newest.' },
  ...MATCH_FLAGS,
  {
    name: 'window',
    value: 'upto|all',
    help: 'Statistics up to the instant, or over everything.',
    default: 'upto',
  },
  { name: 'base', value: 'T', help: 'An instant to compare with, written as --ts.' },
];

const FORM_FLAGS: readonly Flag[] = [
  { name: 'json', help: 'JSON, as the HTTP API answers.' },
  { name: 'csv', help: 'CSV with every column; formulas are guarded.' },
];

export const GROUP_FLAGS: readonly Flag[] = [
  ...FILTER_FLAGS,
  { name: 'limit', value: 'N', help: 'Most groups, the largest.', default: String(LIMIT.default) },
  ...FORM_FLAGS,
];

export const ROW_FLAGS: readonly Flag[] = [
  ...FILTER_FLAGS,
  { name: 'limit', value: 'N', help: 'Most rows.', default: String(LIMIT.default) },
  { name: 'sort', value: 'METRIC', help: 'Metric to sort by.', default: DEFAULT_SORT.sort },
  { name: 'dir', value: 'asc|desc', help: 'Direction of the sort.', default: DEFAULT_SORT.dir },
  ...FORM_FLAGS,
];

function refused(name: string, value: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', `--${name}: ${value} is not valid`, { field: name, next });
}

/** @throws `bad_usage` naming the flag */
export function numberFlag(flags: GivenFlags, name: string, min: number, max: number): number | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= min && value <= max) return value;
  throw refused(name, text, `A number, ${min} … ${max}.`);
}

export function choice<const T extends string>(flags: GivenFlags, name: string, values: readonly T[]): T {
  const text = flags.text(name) ?? '';
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw refused(name, text, `One of ${values.join(', ')}.`);
}

/** The same; nothing where the flag is not given. */
export function givenChoice<const T extends string>(
  flags: GivenFlags,
  name: string,
  values: readonly T[],
): T | undefined {
  return flags.has(name) ? choice(flags, name, values) : undefined;
}

function thresholds(flags: GivenFlags): Partial<Record<ThresholdId, number>> {
  const given = THRESHOLDS.map(({ id }) => [id, numberFlag(flags, dashed(id), 0, 1e15)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function facets(flags: GivenFlags): Partial<Record<FacetId, string | undefined>> {
  return Object.fromEntries(FACETS.map(({ id }) => [id, flags.text(id)]));
}

/** The configured watch groups. @throws `cannot_read`, `bad_file` */
export function watchGroupsOf(world: World, flags: GivenFlags): Promise<readonly WatchGroup[]> {
  return world.watchGroups(flags.text('config'));
}

/** The watch group of `--watch`, or of another flag. @throws as `watchGroupsOf`, `no_such_group` */
export async function watchOf(
  world: World,
  flags: GivenFlags,
  name = flags.text(WATCH.id),
): Promise<WatchGroup | undefined> {
  return name === undefined ? undefined : chooseWatchGroup(await watchGroupsOf(world, flags), name);
}

/** @throws `bad_usage` naming the flag, `no_such_group` */
export async function matchRequest(world: World, flags: GivenFlags) {
  const watch = await watchOf(world, flags);
  return { ...thresholds(flags), ...facets(flags), q: flags.text('q'), watch };
}

/** @throws as `matchRequest` does */
export async function filterRequest(world: World, flags: GivenFlags) {
  return {
    ...(await matchRequest(world, flags)),
    ts: flags.text('ts'),
    host: flags.text('host'),
    base: flags.text('base'),
    window: choice(flags, 'window', ['upto', 'all']),
    limit: numberFlag(flags, 'limit', LIMIT.min, LIMIT.max) ?? LIMIT.default,
  };
}

/** @throws as `matchRequest` does */
export async function rowRequest(world: World, flags: GivenFlags): Promise<SnapshotRequest> {
  const ids: readonly ProcessMetricId[] = PROCESS_METRICS.map((metric) => metric.id);
  const order = { sort: choice(flags, 'sort', ids), dir: choice(flags, 'dir', ['asc', 'desc']) };
  return { ...(await filterRequest(world, flags)), ...order };
}
