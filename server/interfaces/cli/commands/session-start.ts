import type { SessionView } from '../../../application/view-sessions.ts';
import { sessionView } from '../../../application/view-sessions.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { Session, SessionPlan } from '../../../domain/session.ts';
import { plannedEnd, SESSION } from '../../../domain/session.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { formatBytes, formatDuration, parseDuration } from '../../../domain/units.ts';
import type { Flag, GivenFlags } from '../flags.ts';
import type { SessionCall } from '../session-call.ts';
import { openSources } from '../session-call.ts';
import { countSamples } from '../session-tables.ts';
import { cutLine, formatJson } from '../terminal-table.ts';
import type { SessionWatch, World } from '../world.ts';

/** `pmi session start`: records, and keeps saying how far it is. */

export const PLAN_FLAGS: readonly Flag[] = [
  {
    name: 'interval',
    value: 'D',
    help: 'Time between samples: 200ms, 1s, 5s.',
    default: `${SESSION.interval.default}s`,
  },
  {
    name: 'duration',
    value: 'D',
    help: 'For how long: 90s, 30m, 2h.',
    default: `${SESSION.duration.default / 60}m`,
  },
  { name: 'group', value: 'G', help: 'Watch group that is shown; the whole host is recorded.' },
  { name: 'label', value: 'TEXT', help: 'A few words for whoever looks at it later.' },
];

function secondsOf(flags: GivenFlags, name: string): number {
  const text = flags.text(name) ?? '';
  const ms = parseDuration(text);
  if (ms !== null) return ms / 1000;
  throw new MemoryInspectorError('bad_usage', `--${name}: ${text} is not a time`, {
    field: name,
    next: 'Write it as 500ms, 1s or 30m.',
  });
}

function planOf({ flags, names }: SessionCall): SessionPlan {
  return {
    name: names[0],
    label: flags.text('label') ?? null,
    group: flags.text('group') ?? null,
    interval_seconds: secondsOf(flags, 'interval'),
    duration_seconds: secondsOf(flags, 'duration'),
  };
}

const CLEAR_LINE = '\r\x1b[K';
const DRAW_EVERY_MS = 500;
/** In a pipe. */
const SAMPLES_A_LINE = 10;

/** What was recorded so far. */
interface Count {
  samples: number;
  last: number;
}

function progressText(
  { name, interval_seconds: interval }: SessionPlan,
  { samples, last }: Count,
  end: number,
): string {
  const now = Date.now();
  const next = Math.max(0, last + interval * 1000 - now) / 1000;
  const left = formatDuration(Math.ceil((end - now) / 1000));
  const time = formatInstant(last).slice('YYYY-MM-DDT'.length, -'.000Z'.length);
  return `${name}: ${countSamples(samples)}, last at ${time}Z, next in ${next.toFixed(1)} s, ${left} left`;
}

/** At a terminal one line that keeps up, in a pipe a line now and then. */
function openProgress(world: World, plan: SessionPlan) {
  const count: Count = { samples: 0, last: 0 };
  const isTerminal = world.columns !== null;
  /** Until the session is there, its end is only near. */
  let end = Date.now() + plan.duration_seconds * 1000;
  const text = () => progressText(plan, count, end);
  const draw = () => {
    if (count.samples > 0) world.err(CLEAR_LINE + cutLine(`${text()}; Ctrl-C ends it`, world.columns));
  };
  const timer = isTerminal ? setInterval(draw, DRAW_EVERY_MS) : undefined;
  const watch: SessionWatch = {
    onSample(t) {
      count.samples++;
      count.last = t;
      if (!isTerminal && count.samples % SAMPLES_A_LINE === 1) world.err(`${text()}\n`);
    },
    onWord: (line) => world.err(`${isTerminal ? CLEAR_LINE : ''}pmi: ${displayText(line)}\n`),
  };
  return {
    watch,
    begin(session: Session) {
      end = plannedEnd(session);
    },
    end() {
      clearInterval(timer);
      if (isTerminal) world.err(CLEAR_LINE);
    },
  };
}

function endText({
  name,
  state,
  samples,
  started,
  ended,
  peak_used_bytes: peak,
  bytes,
}: SessionView): string {
  const seconds = ended === null ? null : (Date.parse(ended) - Date.parse(started)) / 1000;
  const facts = `${countSamples(samples)} in ${formatDuration(seconds)}, ${formatBytes(bytes)} on disk`;
  return `${name}: ${state}; ${facts}; the host's peak was ${formatBytes(peak)} used. pmi session show ${name} tells more.\n`;
}

/** @returns 0 when it is over or was ended, 3 where the recorder failed */
export async function startSessionCommand(call: SessionCall): Promise<number> {
  const { world, flags } = call;
  const plan = planOf(call);
  const stopped = world.stopSignal();
  const progress = openProgress(world, plan);
  try {
    const { sessions } = await openSources(call, progress.watch);
    const started = await sessions.start(plan);
    progress.begin(started.session);
    void stopped.then(started.stop);
    const { state } = await started.ended;
    progress.end();
    const view = sessionView(await sessions.find(plan.name));
    world.out(flags.has('json') ? formatJson(view) : endText(view));
    return state === 'interrupted' ? 3 : 0;
  } finally {
    progress.end();
  }
}
