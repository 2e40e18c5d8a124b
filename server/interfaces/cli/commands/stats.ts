import { viewAnswer } from '../../../application/view-answer.ts';
import { viewGroups } from '../../../application/view-groups.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { withFolder } from '../print-rows.ts';
import { dumpsOf, READ_FLAGS } from '../serve-options.ts';
import { formatColumns, formatJson } from '../terminal-table.ts';
import type { Command } from '../world.ts';
import { groupTableColumns } from './groups.ts';
import { recorderText } from './status.ts';

const HELP: CommandHelp = {
  usage: 'pmi stats [--dumps DIR] [--json]',
  summary:
    'The newest sample in short: memory, what grew in the last hour, the largest programs; and the recorder.',
  flags: [...READ_FLAGS, { name: 'json', help: 'JSON.' }],
  examples: ['pmi stats', 'pmi stats --dumps ~/from-web-1 --json'],
};

const MOST_GROUPS = 8;

export const statsCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'stats');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  return withFolder(world, flags, async ({ history }, zone) => {
    const answer = await viewAnswer(history, { ts: 'latest', sinceMs: HOUR_MS, host: undefined }, zone);
    const request = {
      ts: answer.ts,
      host: answer.host,
      by: 'exe',
      window: 'upto',
      limit: MOST_GROUPS,
      watchGroups: [],
    } as const;
    const view = await viewGroups(history, request, zone);
    const recorder = await world.recorderStatus(dumpsOf(flags, world));
    if (flags.has('json')) world.out(formatJson({ answer, groups: view.groups, recorder }));
    else
      world.out(
        `${answer.text}\n\n${formatColumns(view.groups, groupTableColumns(view), world.columns)}\n${recorderText(recorder)}`,
      );
    return 0;
  });
};
