import { MemoryInspectorError } from '../../../domain/errors.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { PORT_FLAG, portOf } from '../serve-options.ts';
import type { UserUnit } from '../service-world.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command, World } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi service install|remove|status [--interval 10s] [--dumps DIR] [--port N]',
  summary:
    'Records and serves for good, as two services of this user, without privileges: writes their unit files and starts\n' +
    'them, at each login too; remove stops them and takes the files away. Dumps stay. status: exit code 0 where both run.',
  flags: [
    { name: 'interval', value: 'TIME', help: 'Time between samples.', default: '10s' },
    { name: 'dumps', value: 'DIR', help: "Where dumps go. (default systemd's state folder of this user)" },
    PORT_FLAG,
    { name: 'no-start', help: 'Only write the unit files.' },
    { name: 'json', help: 'status as JSON.' },
  ],
  examples: [
    'pmi service install',
    'pmi service status || pmi service install --port 8080',
    'pmi service remove',
  ],
};

const WITHOUT_LOGIN = 'Without a login, too: loginctl enable-linger\n';

function shown(text: string): string {
  return displayText(escapeText(text));
}

function byHand(commands: readonly string[]): string {
  return commands.map((command) => `  systemctl --user ${command}\n`).join('');
}

/** One after the other, until one fails. @returns what went wrong, or `null` */
async function runAll(world: World, commands: readonly string[]): Promise<string | null> {
  for (const command of commands) {
    const answer = await world.systemctl(command.split(' '));
    if (answer === null) return 'there is no systemctl on this host';
    if (!answer.isDone) return answer.text || `systemctl --user ${command} failed`;
  }
  return null;
}

function unitNames(units: readonly UserUnit[]): string {
  return units.map(({ file }) => file).join(' ');
}

async function install(world: World, flags: GivenFlags): Promise<number> {
  const port = portOf(flags);
  if (port === 0)
    throw new MemoryInspectorError('bad_usage', '--port: a service needs a port that stays', {
      field: 'port',
      next: 'Such as --port 8000.',
    });
  const request = { interval: flags.text('interval') ?? null, dumps: flags.text('dumps') ?? null, port };
  const units = await world.installService(request);
  for (const { path } of units) world.out(`Wrote ${shown(path)}\n`);
  const commands = ['daemon-reload', `enable --now ${unitNames(units)}`];
  const trouble = flags.has('no-start') ? null : await runAll(world, commands);
  if (trouble !== null) world.err(`pmi service: not started: ${shown(trouble)}\n`);
  if (trouble !== null || flags.has('no-start')) {
    world.out(`Start them now and at each login:\n${byHand(commands)}`);
    return trouble === null ? 0 : 1;
  }
  world.out(`Recording, and serving at http://127.0.0.1:${port}/api/v1/\n${WITHOUT_LOGIN}`);
  return 0;
}

/** The files go also where the manager cannot be asked: then nothing of them runs by it. */
async function remove(world: World): Promise<number> {
  const there = (await world.serviceUnits()).filter(({ isThere }) => isThere);
  if (there.length === 0) {
    world.out('There are no services of this user to remove.\n');
    return 0;
  }
  const trouble = await runAll(world, [`disable --now ${unitNames(there)}`]);
  for (const unit of there) {
    await world.removeUnit(unit);
    world.out(`Removed ${shown(unit.path)}\n`);
  }
  if (trouble === null) await runAll(world, ['daemon-reload']);
  else world.err(`pmi service: they could not be stopped: ${shown(trouble)}\n`);
  return trouble === null ? 0 : 1;
}

interface UnitState {
  readonly unit: string;
  readonly installed: boolean;
  /** As systemd says: active, inactive, failed …; `null`: it cannot be asked. */
  readonly state: string | null;
}

async function stateOf(world: World, { file, isThere }: UserUnit): Promise<UnitState> {
  const answer = isThere ? await world.systemctl(['is-active', file]) : null;
  const word = answer?.text.split(' ')[0] ?? '';
  return { unit: file, installed: isThere, state: /^[a-z]+$/.test(word) ? word : null };
}

function stateText({ installed, state }: UnitState): string {
  if (!installed) return 'not installed';
  return state ?? 'installed; the service manager cannot be asked';
}

async function tellStatus(world: World, flags: GivenFlags): Promise<number> {
  const units = await world.serviceUnits();
  const states = await Promise.all(units.map((unit) => stateOf(world, unit)));
  world.out(
    flags.has('json')
      ? formatJson({ units: states })
      : states.map((state) => `${state.unit.padEnd(38)} ${stateText(state)}\n`).join(''),
  );
  return states.every(({ state }) => state === 'active') ? 0 : 1;
}

export const serviceCommand: Command = async (world, argv) => {
  const [first, ...rest] = argv;
  const isNamed = first !== undefined && !first.startsWith('-');
  const flags = parseFlags(isNamed ? rest : argv, HELP.flags, 'service');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  if (first === 'install') return install(world, flags);
  if (first === 'remove') return remove(world);
  if (first === 'status') return tellStatus(world, flags);
  throw new MemoryInspectorError('bad_usage', 'Say what to do: install, remove or status', {
    next: 'See pmi service --help.',
  });
};
