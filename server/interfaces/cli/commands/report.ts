import { existsSync } from 'node:fs';
import { readInstantQuery } from '../../../application/choose-instant.ts';
import { viewReport } from '../../../application/view-report.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { GROUPINGS } from '../../../domain/process-filter.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { TREE_PICTURES } from '../../../domain/tree-pictures.ts';
import { renderPicture } from '../../report/picture.ts';
import { renderReport } from '../../report/report.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { withFolder } from '../print-rows.ts';
import { givenChoice, MATCH_FLAGS, matchRequest, numberFlag, watchGroupsOf } from '../row-flags.ts';
import { READ_FLAGS, zoneOf } from '../serve-options.ts';
import type { Command } from '../world.ts';
import { writeWhole } from '../write-whole.ts';

const HELP: CommandHelp = {
  usage:
    'pmi report [--out FILE.html] [--svg FILE] [--png FILE] [--at T] [--from T] [--to T] [--pid P | --key K] [--force]',
  summary:
    'Writes one moment, and what led to it, as an HTML document that opens anywhere: RAM and processes along time, the\n' +
    'largest processes as a tree, gaps. It holds no script and asks for nothing. --svg, --png: its main chart.',
  flags: [
    { name: 'out', value: 'FILE', help: 'The document to write.' },
    { name: 'svg', value: 'FILE', help: 'The chart of RAM and swap, or of the process, as an SVG file.' },
    { name: 'png', value: 'FILE', help: 'The same as a PNG file, 2000 pixels wide.' },
    { name: 'dark', help: '--svg and --png in dark colours.' },
    { name: 'force', help: 'Replace the file where it is there.' },
    {
      name: 'at',
      value: 'T',
      help: 'The moment: YYYYMMDD_HHMMSS, ISO 8601, -3m (before the newest) or latest; default the end of the range.',
    },
    { name: 'from', value: 'T', help: 'Start of the range; default the first sample.' },
    { name: 'to', value: 'T', help: 'End of the range; default the newest sample.' },
    { name: 'base', value: 'T', help: 'An instant to compare with, written as --at.' },
    { name: 'pid', value: 'P', help: 'Of this process and those below it, not of the whole host.' },
    { name: 'key', value: 'K', help: 'The same by process key: one life of a pid.' },
    { name: 'level', value: 'N', help: 'Only processes of this level of the tree.' },
    { name: 'group', value: GROUPINGS.join('|'), help: 'The processes put together, not as a tree.' },
    { name: 'view', value: TREE_PICTURES.join('|'), help: 'A picture of the tree above its table.' },
    ...MATCH_FLAGS,
    { name: 'limit', value: 'N', help: 'How many of the largest processes or groups.', default: '40' },
    { name: 'host', value: 'NAME', help: 'Host, where the folder holds several; default the newest.' },
    ...READ_FLAGS,
  ],
  examples: [
    'pmi report --out now.html',
    'pmi report --at 20261121_031200 --from 20261121_000000 --to 20261121_060000 --out night.html',
    'pmi report --pid 812 --out web.html --force',
    'pmi report --group user --base -1h --out users.html',
    'pmi report --view treemap --out tiles.html',
    'pmi report --from -24h --svg day.svg',
    'pmi report --pid 812 --from -24h --png web.png --dark',
  ],
};

const FILES = ['out', 'svg', 'png'] as const;

function checkFree(flags: GivenFlags, name: (typeof FILES)[number]): void {
  const file = flags.text(name);
  if (file !== undefined && !flags.has('force') && existsSync(file))
    throw new MemoryInspectorError('cannot_write', `${file} is there already`, {
      field: name,
      next: 'Name another file, or replace it with --force.',
    });
}

/** Before all dumps are read: it would be for nothing. */
function checkFiles(flags: GivenFlags): void {
  if (!FILES.some((name) => flags.has(name)))
    throw new MemoryInspectorError('bad_usage', '--out is missing', {
      field: 'out',
      next: 'Name a file: --out report.html, --svg chart.svg, --png chart.png or several.',
    });
  for (const name of FILES) checkFree(flags, name);
}

function checkInstant(flags: GivenFlags, name: string): void {
  const text = flags.text(name);
  if (text !== undefined) readInstantQuery(`--${name}`, text, zoneOf(flags));
}

export const reportCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'report');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  checkFiles(flags);
  const [host, ts, from, to, base, key] = ['host', 'at', 'from', 'to', 'base', 'key'].map((name) =>
    flags.text(name),
  );
  for (const name of ['at', 'from', 'to', 'base']) checkInstant(flags, name);
  const pid = numberFlag(flags, 'pid', 1, 2 ** 31 - 1);
  const matching = await matchRequest(world, flags);
  const limit = numberFlag(flags, 'limit', 1, 1000) ?? 40;
  const form = {
    lvl: numberFlag(flags, 'level', 0, 1e6),
    group: givenChoice(flags, 'group', GROUPINGS),
    view: givenChoice(flags, 'view', TREE_PICTURES),
    watchGroups: await watchGroupsOf(world, flags),
  };
  return withFolder(world, flags, async ({ history }, zone) => {
    const view = await viewReport(
      history,
      { ...matching, ...form, host, ts, from, to, base, pid, key, limit },
      zone,
    );
    const setting = { zone, version: world.version, css: world.reportStyles(), made: Date.now() };
    const picture = () => renderPicture(view, { ...setting, theme: flags.has('dark') ? 'dark' : 'light' });
    const written = {
      out: () => renderReport(view, setting),
      svg: picture,
      png: () => world.pngOf(picture()),
    };
    for (const name of FILES) {
      const file = flags.text(name);
      if (file === undefined) continue;
      writeWhole(file, await written[name](), flags.has('force'));
      world.err(`pmi: ${view.host} at ${formatInstant(view.ts)} in ${file}\n`);
    }
    return 0;
  });
};
