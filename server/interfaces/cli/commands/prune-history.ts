import { MemoryInspectorError } from '../../../domain/errors.ts';
import { formatInstant, parseInstantQuery } from '../../../domain/stamp.ts';
import { formatBytes } from '../../../domain/units.ts';
import type { Flag, GivenFlags } from '../flags.ts';
import { sourceOf } from '../serve-options.ts';
import type { ErasedHistory, World } from '../world.ts';

/** `pmi prune --history`: what was read of dumps is erased, not the dumps. */

export const HISTORY_FLAGS: readonly Flag[] = [
  { name: 'history', help: 'Erase segments of the index, not dumps; needs --to.' },
  { name: 'from', value: 'T', help: 'With --history: from this instant on; default all before --to.' },
  { name: 'to', value: 'T', help: 'With --history: up to this instant; segments that lie within go.' },
  { name: 'host', value: 'H', help: 'With --history: of this host only.' },
];

/** A day stands for all of it. */
const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const EDGE = { from: '000000', to: '235959' };

function instantOf(flags: GivenFlags, name: 'from' | 'to', zone: string): number | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const day = DAY.exec(text);
  const whole = day ? `${day.slice(1).join('')}_${EDGE[name]}` : text;
  const query = parseInstantQuery(whole, zone);
  if (query?.kind === 'at') return query[name];
  throw new MemoryInspectorError('bad_usage', `--${name}: ${text} is not an instant`, {
    field: name,
    next: 'Write YYYYMMDD, YYYYMMDD_HHMMSS, an ISO 8601 date or time, or epoch milliseconds.',
  });
}

function reportText(
  { days, segments, samples, bytes, samplesWithoutDump }: ErasedHistory,
  isDryRun: boolean,
) {
  if (segments === 0) return 'No segment lies within that time.\n';
  const [verb, next] = isDryRun ? ['would be erased', ' Add --yes to erase them.'] : ['erased', ''];
  const kept = samples - samplesWithoutDump;
  return [
    `${segments} segments of ${days[0]} to ${days.at(-1)} ${verb}: ${samples} samples, ${formatBytes(bytes)}.${next}`,
    `${samplesWithoutDump} of the samples have no dump left${isDryRun ? ' and cannot be had back' : ''}.`,
    ...(kept > 0
      ? [`The dumps of ${kept} are still there and will be read again: pmi prune removes dumps.`]
      : []),
    '',
  ].join('\n');
}

/** @throws `bad_usage`; `cannot_write` where another process keeps the index */
export async function pruneHistory(world: World, flags: GivenFlags, isDryRun: boolean): Promise<number> {
  const source = sourceOf(flags, world);
  const to = instantOf(flags, 'to', source.zone);
  if (to === undefined)
    throw new MemoryInspectorError('bad_usage', '--history needs --to', {
      field: 'to',
      next: 'Say up to when, for example --to 20260101.',
    });
  const from = instantOf(flags, 'from', source.zone) ?? Number.NEGATIVE_INFINITY;
  if (from > to)
    throw new MemoryInspectorError('bad_usage', '--from is after --to', {
      field: 'from',
      next: `--to is ${formatInstant(to)}.`,
    });
  const erased = await world.eraseHistory({ ...source, host: flags.text('host'), from, to, isDryRun });
  world.out(
    flags.has('json')
      ? `${JSON.stringify({ erased: !isDryRun, ...erased }, null, 2)}\n`
      : reportText(erased, isDryRun),
  );
  return 0;
}
