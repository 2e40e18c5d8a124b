import type { LevelView } from '../../../application/view-level.ts';
import { viewLevel } from '../../../application/view-level.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { formatBytes } from '../../../domain/units.ts';
import { changeColumns, compareNote } from '../compare-columns.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { printView, withFolder } from '../print-rows.ts';
import { numberFlag, ROW_FLAGS, rowRequest } from '../row-flags.ts';
import { formatTable } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi snapshot [--ts T] [--level N] [filters] [--json | --csv]',
  summary: 'The processes at one level of the tree at one recorded instant, the largest subtree first.',
  flags: [{ name: 'level', value: 'N', help: 'Level of the tree.', default: '0' }, ...ROW_FLAGS],
  examples: [
    'pmi snapshot --level 1 --limit 10',
    'pmi snapshot --ts 20261121_031200 --level 2 --min-rss 100',
    'pmi snapshot --level 1 --user postgres --base -1h',
    'pmi snapshot --ts -3m --csv > now.csv',
  ],
};

const COLUMNS = [
  'pid',
  'user',
  'lifetime_seconds',
  'rss_bytes',
  'rss_max_bytes',
  'subtree_rss_bytes',
  'subtree_rss_max_bytes',
] as const;

function table(view: LevelView, columns: number | null): string {
  const levels = view.levels.map(({ level, processes }) => `${level} (${processes})`).join(' | ');
  const note =
    view.rows.length === 0
      ? `No rows after filtering: ${view.hidden.processes} processes are hidden (${formatBytes(view.hidden.rss_bytes)}).\n`
      : formatTable(view.rows, { metrics: COLUMNS, more: changeColumns(view), columns });
  const hidden =
    view.hidden.processes > 0 && view.rows.length > 0
      ? `${view.shown} of ${view.shown + view.hidden.processes} shown; the others hold ${formatBytes(view.hidden.rss_bytes)}.\n`
      : '';
  return `Level ${view.level} at ${view.ts} on ${displayText(view.host)}    levels: ${levels}\n\n${note}${hidden}${compareNote(view)}`;
}

export const snapshotCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'snapshot');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const request = { ...(await rowRequest(world, flags)), lvl: numberFlag(flags, 'level', 0, 1e6) ?? 0 };
  return withFolder(world, flags, async ({ history }, zone) => {
    const view = await viewLevel(history, request, zone);
    printView(world, flags, view, () => table(view, world.columns));
    return 0;
  });
};
