import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { PruneReport, RetentionLimits } from '../../../domain/retention.ts';
import { describeReason, readRetention } from '../../../domain/retention.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { formatBytes } from '../../../domain/units.ts';
import type { CommandHelp, Flag } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { dumpsOf, READ_FLAGS } from '../serve-options.ts';
import type { Command } from '../world.ts';
import { HISTORY_FLAGS, pruneHistory } from './prune-history.ts';

/** How much is kept: the recorder takes the same flags. */
export const RETENTION_FLAGS: readonly Flag[] = [
  { name: 'keep', value: 'TIME', help: 'Remove dumps older than this; forever keeps them. (default 14d)' },
  {
    name: 'max-bytes',
    value: 'SIZE',
    help: 'Remove the oldest above this size of all; or unlimited. (default 2GiB)',
  },
  {
    name: 'keep-free',
    value: 'SPACE',
    help: 'Remove the oldest while less of the disk is free; or off. (default 5%, at most 4GiB)',
  },
];

const HELP: CommandHelp = {
  usage:
    'pmi prune [--dry-run | --yes] [--dumps DIR] [--keep 14d] [--max-bytes 2GiB] [--keep-free 5%]\n' +
    '       pmi prune --history --to T [--from T] [--host H] [--dry-run | --yes]',
  summary:
    'Removes the oldest dumps of a folder, and regions over time as old, until it is within its limits; the newest and\n' +
    'the protected ones never.\n' +
    'Says what would go and why; it removes with --yes only. With --history the index forgets a stretch of time instead.',
  flags: [
    { name: 'dry-run', help: 'Only say what would be removed. This is the default.' },
    { name: 'yes', help: 'Remove.' },
    ...READ_FLAGS,
    ...RETENTION_FLAGS,
    ...HISTORY_FLAGS,
    { name: 'json', help: 'JSON.' },
  ],
  examples: [
    'pmi prune',
    'pmi prune --keep 3d --yes',
    'pmi prune --max-bytes 500MB --dumps ~/from-web-1',
    'pmi prune --history --to 20260101',
  ],
};

function summary(report: PruneReport, isDryRun: boolean): string {
  const { pruned, dumps, space } = report;
  const freed = formatBytes(pruned.reduce((sum, { bytes }) => sum + bytes, 0));
  const done = isDryRun ? 'would be removed' : 'removed';
  const kept = report.protected > 0 ? `, ${report.protected} protected` : '';
  const days = pruned.filter(({ kind }) => kind === 'regions').length;
  const regions = days > 0 ? ` and the regions of ${days} ${days === 1 ? 'day' : 'days'}` : '';
  const all = `${pruned.length - days} of ${dumps} dumps${regions} ${done}, ${freed} of ${formatBytes(report.bytes)}${kept}`;
  const next = isDryRun && pruned.length > 0 ? ' Add --yes to remove them.' : '';
  return `${all}; ${formatBytes(space.free)} of the disk were free.${next}\n`;
}

function reportText(report: PruneReport, limits: RetentionLimits, isDryRun: boolean): string {
  const lines = report.pruned.map(({ file, bytes, reason }) => {
    return `${file}  ${formatBytes(bytes)}  ${describeReason(reason, limits, report.space)}\n`;
  });
  return `${lines.join('')}${summary(report, isDryRun)}`;
}

function reportJson(report: PruneReport, isDryRun: boolean): string {
  const pruned = report.pruned.map(({ kind, t, file, bytes, reason }) => ({
    kind,
    file,
    ts: formatInstant(t),
    bytes,
    reason,
  }));
  const freed = report.pruned.reduce((sum, { bytes }) => sum + bytes, 0);
  const { dumps, bytes } = report;
  const whole = { removed: !isDryRun, freed_bytes: freed, dumps, bytes, protected: report.protected, pruned };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

export const pruneCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'prune');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  if (flags.has('yes') && flags.has('dry-run'))
    throw new MemoryInspectorError('bad_usage', '--yes does not go with --dry-run', { field: 'yes' });
  const isDryRun = !flags.has('yes');
  if (flags.has('history')) return pruneHistory(world, flags, isDryRun);
  const limits = readRetention((name) => flags.text(name));
  const report = await world.prune({ dumps: dumpsOf(flags, world), limits, isDryRun });
  world.out(flags.has('json') ? reportJson(report, isDryRun) : reportText(report, limits, isDryRun));
  return 0;
};
