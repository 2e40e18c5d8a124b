import type { TreeRow } from '../../../application/tree-rows.ts';
import { viewSnapshot } from '../../../application/view-snapshot.ts';
import { viewSubtree } from '../../../application/view-subtree.ts';
import { changeColumns, compareNote } from '../compare-columns.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { printView, withFolder } from '../print-rows.ts';
import { numberFlag, ROW_FLAGS, rowRequest } from '../row-flags.ts';
import { formatTable, nameOf } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi tree [--pid P] [--ts T] [filters] [--json | --csv]',
  summary: 'A process and its descendants at one recorded instant; without --pid, every root.',
  flags: [{ name: 'pid', value: 'P', help: 'The process at the top.' }, ...ROW_FLAGS],
  examples: [
    'pmi tree --min-subtree 100',
    'pmi tree --exe postgres --base -1h',
    'pmi tree --pid 812 --ts -10m',
    'pmi tree --pid 812 --json',
  ],
};

const COLUMNS = ['pid', 'user', 'rss_bytes', 'subtree_rss_bytes', 'subtree_rss_max_bytes'] as const;

function indented(row: TreeRow): string {
  return `${'  '.repeat(row.depth)}${nameOf(row)}`;
}

export const treeCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'tree');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const request = await rowRequest(world, flags);
  const pid = numberFlag(flags, 'pid', 1, 2 ** 31 - 1);
  return withFolder(world, flags, async ({ history }, zone) => {
    const view =
      pid === undefined
        ? await viewSnapshot(history, request, zone)
        : await viewSubtree(history, { ...request, pid }, zone);
    const options = {
      ...{ metrics: COLUMNS, columns: world.columns, label: indented },
      more: changeColumns(view),
    };
    printView(world, flags, view, () => `${formatTable(view.rows, options)}${compareNote(view)}`);
    return 0;
  });
};
