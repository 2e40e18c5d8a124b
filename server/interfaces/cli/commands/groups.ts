import type { GroupsView } from '../../../application/view-groups.ts';
import { viewGroups } from '../../../application/view-groups.ts';
import type { ProcessGroup } from '../../../domain/groups.ts';
import { GROUPINGS } from '../../../domain/process-filter.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { formatBytes } from '../../../domain/units.ts';
import { encodeCsv, flatRows, groupColumns } from '../../csv.ts';
import { compareNote, formatChange } from '../compare-columns.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { printSheet, withFolder } from '../print-rows.ts';
import { choice, filterRequest, GROUP_FLAGS, watchGroupsOf } from '../row-flags.ts';
import type { Column } from '../terminal-table.ts';
import { formatColumns } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi groups [--by exe|cmd|user|cgroup|watch] [--ts T] [filters] [--json | --csv]',
  summary:
    'The processes of one recorded instant put together, the largest group first. ≤: pages that the\n' +
    'processes of a group share count once each.',
  flags: [
    { name: 'by', value: GROUPINGS.join('|'), help: 'What makes a group.', default: 'exe' },
    ...GROUP_FLAGS,
  ],
  examples: ['pmi groups', 'pmi groups --by user --ts 20261121_031200', 'pmi groups --by cgroup --base -1h'],
};

/** A sum of which not all parts are known says how many are. */
function knownSum(bytes: number | null, known: number, processes: number): string {
  if (bytes === null) return '–';
  return known === processes ? formatBytes(bytes) : `${formatBytes(bytes)} (${known} known)`;
}

function changeOf({ base_rss_bytes: before, rss_bytes }: ProcessGroup): string {
  return formatChange(rss_bytes - (before ?? 0));
}

function columnsOf({ by, base }: GroupsView): Column<ProcessGroup>[] {
  const number = (head: string, cell: Column<ProcessGroup>['cell']) => ({ head, isLeft: false, cell });
  return [
    number(
      'RSS',
      ({ rss_bytes, rss_is_upper_bound }) => `${rss_is_upper_bound ? '≤ ' : ''}${formatBytes(rss_bytes)}`,
    ),
    ...(base ? [number('Δ RSS', changeOf)] : []),
    number('PSS', ({ pss_bytes, known, processes }) => knownSum(pss_bytes, known.pss, processes)),
    number('SWAP', ({ swap_bytes, known, processes }) => knownSum(swap_bytes, known.swap, processes)),
    number('PROCESSES', ({ processes }) => String(processes)),
    number('LARGEST', ({ largest }) => String(largest.pid)),
    { head: by.toUpperCase(), isLeft: true, cell: ({ name }) => (name === null ? '–' : displayText(name)) },
  ];
}

function table(view: GroupsView, width: number | null): string {
  const { groups, groups_total, totals } = view;
  const more = groups_total - groups.length;
  const rest = more > 0 ? `and ${more} more groups\n` : '';
  const head = `${totals.processes} processes at ${view.ts} on ${displayText(view.host)}, RSS together at most ${formatBytes(totals.rss_bytes)}`;
  return `${head}\n\n${formatColumns(groups, columnsOf(view), width)}${rest}${compareNote(view)}`;
}

export const groupsCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'groups');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const by = choice(flags, 'by', GROUPINGS);
  const watchGroups = by === 'watch' ? await watchGroupsOf(world, flags) : [];
  const request = { ...(await filterRequest(world, flags)), by, watchGroups };
  return withFolder(world, flags, async ({ history }, zone) => {
    const view = await viewGroups(history, request, zone);
    printSheet(world, flags, view, {
      csv: () => encodeCsv(groupColumns(view.base), flatRows(view.groups)),
      table: () => table(view, world.columns),
    });
    return 0;
  });
};
