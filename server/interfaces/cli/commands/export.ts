import type { ExportRequest } from '../../../application/ports.ts';
import { viewVisualizer } from '../../../application/view-recorded-dashboards.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { withFolder } from '../print-rows.ts';
import { choice, WATCH_FLAGS, watchGroupsOf, watchOf } from '../row-flags.ts';
import { READ_FLAGS, sourceOf } from '../serve-options.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command, World } from '../world.ts';
import { writeWhole } from '../write-whole.ts';

const FORMATS = ['csv', 'ndjson', 'parquet'] as const satisfies readonly ExportRequest['format'][];

const SHAPES = ['rows', 'visualizer'] as const;

const HELP: CommandHelp = {
  usage: 'pmi export [--format csv|ndjson|parquet | --shape visualizer] [--from T] [--to T] [--out FILE]',
  summary:
    'Writes every recorded row of a stretch of time, a process and sample each, in order of time: all stored metrics,\n' +
    'its level in the tree, its subtree and its key. Bytes and seconds; texts are in dump notation.\n' +
    '--shape visualizer: JSON as the memory visualizer exported it, at most 1000 points of each watch group.',
  flags: [
    { name: 'format', value: 'F', help: `${FORMATS.join(', ')}.`, default: 'csv' },
    {
      name: 'shape',
      value: SHAPES.join('|'),
      help: 'visualizer: {"GROUP": [{timestamp, rss_mb, vms_mb, percent}], "system": […]}.',
      default: 'rows',
    },
    ...WATCH_FLAGS.map((flag) =>
      flag.name === 'watch' ? { ...flag, help: 'With --shape visualizer: each member of this group.' } : flag,
    ),
    { name: 'from', value: 'T', help: 'From this instant on, as --ts of other commands; default the first.' },
    { name: 'to', value: 'T', help: 'Up to this instant; default the newest.' },
    { name: 'host', value: 'H', help: 'Of which host; default the one with the newest sample.' },
    {
      name: 'out',
      value: 'FILE',
      help: 'Into this file; -, the default: standard output (Parquet only where that is no terminal).',
    },
    { name: 'raw', help: 'CSV: texts that a spreadsheet would run as formulas are left as they are.' },
    ...READ_FLAGS,
  ],
  examples: [
    'pmi export --from -1h > last-hour.csv',
    'pmi export --format parquet --out month.parquet',
    'pmi export --shape visualizer --from -24h --out memory.json',
    'pmi export --format ndjson --from 20261121_030000 --to 20261121_040000 | jq .cmd',
  ],
};

function formatOf(text: string | undefined): ExportRequest['format'] {
  const format = FORMATS.find((one) => one === text);
  if (format) return format;
  throw new MemoryInspectorError('bad_usage', `--format: ${text} is none`, {
    field: 'format',
    next: `Formats: ${FORMATS.join(', ')}.`,
  });
}

/** `null`: standard output. */
function fileOf(flags: GivenFlags): string | null {
  const file = flags.text('out') ?? '-';
  return file === '-' ? null : file;
}

/** @throws `bad_usage` where a flag says what this shape has no room for, `bad_parameter` where there is no group */
async function exportVisualizer(world: World, flags: GivenFlags): Promise<number> {
  const other = ['format', 'raw'].find((name) => flags.has(name));
  if (other !== undefined)
    throw new MemoryInspectorError('bad_usage', `--shape visualizer is JSON: it takes no --${other}`, {
      field: other,
    });
  const one = await watchOf(world, flags);
  const groups = one ? [one] : await watchGroupsOf(world, flags);
  if (groups.length === 0)
    throw new MemoryInspectorError('bad_usage', 'There is no watch group to export', {
      field: 'shape',
      next: 'Make one: pmi config --help, or the page /watch.',
    });
  const [host, from, to] = ['host', 'from', 'to'].map((name) => flags.text(name));
  const range = { host, from, to, isByMember: one !== undefined };
  return withFolder(world, flags, async ({ history }, zone) => {
    const text = formatJson(await viewVisualizer(history, groups, range, zone));
    const file = fileOf(flags);
    if (file === null) world.out(text);
    else writeWhole(file, text, true);
    return 0;
  });
}

export const exportCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'export');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  if (choice(flags, 'shape', SHAPES) === 'visualizer') return exportVisualizer(world, flags);
  const format = formatOf(flags.text('format'));
  const file = fileOf(flags);
  if (format === 'parquet' && file === null && world.columns !== null)
    throw new MemoryInspectorError('bad_usage', '--format parquet is not for a terminal', {
      field: 'out',
      next: 'Name a file: --out rows.parquet.',
    });
  const [host, from, to] = ['host', 'from', 'to'].map((name) => flags.text(name));
  const request = { host, from, to, format, file, isRaw: flags.has('raw') };
  const written = await world.exportRows(sourceOf(flags, world), request);
  if (file !== null) world.err(`pmi: ${written.rows} rows of ${written.host} in ${file}\n`);
  return 0;
};
