import { MemoryInspectorError } from '../../../domain/errors.ts';
import { garbageText } from '../../../domain/own-memory.ts';
import { foreignServer } from '../ask-server.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { knownPortOf, PORT_FLAG } from '../serve-options.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi gc [--port N] [--json]',
  summary:
    'Collects the garbage of the server that answers at the port of this host, and tells what that frees of its own\n' +
    'memory. It does so by itself when nobody asks for anything for a while. Of other processes nothing can be collected\n' +
    'from outside: only a program itself knows what it no longer needs. Some do it when they are told: jcmd PID GC.run.',
  flags: [PORT_FLAG, { name: 'json', help: 'JSON.' }],
  examples: ['pmi gc', 'pmi gc --port 8080 --json'],
};

export const gcCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'gc');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const port = knownPortOf(flags);
  const found = await world.collectServerGarbage(port);
  if (found.kind === 'foreign') throw foreignServer(port);
  if (found.kind === 'none') {
    world.err(`pmi: no server answers at port ${port}: there is nothing to collect\n`);
    return 1;
  }
  if (found.garbage === null)
    throw new MemoryInspectorError('token_missing', `The server at port ${port} wants a token`, {
      field: 'port',
      next: 'POST /api/v1/self/gc with it, or the button on its status page.',
    });
  world.out(flags.has('json') ? formatJson(found.garbage) : `${garbageText(found.garbage)}\n`);
  return 0;
};
