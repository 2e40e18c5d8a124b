import { formatBytes } from '../../../domain/units.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { READ_FLAGS, sourceOf } from '../serve-options.ts';
import type { Command, IndexReport } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi index [--rebuild] [--dumps DIR] [--index DIR] [--json]',
  summary:
    'Reads what is new of a folder of dumps into its index, so that serving it starts at once.\n' +
    'Ctrl-C stops; the days that were finished by then stay.',
  flags: [
    ...READ_FLAGS,
    {
      name: 'rebuild',
      help: 'Read all dumps again; samples whose dumps are gone are carried over from the old index.',
    },
    { name: 'json', help: 'JSON.' },
  ],
  examples: ['pmi index', 'pmi index --dumps ~/from-web-1 --tz UTC', 'pmi index --rebuild'],
};

function reportText(report: IndexReport): string {
  const { index, days, hosts, samples, rows, bytes, read, seconds, rejects, stopped } = report;
  const rate = seconds > 0 ? `, ${Math.round(read.rows / seconds).toLocaleString('en')} rows/s` : '';
  return [
    `${stopped ? 'Stopped. ' : ''}Read ${read.pairs} dumps with ${read.rows} rows in ${seconds.toFixed(1)} s${rate}; ${rejects} rejects.`,
    `${index}: ${days} days of ${hosts} hosts, ${samples} samples, ${rows} rows, ${formatBytes(bytes)}.`,
    '',
  ].join('\n');
}

export const indexCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'index');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const report = await world.buildIndex(sourceOf(flags, world), flags.has('rebuild'));
  world.out(flags.has('json') ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.stopped ? 130 : 0;
};
