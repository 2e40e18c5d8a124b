import { MemoryInspectorError } from '../../../domain/errors.ts';
import { originOf } from '../ask-server.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { IDLE_EXIT, SERVE_FLAGS, serveOptions } from '../serve-options.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import type { Command, ServeOptions, World } from '../world.ts';

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

/** Addresses at which a server of this host that answers at 127.0.0.1 is in the way. */
const COMMON_HOSTS = ['127.0.0.1', 'localhost', '0.0.0.0', '::'];

/** Who starts a second server looks for the first one. @throws `port_in_use` with where it is */
export async function requireFreePort(world: World, { host, port }: ServeOptions): Promise<void> {
  if (port === 0 || !COMMON_HOSTS.includes(host)) return;
  const found = await world.askServer(port);
  if (found.kind !== 'ours') return;
  throw new MemoryInspectorError('port_in_use', `A server is there already: ${originOf(port)}/api/v1/`, {
    field: 'port',
    next: `pmi open --port ${port} opens it; --port N starts another one beside it.`,
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
  await requireFreePort(world, options);
  await serveUntilStopped(world, await world.serve(options));
  return 0;
};
