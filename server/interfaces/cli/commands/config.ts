import type { AlertRuleConfig } from '../../../domain/alert-rule.ts';
import { alertRuleText } from '../../../domain/alert-text.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { readAlertRule } from '../../../domain/read-alert-rule.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import type { WatchedProcess, WatchGroup, WatchRule } from '../../../domain/watch-group.ts';
import { openWatchMatcher, WATCH_RULE_FIELDS } from '../../../domain/watch-group.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { CONFIG_FLAG } from '../serve-options.ts';
import { cutLine, formatJson } from '../terminal-table.ts';
import type { Command, ReadConfig, World } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi config check [FILE] [--json] | pmi config example',
  summary:
    'check: whether the configuration can be used, what it says, and which processes of this host each watch group has\n' +
    'now. Exit code 0: it can be used; 3: it cannot, told by file, line and column or field. example: a file to begin with.',
  flags: [CONFIG_FLAG, { name: 'json', help: 'JSON.' }],
  examples: [
    'pmi config check',
    'pmi config check ./watch.json --json',
    'pmi config example > ~/.config/pid-memory-inspector/config.json',
  ],
};

/** To begin with; docs/config.md has it, too. */
export const EXAMPLE_CONFIG = {
  watch_groups: [
    {
      name: 'desktop',
      members: [
        { name: 'Browser', rule: { exe: 'firefox' } },
        { name: 'Editor', rule: { pattern: 'code*--type=renderer', user: 'me' } },
      ],
    },
    {
      name: 'database',
      members: [{ name: 'Postgres', rule: { cgroup: '/system.slice/postgresql.service' } }],
    },
  ],
  alert_rules: [
    { name: 'Memory is running out', kind: 'mem_available', limit: '5%', for: '1m', severity: 'critical' },
    {
      name: 'Desktop over budget',
      kind: 'budget',
      watch: 'desktop',
      limit: '6GiB',
      clear: '5GiB',
      for: '5m',
    },
    { name: 'One huge process', kind: 'level', limit: '8GiB', for: '2m' },
  ],
} as const satisfies {
  readonly watch_groups: readonly WatchGroup[];
  readonly alert_rules: readonly AlertRuleConfig[];
};

const MOST_PROCESSES = 5;

interface MemberMatches {
  readonly name: string;
  readonly rule: WatchRule;
  readonly processes: readonly WatchedProcess[];
}

interface GroupMatches {
  readonly name: string;
  readonly regions: string | undefined;
  readonly members: readonly MemberMatches[];
  readonly ambiguous: readonly { readonly process: WatchedProcess; readonly members: readonly string[] }[];
}

function matchesOf(
  { name, members, regions }: WatchGroup,
  processes: readonly WatchedProcess[],
): GroupMatches {
  const { memberOf, ambiguous } = openWatchMatcher({ name, members })(processes);
  return {
    name,
    regions,
    members: members.map((member, at) => ({
      ...member,
      processes: processes.filter((_, row) => memberOf[row] === at),
    })),
    ambiguous: [...ambiguous].map(([row, matching]) => ({
      process: processes[row],
      members: matching.map((member) => members[member].name),
    })),
  };
}

function ruleText(rule: WatchRule): string {
  const given = WATCH_RULE_FIELDS.filter(({ id }) => rule[id] !== undefined);
  return given.map(({ id }) => `${id} ${rule[id]}`).join(', ');
}

function processText({ pid, cmd, comm }: WatchedProcess): string {
  return `${String(pid).padStart(7)}  ${cmd ? displayText(cmd) : `[${displayText(comm)}]`}`;
}

function listOf(lines: readonly string[], columns: number | null): string[] {
  const more = lines.length - MOST_PROCESSES;
  const shown = lines.slice(0, MOST_PROCESSES).map((line) => cutLine(`    ${line}`, columns));
  return more > 0 ? [...shown, `    and ${more} more`] : shown;
}

function countOf({ length }: readonly unknown[], one = 'process', many = 'processes'): string {
  return `${length} ${length === 1 ? one : many}`;
}

function groupLines({ name, regions, members, ambiguous }: GroupMatches, columns: number | null): string[] {
  const told = ambiguous.map(
    ({ process, members: names }) => `${processText(process)}  (${names.map(displayText).join(', ')})`,
  );
  return [
    regions === undefined ? name : `${name}: regions over time every ${regions}`,
    ...members.flatMap((member) => [
      `  ${displayText(member.name)} (${displayText(escapeText(ruleText(member.rule)))}): ${countOf(member.processes)}`,
      ...listOf(member.processes.map(processText), columns),
    ]),
    ...(told.length > 0
      ? [`  ${countOf(told)} of several members, counted for the first:`, ...listOf(told, columns)]
      : []),
  ];
}

function otherKeysText({ otherKeys }: ReadConfig): string[] {
  if (otherKeys.length === 0) return [];
  return [`Not known, kept as it is: ${otherKeys.map((key) => displayText(escapeText(key))).join(', ')}`];
}

/** Each rule in words; one about a group that is not there does nothing. */
function alertLines({ alertRules, groups }: ReadConfig): string[] {
  if (alertRules === null) return [];
  const names = groups?.map(({ name }) => name) ?? [];
  return [
    countOf(alertRules, 'rule of alerts', 'rules of alerts'),
    ...alertRules.map(readAlertRule).map((rule) => {
      const isLost = rule.watch !== null && !names.includes(rule.watch);
      const lost = isLost ? `: there is no watch group ${rule.watch}` : '';
      return `  ${rule.name} (${rule.severity}): ${alertRuleText(rule)}${lost}`;
    }),
  ];
}

async function check(world: World, asked: string | undefined, isJson: boolean): Promise<number> {
  const config = await world.readConfig(asked);
  const { file, groups, alertRules } = config;
  if (groups === null && asked !== undefined)
    throw new MemoryInspectorError('cannot_read', `There is no file ${file}`, { field: 'config' });
  const processes = await world.liveProcesses();
  const matches = (groups ?? []).map((group) => matchesOf(group, processes));
  if (isJson) {
    world.out(formatJson({ file, other_keys: config.otherKeys, groups: matches, alert_rules: alertRules }));
    return 0;
  }
  const head =
    groups === null
      ? `There is no ${file}: no watch groups.`
      : `${file}: ${countOf(groups, 'watch group', 'watch groups')}`;
  const lines = [
    head,
    ...otherKeysText(config),
    ...matches.flatMap((one) => groupLines(one, world.columns)),
    ...alertLines(config),
  ];
  world.out(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

/** Words before the first flag. */
function splitWords(argv: readonly string[]) {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = argv.slice(0, end < 0 ? argv.length : end);
  return { words, rest: argv.slice(words.length) };
}

export const configCommand: Command = async (world, argv) => {
  const { words, rest } = splitWords(argv);
  const flags = parseFlags(rest, HELP.flags, 'config');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const [what, file, ...more] = words;
  if (what === 'example' && words.length === 1) {
    world.out(formatJson(EXAMPLE_CONFIG));
    return 0;
  }
  if (what === 'check' && more.length === 0)
    return check(world, file ?? flags.text('config'), flags.has('json'));
  throw new MemoryInspectorError('bad_usage', 'Say check or example', { next: 'See pmi config --help.' });
};
