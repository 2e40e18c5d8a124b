import { HOUR_MS } from '../../../domain/durations.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { parseDuration } from '../../../domain/units.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { choice, numberFlag, WATCH_FLAGS, watchGroupsOf, watchOf } from '../row-flags.ts';
import { zoneOf } from '../serve-options.ts';
import { TOP_FIGURES } from '../top/frame.ts';
import { TOP_KEYS } from '../top/help.ts';
import { printFrames, showTop } from '../top/run.ts';
import { hasScreen } from '../top/screen.ts';
import { FIRST_STATE } from '../top/state.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi top [--interval 1s] [--sort subtree|rss|pss|swap] [--q TEXT] [--count N | --once]',
  summary: [
    'The processes of this host now, as a tree, the heaviest subtree first. In a pipe, or with --count or --once, each',
    'frame is plain text, lines whole. NO_COLOR and TERM=dumb are honoured. Keys:',
    ...TOP_KEYS.map(([keys, meaning]) => `  ${keys.padEnd(9)} ${meaning}`),
  ].join('\n'),
  flags: [
    { name: 'interval', value: 'TIME', help: 'Time between samples, 200ms … 1h.', default: '1s' },
    { name: 'sort', value: TOP_FIGURES.join('|'), help: 'subtree: a tree; else a list.', default: 'subtree' },
    { name: 'q', value: 'TEXT', help: 'Only what holds this in its command, user or PID.' },
    ...WATCH_FLAGS,
    { name: 'count', value: 'N', help: 'Print so many frames. (default 1 in a pipe)' },
    { name: 'once', help: 'Print one frame.' },
    { name: 'tz', value: 'ZONE', help: "Zone of the clock; default this host's." },
  ],
  examples: ['pmi top', 'pmi top --sort pss --q postgres', 'pmi top --count 60 --interval 10s > top.txt'],
};

const SHORTEST_MS = 200;
const LONGEST_MS = HOUR_MS;
/** On a screen some processes a read, those that waited longest first; text is read once and shall have more. */
const PSS_BUDGET_MS = { screen: 5, text: 50 };
/** @returns ms @throws `bad_usage` */
export function intervalOf(flags: GivenFlags): number {
  const text = flags.text('interval') ?? '';
  const ms = parseDuration(text);
  if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new MemoryInspectorError('bad_usage', `--interval: ${text} is not a time of 200ms to 1h`, {
    field: 'interval',
    next: 'Write it as 500ms, 1s or 10s.',
  });
}

function countOf(flags: GivenFlags): number | null {
  const count = flags.has('once') ? 1 : numberFlag(flags, 'count', 1, 1e9);
  if (count !== undefined) return Math.floor(count);
  return hasScreen() ? null : 1;
}

export const topCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'top');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const count = countOf(flags);
  const group = (await watchOf(world, flags))?.name ?? null;
  const groups = await watchGroupsOf(world, flags);
  const sampler = await world.openLiveSampler(count === null ? PSS_BUDGET_MS.screen : PSS_BUDGET_MS.text);
  const run = {
    look: { zone: zoneOf(flags), intervalSeconds: intervalOf(flags) / 1000 },
    first: { ...FIRST_STATE, sort: choice(flags, 'sort', TOP_FIGURES), filter: flags.text('q') ?? '', group },
    groups,
    sampler,
    stopped: world.stopSignal(),
  };
  try {
    if (count === null) await showTop(run, !world.env.NO_COLOR);
    else await printFrames(run, count, world.out);
  } finally {
    sampler.close();
  }
  return 0;
};
