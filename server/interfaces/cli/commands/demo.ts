import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { SERVE_FLAGS, serveOptions } from '../serve-options.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import type { Command } from '../world.ts';
import { requireFreePort } from './serve.ts';

const DEMO_DUMPS = 'dumps/demo';

const HELP: CommandHelp = {
  usage: 'pmi demo [--port N]',
  summary:
    'Serves a generated recording of three days: a leak, a nightly batch job, an OOM kill, a gap and a reboot.',
  flags: SERVE_FLAGS.map((flag) =>
    flag.name === 'dumps' ? { ...flag, help: `Where the recording is kept; default ${DEMO_DUMPS}.` } : flag,
  ),
  examples: ['pmi demo', 'pmi demo --port 8080'],
};

export const demoCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'demo');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const dumps = flags.text('dumps') ?? DEMO_DUMPS;
  const options = { ...serveOptions(flags, world), dumps };
  await requireFreePort(world, options);
  if (!world.folderExists(dumps)) {
    world.err(`pmi: generating three days of a host that does not exist into ${dumps} …\n`);
    await world.generateDemo(dumps);
  }
  await serveUntilStopped(world, await world.serve(options));
  return 0;
};
