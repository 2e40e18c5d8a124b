import { MemoryInspectorError } from '../../../domain/errors.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import type { Command } from '../world.ts';

const KINDS = ['cron', 'systemd', 'systemd-user'] as const;
type ScheduleKind = (typeof KINDS)[number];

const HELP: CommandHelp = {
  usage: 'pmi schedule cron|systemd|systemd-user [--interval 1m] [--out DIR] [--install]',
  summary:
    'Prints what records this host for good: a crontab line, or a hardened unit file for systemd. It changes nothing;\n' +
    '--install writes the unit of a user, which takes no privileges, and says what to do next.',
  flags: [
    { name: 'interval', value: 'TIME', help: 'Time between samples. (default 1m for cron, 10s for systemd)' },
    {
      name: 'out',
      value: 'DIR',
      help: "Where dumps go. (default dumps/time here for cron, systemd's state folder else)",
    },
    { name: 'install', help: 'Write the unit file (systemd-user only).' },
  ],
  examples: [
    '(crontab -l; pmi schedule cron) | crontab -',
    'pmi schedule systemd | sudo tee /etc/systemd/system/pid-memory-inspector.service',
    'pmi schedule systemd-user --interval 30s --install',
  ],
};

function kindOf(name: string | undefined): ScheduleKind {
  const kind = KINDS.find((known) => known === name);
  if (kind) return kind;
  const what = name === undefined ? 'Say for whom' : `There is no schedule ${displayText(escapeText(name))}`;
  throw new MemoryInspectorError('bad_usage', `${what}: ${KINDS.join(', ')}`, {
    next: 'See pmi schedule --help.',
  });
}

export const scheduleCommand: Command = async (world, argv) => {
  const [first, ...rest] = argv;
  const isNamed = first !== undefined && !first.startsWith('-');
  const flags = parseFlags(isNamed ? rest : argv, HELP.flags, 'schedule');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const kind = kindOf(isNamed ? first : undefined);
  const request = { kind, interval: flags.text('interval') ?? null, out: flags.text('out') ?? null };
  if (!flags.has('install')) {
    world.out(await world.schedule(request));
    return 0;
  }
  if (kind !== 'systemd-user')
    throw new MemoryInspectorError('bad_usage', '--install writes units of a user only', {
      field: 'install',
      next: `Look at what pmi schedule ${kind} prints, and put it in place as its first lines say.`,
    });
  const path = await world.installUserUnit(await world.schedule(request));
  const unit = path.slice(path.lastIndexOf('/') + 1);
  world.out(
    `Wrote ${displayText(escapeText(path))}. Start it now and at each login:\n` +
      `  systemctl --user daemon-reload && systemctl --user enable --now ${unit}\n` +
      'and without a login, too:\n' +
      '  loginctl enable-linger\n',
  );
  return 0;
};
