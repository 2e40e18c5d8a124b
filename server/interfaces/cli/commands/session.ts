import { viewSession } from '../../../application/view-session.ts';
import type { SessionView } from '../../../application/view-sessions.ts';
import { sessionView, viewSessions } from '../../../application/view-sessions.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { formatBytes } from '../../../domain/units.ts';
import { encodeCsv, sessionsTable, summaryTable } from '../../csv.ts';
import type { CommandHelp, Flag } from '../flags.ts';
import { formatHelp, HELP_FLAG, parseFlags } from '../flags.ts';
import { printSheet } from '../print-rows.ts';
import { CONFIG_FLAG, dumpsOf } from '../serve-options.ts';
import type { SessionCall } from '../session-call.ts';
import { openSources, unending } from '../session-call.ts';
import { countSamples, formatSessions, formatSummary } from '../session-tables.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command } from '../world.ts';
import { compareSessionsCommand, THRESHOLD_FLAGS } from './session-compare.ts';
import { PLAN_FLAGS, startSessionCommand } from './session-start.ts';

const DUMPS_FLAG: Flag = {
  name: 'dumps',
  value: 'DIR',
  help: 'Dump folder that the sessions are beside, in sessions/; as in pmi serve.',
};
const GROUP_FLAG: Flag = {
  name: 'group',
  value: 'G',
  help: 'Watch group to show in place of the session’s own.',
};
const GROUPS: readonly Flag[] = [GROUP_FLAG, CONFIG_FLAG];
const JSON_FLAG: Flag = { name: 'json', help: 'JSON.' };
const CSV_FLAG: Flag = { name: 'csv', help: 'CSV.' };

interface SubCommand {
  readonly names: readonly string[];
  readonly flags: readonly Flag[];
  readonly help: string;
  run(call: SessionCall): Promise<number>;
}

function describeSize({ state, samples, bytes }: Pick<SessionView, 'state' | 'samples' | 'bytes'>): string {
  return `${state}, ${countSamples(samples)}, ${formatBytes(bytes)}`;
}

async function list(call: SessionCall): Promise<number> {
  const { world, flags } = call;
  const { sessions } = await openSources(call);
  const view = await viewSessions(sessions, Date.now());
  for (const { reason } of view.unreadable) world.err(`pmi: ${displayText(reason)}\n`);
  const { columns, rows } = sessionsTable(view);
  printSheet(world, flags, view, {
    csv: () => encodeCsv(columns, rows),
    table: () => formatSessions(view, world.columns),
  });
  return 0;
}

const WIDTH = 1000;

async function show(call: SessionCall): Promise<number> {
  const { world, flags, names } = call;
  const sources = await openSources(call);
  const request = { name: names[0], group: flags.text('group'), px: WIDTH };
  const view = await viewSession(sources, request, unending());
  const { columns, rows } = summaryTable(view);
  printSheet(world, flags, view, {
    csv: () => encodeCsv(columns, rows),
    table: () => formatSummary(view, world.columns),
  });
  return 0;
}

async function stop(call: SessionCall): Promise<number> {
  const { world, flags, names } = call;
  const { sessions } = await openSources(call);
  await sessions.stop(names[0]);
  const view = sessionView(await sessions.find(names[0]));
  world.out(flags.has('json') ? formatJson(view) : `${names[0]}: ${describeSize(view)}\n`);
  return 0;
}

async function remove(call: SessionCall): Promise<number> {
  const { world, flags, names } = call;
  const [name] = names;
  const { sessions } = await openSources(call);
  const isDryRun = !flags.has('yes');
  const { samples, bytes } = await sessions.remove(name, isDryRun);
  const done = isDryRun ? 'would be removed. Add --yes to remove it' : 'removed';
  const text = `The session ${name} with ${countSamples(samples)}, ${formatBytes(bytes)}, ${done}.\n`;
  world.out(flags.has('json') ? formatJson({ name, removed: !isDryRun, samples, bytes }) : text);
  return 0;
}

const SUB_COMMANDS: Readonly<Record<string, SubCommand>> = {
  start: {
    names: ['NAME'],
    flags: [...PLAN_FLAGS, CONFIG_FLAG, DUMPS_FLAG, JSON_FLAG],
    help: 'Records until the time is over, Ctrl-C, or pmi session stop NAME.',
    run: startSessionCommand,
  },
  stop: {
    names: ['NAME'],
    flags: [DUMPS_FLAG, JSON_FLAG],
    help: 'Ends a session that another terminal or a server records.',
    run: stop,
  },
  list: {
    names: [],
    flags: [DUMPS_FLAG, JSON_FLAG, CSV_FLAG],
    help: 'All sessions and how they are.',
    run: list,
  },
  show: {
    names: ['NAME'],
    flags: [...GROUPS, DUMPS_FLAG, JSON_FLAG, CSV_FLAG],
    help: 'What a session held: host, group, programs, processes.',
    run: show,
  },
  compare: {
    names: ['A', 'B'],
    flags: [...THRESHOLD_FLAGS, ...GROUPS, DUMPS_FLAG, JSON_FLAG, CSV_FLAG],
    help: 'Two sessions side by side; B held against thresholds.',
    run: compareSessionsCommand,
  },
  rm: {
    names: ['NAME'],
    flags: [{ name: 'yes', help: 'Remove it; without, only what would go is said.' }, DUMPS_FLAG, JSON_FLAG],
    help: 'Removes a session with its dumps.',
    run: remove,
  },
};

function usageOf(name: string, { names, flags }: SubCommand): string {
  const options = flags.map((flag) => `[--${flag.name}${flag.value ? ` ${flag.value}` : ''}]`);
  return ['pmi session', name, ...names, ...options].join(' ');
}

function helpOf(name: string, command: SubCommand): CommandHelp {
  const words = ['pmi session', name, ...command.names].join(' ');
  return {
    usage: usageOf(name, command),
    summary: command.help,
    flags: command.flags,
    examples: EXAMPLES.filter((line) => line.startsWith(words.split(' ').slice(0, 3).join(' '))),
  };
}

const EXAMPLES = [
  'pmi session start before --interval 1s --duration 30m --group web',
  'pmi session stop before',
  'pmi session list',
  'pmi session show before',
  'pmi session compare before after --max-peak 2GiB --max-delta 5%',
  'pmi session rm before --yes',
  'pmi serve --dumps dumps/sessions/before',
];

function overview(): string {
  const lines = Object.entries(SUB_COMMANDS).map(([name, { names, help }]) => {
    return `  ${[name, ...names].join(' ').padEnd(12)}  ${help}`;
  });
  return [
    'Usage: pmi session start|stop|list|show|compare|rm [NAME] [options]',
    '',
    'A session is a recording of the whole host at a finer interval, for a while, in a folder of its own beside the dumps.',
    '',
    ...lines,
    '',
    'pmi session start --help tells the options of one.',
    '',
    'Examples:',
    ...EXAMPLES.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function badUsage(message: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', message, { next });
}

/** Names stand before the flags. @throws MemoryInspectorError `bad_usage` */
function splitNames(argv: readonly string[], name: string, command: SubCommand) {
  const at = argv.findIndex((word) => word.startsWith('-'));
  const [names, words] = at < 0 ? [argv, []] : [argv.slice(0, at), argv.slice(at)];
  const flags = parseFlags(words, command.flags, `session ${name}`);
  if (!flags.has(HELP_FLAG.name) && names.length !== command.names.length)
    throw badUsage(
      `pmi session ${name} takes ${command.names.join(' and ') || 'no name'}, before the options`,
      `See pmi session ${name} --help.`,
    );
  return { names, flags };
}

export const sessionCommand: Command = async (world, argv) => {
  const [name = '--help', ...rest] = argv;
  if (name === '--help') {
    world.out(overview());
    return 0;
  }
  if (!Object.hasOwn(SUB_COMMANDS, name))
    throw badUsage(`there is no pmi session ${name}`, 'See pmi session --help.');
  const command = SUB_COMMANDS[name];
  const { names, flags } = splitNames(rest, name, command);
  if (flags.has(HELP_FLAG.name)) {
    world.out(formatHelp(helpOf(name, command)));
    return 0;
  }
  return command.run({ world, flags, names, dumps: dumpsOf(flags, world) });
};
