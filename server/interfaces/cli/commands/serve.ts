import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { IDLE_EXIT, SERVE_FLAGS, serveOptions } from '../serve-options.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import type { Command, World } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi serve [--dumps DIR] [--port N] [--host H] [--tz ZONE]',
  summary: 'Serves the web app over a folder of dumps, and takes new dumps in while it runs.',
  flags: [...SERVE_FLAGS, IDLE_EXIT],
  examples: [
    'pmi serve                                     the recording of this host',
    'pmi serve --dumps ~/from-web-1 --tz UTC       dumps copied from elsewhere',
    'pmi serve --host 0.0.0.0 --allow-host web-1 --token-file /etc/pmi/token',
    'pmi serve --public-origin https://mem.example.com --token-file /etc/pmi/token   behind a TLS proxy',
  ],
};

/** @throws `cannot_read` */
export function requireFolder(world: World, dumps: string): void {
  if (world.folderExists(dumps)) return;
  throw new MemoryInspectorError('cannot_read', `There is no folder ${dumps}`, {
    field: 'dumps',
    next: 'Start recording with `pmi up` or `pmi collect`, or name another folder with --dumps.',
  });
}

export const serveCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'serve');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const options = serveOptions(flags, world);
  requireFolder(world, options.dumps);
  await serveUntilStopped(world, await world.serve(options));
  return 0;
};
