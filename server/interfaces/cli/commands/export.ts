import type { ExportRequest } from '../../../application/ports.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { READ_FLAGS, sourceOf } from '../serve-options.ts';
import type { Command } from '../world.ts';

const FORMATS = ['csv', 'ndjson', 'parquet'] as const satisfies readonly ExportRequest['format'][];

const HELP: CommandHelp = {
  usage: 'pmi export [--format csv|ndjson|parquet] [--from T] [--to T] [--host H] [--out FILE]',
  summary:
    'Writes every recorded row of a stretch of time, a process and sample each, in order of time: all stored metrics,\n' +
    'its level in the tree, its subtree and its key. Bytes and seconds; texts are in dump notation.',
  flags: [
    { name: 'format', value: 'F', help: `${FORMATS.join(', ')}.`, default: 'csv' },
    { name: 'from', value: 'T', help: 'From this instant on, as --ts of other commands; default the first.' },
    { name: 'to', value: 'T', help: 'Up to this instant; default the newest.' },
    { name: 'host', value: 'H', help: 'Of which host; default the one with the newest sample.' },
    { name: 'out', value: 'FILE', help: 'Into this file; default standard output (not Parquet).' },
    { name: 'raw', help: 'CSV: texts that a spreadsheet would run as formulas are left as they are.' },
    ...READ_FLAGS,
  ],
  examples: [
    'pmi export --from -1h > last-hour.csv',
    'pmi export --format parquet --out month.parquet',
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

export const exportCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'export');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const format = formatOf(flags.text('format'));
  const file = flags.text('out') ?? null;
  if (format === 'parquet' && file === null)
    throw new MemoryInspectorError('bad_usage', '--format parquet needs --out', {
      field: 'out',
      next: 'Name a file: --out rows.parquet.',
    });
  const [host, from, to] = ['host', 'from', 'to'].map((name) => flags.text(name));
  const request = { host, from, to, format, file, isRaw: flags.has('raw') };
  const written = await world.exportRows(sourceOf(flags, world), request);
  if (file !== null) world.err(`pmi: ${written.rows} rows of ${written.host} in ${file}\n`);
  return 0;
};
