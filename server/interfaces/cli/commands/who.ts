import type { AnswerView, CulpritView } from '../../../application/view-answer.ts';
import { viewAnswer } from '../../../application/view-answer.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { parseInstantQuery } from '../../../domain/stamp.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { formatBytes, formatChange, parseDuration } from '../../../domain/units.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { withFolder } from '../print-rows.ts';
import { numberFlag } from '../row-flags.ts';
import { READ_FLAGS } from '../serve-options.ts';
import type { ShowAgain } from '../show-again.ts';
import { showAgain } from '../show-again.ts';
import { cutLine, formatJson, formatJsonLine } from '../terminal-table.ts';
import type { Command } from '../world.ts';
import { intervalOf } from './top.ts';

const HELP: CommandHelp = {
  usage: 'pmi who [--at T] [--since D] [--watch [--interval 10s]] [--json]',
  summary:
    'Who holds the memory at an instant and what grew before it, in a sentence and a small table. Processes are told with\n' +
    'their descendants; ≤ marks sums of RSS, which count shared pages more than once.',
  flags: [
    ...READ_FLAGS,
    {
      name: 'at',
      value: 'T',
      help: 'Instant: 03:12 (the last one recorded), YYYYMMDD_HHMMSS, ISO 8601, -3m (before the newest) or latest.',
      default: 'latest',
    },
    { name: 'since', value: 'D', help: 'What grew in this time before: 30m, 1h, 2d.', default: '1h' },
    { name: 'host', value: 'NAME', help: 'Host, where the folder holds several; default the newest.' },
    { name: 'watch', help: 'Show it again and again, until Ctrl-C; on a terminal in place, until q.' },
    { name: 'interval', value: 'TIME', help: 'With --watch: how often, 200ms … 1h.', default: '10s' },
    { name: 'count', value: 'N', help: 'With --watch: print so often, and end.' },
    { name: 'json', help: 'JSON, as /api/v1/answer tells it; with --watch a line each time.' },
  ],
  examples: ['pmi who', 'pmi who --at 03:12', 'pmi who --at -2h --since 1d --json', 'pmi who --watch'],
};

function refused(name: string, value: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', `--${name}: ${value} is not valid`, { field: name, next });
}

/** @throws `bad_usage` */
function instantOf(flags: GivenFlags, zone: string): string {
  const text = flags.text('at') ?? 'latest';
  if (parseInstantQuery(text, zone)) return text;
  throw refused('at', text, 'Write 03:12, YYYYMMDD_HHMMSS, an ISO 8601 time, -3m or latest.');
}

/** @throws `bad_usage` */
function sinceOf(flags: GivenFlags): number {
  const text = flags.text('since') ?? '';
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw refused('since', text, 'Write it as 30m, 1h or 2d.');
}

function cellsOf(one: CulpritView): readonly string[] {
  const { share_of_growth: share } = one;
  return [
    `${one.rss_is_upper_bound ? '≤ ' : ''}${formatBytes(one.bytes)}`,
    formatChange(one.delta_bytes),
    share === null ? '–' : `${Math.round(share * 100)} %`.replace('-', '−'),
    String(one.subtree_processes),
    String(one.pid),
  ];
}

function commandOf({ cmd, comm }: CulpritView): string {
  return cmd ? displayText(cmd) : `[${displayText(comm)}]`;
}

const HEAD = ['MEMORY', 'GROWTH', 'SHARE', 'PROCESSES', 'PID'];

/** Those that hold most, then those that grew most and are not among them. */
function formatCulprits(
  largest: readonly CulpritView[],
  grown: readonly CulpritView[],
  columns: number | null,
): string {
  const held = new Set(largest.map(({ key }) => key));
  const rows = [...largest, ...grown.filter(({ key }) => !held.has(key))];
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const labels = ['COMMAND', ...rows.map(commandOf)];
  return cells
    .map((line, row) => {
      const padded = line.map((cell, at) => cell.padStart(widths[at]));
      return `${cutLine([...padded, labels[row]].join('  '), columns)}\n`;
    })
    .join('');
}

function formatAnswer({ text, largest, culprits }: AnswerView, columns: number | null): string {
  return `${text}\n\n${formatCulprits(largest, culprits, columns)}`;
}

/** How often it is shown; `null`: once. @throws `bad_usage` */
function againOf(flags: GivenFlags): Pick<ShowAgain, 'intervalMs' | 'count'> | null {
  if (!flags.has('watch')) return null;
  return { intervalMs: intervalOf(flags), count: numberFlag(flags, 'count', 1, 1e9) ?? null };
}

export const whoCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'who');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const sinceMs = sinceOf(flags);
  const again = againOf(flags);
  return withFolder(world, flags, async ({ history }, zone) => {
    const request = { ts: instantOf(flags, zone), sinceMs, host: flags.text('host') };
    const read = () => viewAnswer(history, request, zone);
    if (!again)
      world.out(flags.has('json') ? formatJson(await read()) : formatAnswer(await read(), world.columns));
    else
      await showAgain({
        ...again,
        read: async () =>
          flags.has('json') ? formatJsonLine(await read()) : formatAnswer(await read(), null),
        stopped: world.stopSignal(),
        print: (text) => world.out(text),
      });
    return 0;
  });
};
