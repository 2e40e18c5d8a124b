import type { CommandHelp, Flag, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { SERVE_FLAGS, serveOptions } from '../serve-options.ts';
import { serveUntilStopped } from '../serve-until-stopped.ts';
import type { Command, RunningServer, World } from '../world.ts';
import { RETENTION_FLAGS } from './prune.ts';
import { requireFreePort } from './serve.ts';

/** The recorder's flags that `up` passes on; the recorder checks them. */
const RECORD_FLAGS: readonly Flag[] = [
  { name: 'interval', value: 'D', help: 'Time between samples: 500ms, 10s, 1m.', default: '10s' },
  { name: 'source', value: 'S', help: 'procfs or ps.', default: 'procfs' },
  { name: 'cmd-mode', value: 'M', help: 'Of commands: redacted, full, argv0, none.', default: 'redacted' },
  ...RETENTION_FLAGS,
];

const HELP: CommandHelp = {
  usage: 'pmi up [--interval 10s] [--dumps DIR] [--port N]',
  summary: 'Records this host into the folder of dumps and serves the web app over it, until Ctrl-C.',
  flags: [...RECORD_FLAGS, ...SERVE_FLAGS],
  examples: ['pmi up', 'pmi up --interval 1s --port 8080'],
};

function recorderArguments(flags: GivenFlags, dumps: string): string[] {
  const passed = RECORD_FLAGS.flatMap(({ name }) => {
    const value = flags.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  return ['--out', dumps, '--quiet', ...passed];
}

const FIRST_SAMPLE_MS = 10_000;

type Condition = () => boolean | Promise<boolean>;

/** Waits a little until something is there, or until a signal. */
async function waitFor(isThere: Condition, stopped: Promise<void>): Promise<void> {
  const end = Date.now() + FIRST_SAMPLE_MS;
  let isStopped = false;
  void stopped.then(() => {
    isStopped = true;
  });
  while (!isStopped && !(await isThere()) && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Whether the first page can show the first sample. */
async function hasSample({ ingest, history }: RunningServer): Promise<boolean> {
  await ingest.idle();
  return history.hosts().length > 0;
}

async function recordAndServe(world: World, flags: GivenFlags): Promise<number> {
  const options = serveOptions(flags, world);
  await requireFreePort(world, options);
  const stopped = world.stopSignal();
  const recorder = await world.openRecorder(recorderArguments(flags, options.dumps));
  try {
    await waitFor(() => world.folderExists(options.dumps), stopped);
    const server = await world.serve(options);
    await waitFor(() => hasSample(server), stopped);
    await serveUntilStopped(world, server);
  } finally {
    recorder.stop();
  }
  return recorder.done;
}

export const upCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'up');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  return recordAndServe(world, flags);
};
