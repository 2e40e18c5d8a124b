import { formatPosition } from '../../../domain/errors.ts';
import { displayText } from '../../../domain/text-notation.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { READ_FLAGS, sourceOf } from '../serve-options.ts';
import type { Command, VerifyReport } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi verify [--dumps DIR] [--index DIR] [--json]',
  summary:
    'Reads every dump and compares it with its commit record (rows, CRC-32), and every segment of the index with its\n' +
    'manifest and the dumps that it was made of. Lists what is damaged and what is lost. Changes nothing.\n' +
    'Exit code 0: all is well; 1: something is damaged.',
  flags: [...READ_FLAGS, { name: 'json', help: 'JSON.' }],
  examples: ['pmi verify', 'pmi verify --dumps ~/from-web-1 --tz UTC', 'pmi verify --json | jq .damaged'],
};

function linesOf({ dumps, index, lost }: VerifyReport): readonly string[] {
  const { rejects, pairs, whole, rows } = dumps;
  return [
    ...rejects.map((reject) => `${formatPosition(reject)}: ${reject.reason}`),
    ...index.faults,
    `${pairs} dumps with ${rows} rows: ${pairs - whole} are not as they were written, ${rejects.length} rejects.`,
    `${index.folder}: ${index.segments} segments with ${index.samples} samples, ${index.faults.length} faults; of ${index.gone} dumps that they were made of the files are gone, ${index.changed} have changed since.`,
    lost === 0 ? 'Nothing is lost.' : `Lost: ${lost} samples of damaged segments whose dumps are gone.`,
  ];
}

export const verifyCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'verify');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const report = await world.verify(sourceOf(flags, world));
  if (report === null) return 130;
  const damaged = report.dumps.rejects.length + report.index.faults.length + report.lost;
  world.out(
    flags.has('json')
      ? `${JSON.stringify({ damaged, ...report }, null, 2)}\n`
      : linesOf(report)
          .map((line) => `${displayText(line)}\n`)
          .join(''),
  );
  return damaged === 0 ? 0 : 1;
};
