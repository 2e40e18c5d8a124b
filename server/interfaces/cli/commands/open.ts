import { spawn } from 'node:child_process';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import { foreignServer, originOf } from '../ask-server.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { DUMPS_FLAG, dumpsOf, knownPortOf, PORT_FLAG } from '../serve-options.ts';
import type { Command, World } from '../world.ts';
import { requireFolder } from './serve.ts';

const PAGES: Readonly<Record<string, string>> = {
  overview: '/api/v1/',
  snapshot: '/api/v1/snapshot',
  live: '/live',
  system: '/system',
  watch: '/watch',
  alerts: '/alerts',
  status: '/api/v1/status',
};

const HELP: CommandHelp = {
  usage: `pmi open [${Object.keys(PAGES).join('|')}] [--dumps DIR] [--port N] [--no-browser]`,
  summary:
    'Prints the URL of a page, and opens it where there is a display. Where no server answers at the port, one is started\n' +
    'that keeps running; its log is in $XDG_STATE_HOME/pid-memory-inspector, and `pmi status` tells how it is.',
  flags: [DUMPS_FLAG, PORT_FLAG, { name: 'no-browser', help: 'Only print the URL.' }],
  examples: ['pmi open live', 'pmi open system --port 8080 --no-browser'],
};

function pageOf(name: string | undefined): string {
  const page = name === undefined ? PAGES.overview : Object.hasOwn(PAGES, name) && PAGES[name];
  if (page) return page;
  throw new MemoryInspectorError('bad_usage', `There is no page ${displayText(escapeText(name ?? ''))}`, {
    next: `One of ${Object.keys(PAGES).join(', ')}.`,
  });
}

async function ensureServer(world: World, port: number, dumps: string): Promise<void> {
  const found = await world.askServer(port);
  if (found.kind === 'ours') return;
  if (found.kind === 'foreign') throw foreignServer(port);
  requireFolder(world, dumps);
  const log = await world.startServer({ port, dumps });
  world.err(`pmi: started a server at port ${port}; its log is ${displayText(escapeText(log))}\n`);
}

/** A browser that cannot be started is no failure: the URL has been printed. */
function openBrowser(url: string, { env }: World): void {
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const child = spawn('xdg-open', [url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

export const openCommand: Command = async (world, argv) => {
  const [first, ...rest] = argv;
  const isNamed = first !== undefined && !first.startsWith('-');
  const flags = parseFlags(isNamed ? rest : argv, HELP.flags, 'open');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const page = pageOf(isNamed ? first : undefined);
  const port = knownPortOf(flags);
  await ensureServer(world, port, dumpsOf(flags, world));
  const url = originOf(port) + page;
  world.out(`${url}\n`);
  if (!flags.has('no-browser')) openBrowser(url, world);
  return 0;
};
