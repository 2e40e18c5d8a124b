import { viewTable } from '../../../application/view-table.ts';
import { NUMBER_COLUMNS, processMetric } from '../../../domain/metrics.ts';
import type { Description } from '../../../domain/statistics.ts';
import { describe } from '../../../domain/statistics.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { MIB } from '../../../domain/units.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { withFolder } from '../print-rows.ts';
import { ROW_FLAGS } from '../row-flags.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const READS = new Set(['dumps', 'tz', 'ts', 'host', 'json']);

const HELP: CommandHelp = {
  usage: 'pmi describe [--ts T] [--json]',
  summary: "A snapshot's statistics as a DataFrame: count, mean, std, min, median, max of every figure.",
  flags: ROW_FLAGS.filter((flag) => READS.has(flag.name)),
  examples: ['pmi describe', 'pmi describe --ts -1h', 'pmi describe --json'],
};

/** Figures that can be described: ids are not. */
const FIGURES = NUMBER_COLUMNS.filter((id) => id !== 'pid' && id !== 'ppid' && id !== 'start_ticks');

type Figures = Readonly<Record<(typeof FIGURES)[number], number | null>>;

/** For a person: memory in MiB, and every figure under its label. */
function readable(row: Figures): Record<string, number | null> {
  return Object.fromEntries(
    FIGURES.map((id) => {
      const { label, unit } = processMetric(id);
      const value = row[id];
      if (unit === 'bytes') return [`${label} MiB`, value === null ? null : value / MIB];
      return [unit === 'seconds' ? `${label} s` : label, value];
    }),
  );
}

function descriptions(rows: readonly Figures[]): Record<string, Description> {
  return Object.fromEntries(FIGURES.map((id) => [id, describe(rows.map((row) => row[id]))]));
}

export const describeCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'describe');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const request = { ts: flags.text('ts'), host: flags.text('host') };
  return withFolder(world, flags, async ({ history }, zone) => {
    const { rows, ...head } = await viewTable(history, request, zone);
    const figures = rows.map((row) => Object.fromEntries(FIGURES.map((id) => [id, row[id]])) as Figures);
    if (flags.has('json')) {
      world.out(formatJson({ ...head, statistics: descriptions(figures) }));
      return 0;
    }
    const frames = await world.openDataFrames();
    world.out(`${rows.length} processes at ${head.ts} on ${displayText(head.host)}\n`);
    world.out(await frames.describe(figures.map(readable)));
    return 0;
  });
};
