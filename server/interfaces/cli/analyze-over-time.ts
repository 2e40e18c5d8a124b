import type { Analysis } from '../../application/analysis.ts';
import type { RecordedMoments } from '../../application/record-regions.ts';
import { recordRegions } from '../../application/record-regions.ts';
import { viewRegionChanges } from '../../application/view-moments.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import { COST_SHARE } from '../../domain/region-cadence.ts';
import { formatInstant } from '../../domain/stamp.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatDuration, parseDuration } from '../../domain/units.ts';
import type { Flag, GivenFlags } from './flags.ts';
import { dumpsOf, READ_FLAGS, zoneOf } from './serve-options.ts';
import type { Column } from './terminal-table.ts';
import { formatColumns, formatJson } from './terminal-table.ts';
import type { World } from './world.ts';

/** `pmi analyze PID --record` and `--compare A B`: the regions of one process over time. */

const FOLDER_FLAGS = READ_FLAGS.filter(({ name }) => name === 'dumps' || name === 'tz');

export const OVER_TIME_FLAGS: readonly Flag[] = [
  {
    name: 'record',
    help: `Keep sums of its regions beside the dumps, at ${100 * COST_SHARE} % of a CPU at most, until it ends or Ctrl-C.`,
  },
  { name: 'interval', value: 'D', help: 'With --record: 30s, 5m.', default: '60s' },
  { name: 'duration', value: 'D', help: 'With --record: for how long.' },
  {
    name: 'compare',
    value: 'A B',
    help: 'What grew between two recorded moments: 03:12, -1h, latest; B may be now.',
  },
  ...FOLDER_FLAGS,
];

/** `--compare A B` → `--compare=A B`: a flag has one value. @throws `bad_usage` */
export function joinCompared(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--compare');
  if (at < 0) return argv;
  const [a, b] = argv.slice(at + 1);
  if (a === undefined || b === undefined || a.startsWith('--') || b.startsWith('--'))
    throw new MemoryInspectorError('bad_usage', '--compare takes two moments', {
      field: 'compare',
      next: 'Write it as: pmi analyze 812 --compare 03:00 latest.',
    });
  return [...argv.slice(0, at), `--compare=${a} ${b}`, ...argv.slice(at + 3)];
}

/** @throws `bad_usage` */
function durationOf(flags: GivenFlags, name: string): number | null {
  const text = flags.text(name);
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new MemoryInspectorError('bad_usage', `--${name}: ${text} is not valid`, {
    field: name,
    next: 'Write it as 30s, 5m or 1h.',
  });
}

const ENDS: Readonly<Record<RecordedMoments['ended'], string>> = {
  process: 'the process ended',
  duration: 'the time is over',
  signal: 'stopped',
};

function recordedText({ moments, readSeconds, seconds, ended }: RecordedMoments): string {
  const share = seconds > 0 ? (100 * readSeconds) / seconds : 0;
  return `${moments} ${moments === 1 ? 'moment' : 'moments'} in ${formatDuration(seconds)}, ${ENDS[ended]}; reading took ${readSeconds.toFixed(2)} s, ${share.toFixed(2)} % of the time.\n`;
}

export async function recordOverTime(
  world: World,
  flags: GivenFlags,
  analysis: Analysis,
  asked: { readonly pid: number; readonly signal: AbortSignal },
): Promise<void> {
  const records = await world.openRegionRecords(dumpsOf(flags, world));
  const recorded = await recordRegions(analysis, records, {
    ...asked,
    intervalMs: durationOf(flags, 'interval') ?? 0,
    durationMs: durationOf(flags, 'duration'),
    onMoment: ({ t, readSeconds, nextMs }) =>
      world.err(
        `pmi: ${formatInstant(t)} read in ${(1000 * readSeconds).toFixed(1)} ms, next in ${formatDuration(nextMs / 1000)}\n`,
      ),
  });
  world.out(flags.has('json') ? formatJson(recorded) : recordedText(recorded));
}

type Changes = Awaited<ReturnType<typeof viewRegionChanges>>;
type NamedChange = Changes['classes'][number] | Changes['files'][number];

function changedName(change: NamedChange): string {
  if ('class' in change) return change.class;
  return `${displayText(change.path)}${change.is_deleted ? ' (deleted)' : ''}`;
}

function changesTable(
  rows: readonly NamedChange[],
  head: string,
  size: (bytes: number) => string,
  width: number | null,
): string {
  const figure = (name: string, bytesOf: (row: NamedChange) => number): Column<NamedChange> => ({
    head: name,
    isLeft: false,
    cell: (row) => size(bytesOf(row)),
  });
  const columns = [
    figure('CHANGE', (row) => row.delta_bytes),
    figure('BEFORE', (row) => row.a_bytes),
    figure('AFTER', (row) => row.b_bytes),
    { head, isLeft: true, cell: changedName },
  ];
  return formatColumns(rows, columns, width);
}

const MOST_FILES = 20;

export async function compareOverTime(
  world: World,
  flags: GivenFlags,
  { pid, signal }: { readonly pid: number; readonly signal: AbortSignal },
  size: (bytes: number) => string,
): Promise<void> {
  const [a, b] = (flags.text('compare') ?? '').split(' ');
  const records = await world.openRegionRecords(dumpsOf(flags, world));
  const analysis = await world.openAnalysis();
  const sources = { records, analysis: () => analysis, signal };
  const view = await viewRegionChanges(sources, { pid, a, b }, zoneOf(flags));
  if (flags.has('json')) {
    world.out(formatJson(view));
    return;
  }
  const changed = view.files.filter(({ delta_bytes }) => delta_bytes !== 0).slice(0, MOST_FILES);
  world.out(`${view.text}\n${view.a} → ${view.b}, in RAM\n\n`);
  world.out(changesTable(view.classes, 'CLASS', size, world.columns));
  if (changed.length > 0) world.out(`\n${changesTable(changed, 'FILE', size, world.columns)}`);
}
